/** The timeline of a report as a picture: a lane an activity, its tasks as bars, or how many ran where there are too many to tell apart. */
import type { Params, Result } from '#contract/methods'
import type { Scope } from '#contract/values'
import { timelineBars } from '../../timeline/bars.ts'
import { timelineLanes } from '../../timeline/lanes.ts'
import type { SourceTable } from '../../table/sourceTable.ts'
import { html, type Html } from '../html.ts'
import { counted, named, number, secondsText, shortened, timeText } from './reportText.ts'

type Drawn = Result<'timeline.bars'>['lanes'][number]
export type ReportTimeline = { readonly lanes: Result<'timeline.lanes'>; readonly drawn: readonly Drawn[]; readonly from: number; readonly to: number }

const [mostLanes, mostLevels, mostBars] = [40, 8, 600]
const [labelWidth, chartWidth, levelHeight, foldedHeight, gap, axisHeight] = [190, 880, 9, 30, 8, 22]

/** Null where no task has a time. */
export async function reportTimeline(table: SourceTable, asked: { sourceId: string; scope: Scope }, signal: AbortSignal): Promise<ReportTimeline | null> {
  const laned = { ...asked, by: 'activity', within: null } as const
  const lanes = await timelineLanes(table, { ...laned, parent: null, sort: 'start', offset: 0, limit: mostLanes }, signal)
  if (lanes.from === null || lanes.to === null || lanes.lanes.length === 0) return null
  const [from, to] = [lanes.from, Math.max(lanes.to, lanes.from + 1e-6)]
  const ask = async (wanted: Params<'timeline.bars'>['lanes']): Promise<Drawn[]> =>
    wanted.length === 0 ? [] : (await timelineBars(table, { ...laned, lanes: wanted, from, to, pixels: chartWidth, openTo: null, mostLevels }, signal)).lanes
  const drawn = await ask(lanes.lanes.map(({ key }) => ({ key, folded: false })))
  // Bars that are too many to be seen are many bytes of a page.
  const crowded = await ask(drawn.filter(({ bars }) => (bars?.id.length ?? 0) > mostBars).map(({ key }) => ({ key, folded: true })))
  const folded = new Map(crowded.map((lane) => [lane.key, lane]))
  return { lanes, drawn: drawn.map((lane) => folded.get(lane.key) ?? lane), from, to }
}

export function timelineHtml({ drawn, from, lanes, to }: ReportTimeline): Html {
  const scale = chartWidth / (to - from)
  const shown = new Map(drawn.map((lane) => [lane.key, lane]))
  let top = axisHeight
  const rows = lanes.lanes.map((lane) => {
    const one = shown.get(lane.key)
    const height = one?.bars ? Math.max(2, one.levels) * levelHeight : foldedHeight
    const row = html`<g transform="translate(0 ${top})"><text x="0" y="11"><title>${named(lane.name)}</title>${shortened(named(lane.name), 28)}</text><text class="dim" x="0" y="26">${number(lane.tasks)} · p50 ${secondsText(lane.p50)}</text><g transform="translate(${labelWidth} 0)"><line class="rule" x1="0" x2="${chartWidth}" y1="${Math.max(height, foldedHeight) + gap / 2}" y2="${Math.max(height, foldedHeight) + gap / 2}"/>${one ? laneBody(one, { from, scale, height }) : null}</g></g>`
    top += Math.max(height, foldedHeight) + gap
    return row
  })
  const foldedLanes = drawn.filter(({ bars }) => bars === null).length
  const left = lanes.total - lanes.lanes.length
  const untimed = lanes.tasks - lanes.timed
  return html`<svg role="img" aria-label="Timeline of ${counted(lanes.tasks, 'task')} from ${timeText(from)} to ${timeText(to)}" viewBox="0 0 ${labelWidth + chartWidth} ${top}" width="${labelWidth + chartWidth}" height="${top}">${axis(from, to, top)}${rows}</svg>
<p class="note">From ${timeText(from)} on, ${secondsText(to - from)}. ${foldedLanes > 0 ? `In ${counted(foldedLanes, 'lane')} there are too many tasks to be drawn one by one: the height is how many ran at once. ` : ''}Tasks nearer than a pixel are one bar. ${left > 0 ? `${counted(left, 'more activity is', 'more activities are')} not drawn. ` : ''}${untimed > 0 ? `${counted(untimed, 'task has', 'tasks have')} no time to be drawn by.` : ''}</p>`
}

type Place = { readonly from: number; readonly scale: number; readonly height: number }

function laneBody({ bars, bins }: Drawn, { from, height, scale }: Place): readonly Html[] {
  const round = (value: number): number => Math.round(value * 10) / 10
  if (bars) {
    return bars.start.map((start, at) => {
      const end = bars.end[at] ?? start
      const x = round((start - from) * scale)
      const count = bars.count[at] ?? 1
      const status = bars.status[at] ?? 'UNKNOWN'
      return html`<rect class="b-${status}" x="${x}" y="${3 + (bars.level[at] ?? 0) * levelHeight}" width="${Math.max(1, round((end - start) * scale))}" height="${levelHeight - 2}"><title>${count > 1 ? counted(count, 'task') : (bars.id[at] ?? '')} · ${status} · ${secondsText(bars.end[at] === null ? null : end - start)}</title></rect>`
    })
  }
  if (!bins || bins.peak === 0) return []
  const width = bins.binSeconds * scale
  const points = bins.running.flatMap((running, at) => {
    const [x, y] = [round((bins.from - from) * scale + at * width), round(height - (height * running) / bins.peak)]
    return [`${x},${y}`, `${round(x + width)},${y}`]
  })
  const first = round((bins.from - from) * scale)
  const marks = bins.errors.flatMap((errors, at) => (errors > 0 ? [html`<rect class="b-ERROR" x="${round(first + at * width)}" y="${height - 3}" width="${Math.max(1, round(width))}" height="3"><title>${counted(errors, 'error')}</title></rect>`] : []))
  return [html`<polygon class="area" points="${first},${height} ${points.join(' ')} ${round(first + bins.running.length * width)},${height}"><title>At most ${number(bins.peak)} at once</title></polygon>`, ...marks]
}

function axis(from: number, to: number, height: number): readonly Html[] {
  const isLong = to - from > 86_400
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const iso = new Date((from + share * (to - from)) * 1000).toISOString()
    const label = isLong ? iso.slice(5, 16).replace('T', ' ') : to - from < 10 ? iso.slice(11, 23) : iso.slice(11, 19)
    const x = labelWidth + share * chartWidth
    return html`<line class="rule" x1="${x}" x2="${x}" y1="${axisHeight - 6}" y2="${height}"/><text class="dim" x="${x}" y="11" text-anchor="${share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}">${label}</text>`
  })
}
