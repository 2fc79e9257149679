/** What the engine said of the lanes in sight and of the concurrency: asked again when the window leaves it, its scale no longer fits, or it may be old. */
import type { LaneBy } from '#contract/timeline'
import type { CallError } from '#contract/reply'
import type { Scope } from '#contract/values'
import { Asker, type Wanted } from './Asker.ts'
import type { Curve } from './drawHead.ts'
import { type Row, mostLevels } from './laneRows.ts'
import { type LaneShape, goingOn, shapeBars, shapeBins } from './laneShapes.ts'
import type { Span, TimeWindow } from './TimeWindow.ts'

/** What is asked about; `version` changes whenever an answer could. */
export type Question = { sourceId: string; scope: Scope; by: LaneBy; within: LaneBy | null; version: string; /** Between two askings because of new versions. */ restMs: (tookMs: number) => number }
/** What is to be seen now. */
export type Sought = { question: Question; window: TimeWindow; whole: Span; rows: readonly Row[]; /** Until when open ends are drawn, of a run that goes on. */ openTo: number | null; wantsFolded: (row: Row) => boolean }

const mostLanesAsked = 400
const mostKept = 1000
/** How far beyond the window is asked for, as a share of it: so that panning finds something. */
const beyond = 0.6
const mostPixels = 10_000
const mostPoints = 4000
/** Finer pictures of screens with many pixels are asked for, within reason. */
const density = (): number => Math.min(2, devicePixelRatio)

export class Answers {
  readonly shapes = new Map<string, LaneShape>()
  curve: (Curve & { version: string; span: Span }) | null = null
  private readonly bars: Asker<'timeline.bars'>
  private readonly concurrency: Asker<'timeline.concurrency'>

  /** @param onTaken something new can be drawn */
  constructor(
    private readonly sought: () => Sought | null,
    private readonly onTaken: () => void,
    onState: () => void
  ) {
    this.bars = new Asker('timeline.bars', () => this.wantedBars(), onState)
    this.concurrency = new Asker('timeline.concurrency', () => this.wantedCurve(), onState)
  }

  get busy(): boolean {
    return this.bars.busy || this.concurrency.busy
  }
  get error(): CallError | null {
    return this.bars.error ?? this.concurrency.error
  }

  check(restMs = 0): void {
    this.bars.check(restMs)
    this.concurrency.check(restMs)
  }

  retry(): void {
    this.bars.retry()
    this.concurrency.retry()
  }

  /** What failed before may succeed now. */
  forgive(): void {
    this.bars.error = null
    this.concurrency.error = null
  }

  stop(): void {
    this.bars.reset()
    this.concurrency.reset()
  }

  clear(): void {
    this.stop()
    this.shapes.clear()
    this.curve = null
  }

  private wantedBars(): Wanted<'timeline.bars'> | null {
    const sought = this.sought()
    if (!sought) return null
    const { question, window, rows, openTo } = sought
    const states = rows.map((row) => this.stateOf(row, sought))
    const wanted = rows.filter((_, index) => states[index] !== 'fresh').slice(0, mostLanesAsked).map((row) => ({ key: row.key, folded: sought.wantsFolded(row) }))
    if (wanted.length === 0) return null
    const span = around(window)
    const pixels = Math.min(mostPixels, Math.max(10, Math.round(window.widthPx * (1 + 2 * beyond) * density())))
    return {
      params: { sourceId: question.sourceId, scope: question.scope, by: question.by, within: question.within, lanes: wanted, ...span, pixels, mostLevels, openTo },
      inMs: states.includes('missing') ? 0 : staleInMs(this.bars, question),
      take: (answer) => {
        const answers = new Map(answer.lanes.map((lane) => [lane.key, lane]))
        for (const { key, folded } of wanted) {
          // One that is no more is left out: it is known to have nothing.
          const lane = answers.get(key)
          // Moved to the end: the oldest stand first.
          this.shapes.delete(key)
          this.shapes.set(key, { key, span, pxPerSecond: pixels / (span.to - span.from), askedFolded: folded, version: question.version, bars: lane?.bars ? shapeBars(lane.bars, Math.max(1, lane.levels)) : null, bins: lane?.bins ? shapeBins(lane.bins, openTo) : null })
        }
        this.letGo(new Set(answers.keys()))
        this.onTaken()
      }
    }
  }

  /** Of very many lanes those that were asked for longest ago are asked for again when they come into sight. */
  private letGo(fresh: ReadonlySet<string>): void {
    for (const key of this.shapes.keys()) {
      if (this.shapes.size <= mostKept) return
      if (!fresh.has(key)) this.shapes.delete(key)
    }
  }

  /** Whether what is known of a lane can be shown at this scale; `stale`: it can, but may be old. */
  private stateOf(row: Row, { question, window, whole, wantsFolded }: Sought): 'fresh' | 'stale' | 'missing' {
    const shape = this.shapes.get(row.key)
    if (!shape || shape.askedFolded !== wantsFolded(row) || !covers(shape.span, window, whole)) return 'missing'
    const isExact = shape.bars !== null && !shape.bars.count.some((n) => n > 1)
    const scale = shape.pxPerSecond / density() / window.pxPerSecond
    if (scale > 4 || (scale < 0.8 && !isExact)) return 'missing'
    return shape.version === question.version ? 'fresh' : 'stale'
  }

  private wantedCurve(): Wanted<'timeline.concurrency'> | null {
    const sought = this.sought()
    if (!sought) return null
    const { curve } = this
    const { question, window, whole, openTo } = sought
    const scale = curve === null ? 0 : 1 / (curve.binSeconds * window.pxPerSecond)
    const isUsable = curve !== null && covers(curve.span, window, whole) && scale >= 0.4 && scale <= 4
    if (isUsable && curve.version === question.version) return null
    const span = around(window)
    const points = Math.min(mostPoints, Math.max(2, Math.round(window.widthPx * (1 + 2 * beyond))))
    return {
      params: { sourceId: question.sourceId, scope: question.scope, ...span, points, openTo },
      inMs: isUsable ? staleInMs(this.concurrency, question) : 0,
      take: (answer) => {
        const on = (values: readonly number[]): number[] => [...goingOn(values, span.from, answer.binSeconds, openTo)]
        this.curve = { ...answer, mean: on(answer.mean), most: on(answer.most), from: span.from, span, version: question.version }
        this.onTaken()
      }
    }
  }
}

const around = ({ from, to }: Span): Span => ({ from: from - (to - from) * beyond, to: to + (to - from) * beyond })

/** What lies outside of the whole need not be known. */
const covers = (span: Span, window: Span, whole: Span): boolean => span.from <= Math.max(window.from, whole.from) && span.to >= Math.min(window.to, whole.to)

const staleInMs = ({ askedAt, tookMs }: { askedAt: number; tookMs: number }, { restMs }: Question): number => Math.max(0, askedAt + tookMs + restMs(tookMs) - performance.now())
