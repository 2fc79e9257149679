/** What is drawn of some lanes between two moments: bars, or of folded lanes how many tasks ran. */
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { SourceTable } from '../table/sourceTable.ts'
import { type LaneIndex, laneIndex, type LaneTasks } from './laneIndex.ts'
import { latestKnown } from './latestKnown.ts'
import { type MergedBars, mergeBars, named, type Seen } from './mergeBars.ts'
import { runningBins, type RunSpans, spansOf } from './runningBins.ts'
import { taskIds } from './taskIds.ts'
import { statusCode, type TaskTimes } from './taskTimes.ts'

type Drawn = Result<'timeline.bars'>['lanes'][number]
/** What a histogram needs to be read as a curve. */
const pixelsPerBin = 2

/** Lanes that are no more are left out. */
export async function timelineBars(table: SourceTable, params: Params<'timeline.bars'>, signal: AbortSignal): Promise<Result<'timeline.bars'>> {
  if (!(params.to > params.from)) throw new Refusal('bad-request', 'What is seen ends after it begins.')
  const [index, knownTo] = await Promise.all([laneIndex(table, params, signal), latestKnown(table, params.sourceId, signal)])
  const seen = { from: params.from, to: params.to, pixels: params.pixels, openTo: Math.max(knownTo ?? -Infinity, params.openTo ?? -Infinity) }
  const lanes = params.lanes.flatMap(({ key, folded }) => {
    const lane = laneWith(index, key)
    return lane === undefined ? [] : [drawn(lane, { index, seen, folded: folded || lane.levelAt.length - 1 > params.mostLevels })]
  })
  const idOf = await taskIds(table, index.times, aloneIn(lanes), signal)
  return { revision: table.revision, lanes: lanes.map(({ bars, ...lane }) => ({ ...lane, bars: bars && named(bars, idOf) })) }
}

type Merged = Omit<Drawn, 'bars'> & { bars: MergedBars | null }

function drawn(lane: LaneTasks, { index: { times }, seen, folded }: { index: LaneIndex; seen: Seen; folded: boolean }): Merged {
  const own = { key: lane.key, levels: lane.levelAt.length - 1 }
  return folded ? { ...own, bars: null, bins: binsOf(lane, times, seen) } : { ...own, bars: mergeBars(lane, times, seen), bins: null }
}

function* aloneIn(lanes: readonly Merged[]): Generator<number> {
  for (const { bars } of lanes) for (const task of bars?.task ?? []) if (task >= 0) yield task
}

const laneWith = (index: LaneIndex, key: string): LaneTasks | undefined => index.outer.lanes.get(key) ?? index.inner()?.lanes.get(key)

const spans = new WeakMap<LaneTasks, { spans: RunSpans; errors: Float64Array }>()

function binsOf(lane: LaneTasks, times: TaskTimes, { from, to, pixels, openTo }: Seen): NonNullable<Drawn['bins']> {
  const bins = Math.max(1, Math.ceil(pixels / pixelsPerBin))
  const binSeconds = (to - from) / bins
  const own = spans.get(lane) ?? { spans: spansOf(lane.byStart, times), errors: errorsOf(lane, times) }
  spans.set(lane, own)
  const { mean, most } = runningBins(own.spans, { from, binSeconds, bins, openTo })
  const errors = new Int32Array(bins)
  for (const moment of own.errors) if (moment >= from && moment <= to) errors[Math.min(bins - 1, Math.floor((moment - from) / binSeconds))]!++
  return { from, binSeconds, running: Array.from(mean), errors: Array.from(errors), peak: most.reduce((peak, count) => Math.max(peak, count), 0) }
}

/** When errors came: at the end of their tasks, or at the start where that was not seen. */
function errorsOf({ byStart }: LaneTasks, { status, until }: TaskTimes): Float64Array {
  return Float64Array.from(byStart.filter((task) => status[task] === statusCode.ERROR), (task) => until[task] as number)
}
