/**
 * The drawing as a whole, outside of React: what is known, what is in sight, and one picture a frame when something changed.
 * Components read `view` (through `subscribe`) and tell it what the engine answered; pointer and keys move its window.
 */
import type { Gap } from '#contract/live'
import type { LaneBy } from '#contract/timeline'
import type { CallError } from '#contract/reply'
import type { Scope } from '#contract/values'
import { counted } from '../../parts/format.ts'
import type { Zone } from '../../state/appearance.ts'
import { Asker, type Wanted } from './Asker.ts'
import { drawBars } from './drawBars.ts'
import { drawBins } from './drawBins.ts'
import { drawEdge, drawGaps, drawGrid, drawRange } from './drawGround.ts'
import { type Curve, axisPx, curvePx, drawAxis, drawCurve, drawScale, eventsPx, peakOf } from './drawHead.ts'
import { type Spot, type Step, drawPath, drawRing } from './drawPath.ts'
import { type Frame, begin } from './Frame.ts'
import { type Inks, readInks } from './inks.ts'
import { type LaneList, type Row, type RowChoices, type Rows, barTop, isFolded, laneRows, mostLevels, rowAt } from './laneRows.ts'
import { type LaneShape, indexOfTask, shapeBars, shapeBins } from './laneShapes.ts'
import { type Place, PlaceBook } from './PlaceBook.ts'
import { type Mode, type Span, TimeWindow } from './TimeWindow.ts'
import { tickLabel, tickStep, timeTicks } from './timeTicks.ts'

/** What is asked about; `version` changes whenever an answer could. */
export type Question = { sourceId: string; scope: Scope; by: LaneBy; within: LaneBy | null; version: string; /** Between two askings because of new versions. */ restMs: (tookMs: number) => number }
export type Known = {
  whole: Span
  /** Until when open ends are drawn, of a run that does not go on. */
  knownTo: number
  /** Tasks without an end go on: the source is watched, and shown as of now. */
  open: boolean
  /** Since when nothing new is shown although the clock goes on. */
  frozenAt: number | null
  /** The moment as of which everything is shown. */
  moment: number | null
  gaps: readonly Gap[]
  hasEvents: boolean
  zone: Zone
  isForced: boolean
  theme: string
  isStill: boolean
}
export type Marked = { steps: readonly Step[]; taskId: string | null; place: Place | null }
export type Cursor = { key: string; start: number; level: number; id: string | null; index: number }
export type View = { rows: readonly Row[]; first: number; last: number; heightPx: number; mode: Mode; peak: number | null; top: number; loading: boolean; error: CallError | null; range: Span | null; settled: Span; nearEnd: boolean }

const spareRows = 6
const mostLanesAsked = 400
/** How far beyond the window bars are asked for, as a share of it: so that panning finds something. */
const beyond = 0.6
const settleMs = 110
/** Rests with a name are long enough to be seen; what is only drawn on is not told to components at once. */
const tellMs = 60

export class Scene {
  readonly window = new TimeWindow()
  view: View = { rows: [], first: 0, last: 0, heightPx: 0, mode: 'fit', peak: null, top: 1, loading: true, error: null, range: null, settled: { from: 0, to: 1 }, nearEnd: false }
  cursor: Cursor | null = null
  range: Span | null = null
  private readonly listeners = new Set<() => void>()
  private readonly shapes = new Map<string, LaneShape>()
  private question: Question | null = null
  private known: Known | null = null
  private marked: Marked = { steps: [], taskId: null, place: null }
  private criticalIds: ReadonlySet<string> = new Set()
  private outer: LaneList = { lanes: [], total: 0 }
  private inner: ReadonlyMap<string, LaneList> = new Map()
  private choices: RowChoices = { folds: new Map(), opened: new Set() }
  private layout: Rows = { rows: [], heightPx: 0, loadedPx: 0 }
  private curve: (Curve & { version: string; span: Span }) | null = null
  private inks: Inks | null = null
  private inksKey = ''
  private canvases: { head: HTMLCanvasElement; lanes: HTMLCanvasElement; scroller: HTMLElement } | null = null
  private sightPx = 0
  private frameId = 0
  private clockTimer: ReturnType<typeof setTimeout> | null = null
  private tellTimer: ReturnType<typeof setTimeout> | null = null
  private readonly places = new PlaceBook(
    () => this.question && { sourceId: this.question.sourceId, scope: this.question.scope, by: this.question.by, within: this.question.within },
    () => this.invalidate()
  )
  private readonly barsAsker = new Asker('timeline.bars', () => this.wantedBars(), () => this.tellSoon())
  private readonly curveAsker = new Asker('timeline.concurrency', () => this.wantedCurve(), () => this.tellSoon())

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  attach(canvases: { head: HTMLCanvasElement; lanes: HTMLCanvasElement; scroller: HTMLElement }): () => void {
    this.canvases = canvases
    const observer = new ResizeObserver(() => this.measure())
    observer.observe(canvases.scroller)
    const onScroll = (): void => {
      this.invalidate()
      this.askSoon()
    }
    canvases.scroller.addEventListener('scroll', onScroll, { passive: true })
    this.measure()
    return () => {
      observer.disconnect()
      canvases.scroller.removeEventListener('scroll', onScroll)
      cancelAnimationFrame(this.frameId)
      this.frameId = 0
      if (this.clockTimer) clearTimeout(this.clockTimer)
      if (this.tellTimer) clearTimeout(this.tellTimer)
      if (this.settleTimer) clearTimeout(this.settleTimer)
      this.tellTimer = null
      this.barsAsker.reset()
      this.curveAsker.reset()
      this.places.clear()
      this.canvases = null
    }
  }

  ask(question: Question): void {
    const before = this.question
    this.question = question
    const isOther = !before || before.sourceId !== question.sourceId || before.by !== question.by || before.within !== question.within || JSON.stringify(before.scope) !== JSON.stringify(question.scope)
    if (isOther) {
      // What was drawn of other tasks must not be taken for these.
      this.shapes.clear()
      this.curve = null
      this.cursor = null
      this.barsAsker.reset()
      this.curveAsker.reset()
    }
    if (isOther || before?.version !== question.version) {
      this.places.clear()
      this.barsAsker.error = null
      this.curveAsker.error = null
    }
    this.relayout()
    this.askSoon()
  }

  know(known: Known): void {
    this.known = known
    this.followClock()
    this.relayout()
    this.askSoon()
  }

  take(outer: LaneList, inner: ReadonlyMap<string, LaneList>, choices: RowChoices): void {
    this.outer = outer
    this.inner = inner
    this.choices = choices
    this.relayout()
    this.askSoon()
  }

  mark(marked: Marked): void {
    this.marked = marked
    this.criticalIds = new Set(marked.steps.map(({ taskId }) => taskId))
    this.invalidate()
  }

  retry = (): void => {
    this.barsAsker.retry()
    this.curveAsker.retry()
  }

  /** Until when open ends are drawn. */
  get edge(): number {
    const { known } = this
    if (!known) return 0
    if (known.moment !== null) return known.moment
    return known.frozenAt ?? (known.open ? Date.now() / 1000 : known.knownTo)
  }

  /* What moves the window. */

  zoomAt(px: number, factor: number): void {
    this.move(() => this.window.zoomAt(px, factor))
  }
  panBy(px: number): void {
    this.move(() => this.window.panBy(px))
  }
  show(from: number, to: number): void {
    this.move(() => this.window.show(from, to))
  }
  fit = (): void => this.move(() => this.window.fit())
  follow = (): void => this.move(() => this.window.follow())
  setRange(range: Span | null): void {
    this.range = range
    this.invalidate()
    this.tellSoon()
  }
  scrollBy(px: number): void {
    if (this.canvases) this.canvases.scroller.scrollTop += px
  }

  private move(change: () => void): void {
    change()
    if (this.settleTimer) clearTimeout(this.settleTimer)
    this.settleTimer = setTimeout(this.settle, 2 * settleMs)
    this.invalidate()
    this.askSoon(settleMs)
    this.tellSoon()
  }

  private settled: Span = { from: 0, to: 1 }
  private settleTimer: ReturnType<typeof setTimeout> | null = null
  private settle = (): void => {
    this.settleTimer = null
    const { from, to } = this.window
    if (this.settled.from !== from || this.settled.to !== to) this.settled = { from, to }
    this.tell()
  }

  /** Scrolls a row, or one of its sub-rows, into sight. */
  reveal(row: Row, level: number | null): void {
    if (!this.canvases) return
    const { scroller } = this.canvases
    const topPx = level === null || row.kind === 'bins' ? row.topPx : barTop(row, level) - 6
    const bottomPx = level === null || row.kind === 'bins' ? row.topPx + row.heightPx : topPx + row.pitchPx + 12
    if (topPx < scroller.scrollTop) scroller.scrollTop = topPx
    else if (bottomPx > scroller.scrollTop + this.sightPx) scroller.scrollTop = bottomPx - this.sightPx
  }

  /** Brings times into sight, at the present scale if they fit. */
  revealTime(from: number, to: number): void {
    const { window } = this
    const end = Math.min(to, Math.max(from, this.edge))
    if (from >= window.from && end <= window.to) return
    if (end - from > window.span * 0.9) return this.show(from - (end - from) * 0.1, end + (end - from) * 0.1)
    if (from < window.to && end > window.from && end - from > window.span * 0.5) return
    const middle = (from + end) / 2
    this.show(middle - window.span / 2, middle + window.span / 2)
  }

  rowOf(key: string): Row | null {
    return this.layout.rows.find((row) => row.key === key) ?? null
  }
  get rows(): readonly Row[] {
    return this.layout.rows
  }
  shapeOf(key: string): LaneShape | undefined {
    return this.shapes.get(key)
  }
  get scrollPx(): number {
    return this.canvases?.scroller.scrollTop ?? 0
  }

  /* Asking. */

  private askSoon(restMs = 0): void {
    this.barsAsker.check(restMs)
    this.curveAsker.check(restMs)
  }

  private rowsInSight(): { first: number; last: number } {
    const { rows } = this.layout
    const first = Math.max(0, rowAt(rows, this.scrollPx))
    return { first, last: Math.min(rows.length, rowAt(rows, this.scrollPx + this.sightPx) + 1) }
  }

  /** Between asking again for what is shown but may be old. */
  private staleInMs(asker: { askedAt: number; tookMs: number }): number {
    return Math.max(0, asker.askedAt + asker.tookMs + (this.question?.restMs(asker.tookMs) ?? 0) - performance.now())
  }

  private wantedBars(): Wanted<'timeline.bars'> | null {
    const { question, known, window } = this
    if (!question || !known || !this.canvases) return null
    const { first, last } = this.rowsInSight()
    const asked = this.layout.rows.slice(Math.max(0, first - spareRows), last + spareRows)
    const states = asked.map((row) => this.stateOf(row, question.version))
    const lanes = asked.filter((_, index) => states[index] !== 'fresh').slice(0, mostLanesAsked)
    if (lanes.length === 0) return null
    const { from, to } = window
    const span = { from: from - (to - from) * beyond, to: to + (to - from) * beyond }
    const pixels = Math.min(10_000, Math.max(10, Math.round(window.widthPx * (1 + 2 * beyond) * Math.min(2, devicePixelRatio))))
    const wanted = lanes.map((row) => ({ key: row.key, folded: this.wantsFolded(row) }))
    return {
      params: { sourceId: question.sourceId, scope: question.scope, by: question.by, within: question.within, lanes: wanted, ...span, pixels, mostLevels, openTo: this.openTo },
      inMs: states.includes('missing') ? 0 : this.staleInMs(this.barsAsker),
      take: (answer) => {
        const answers = new Map(answer.lanes.map((lane) => [lane.key, lane]))
        for (const { key, folded } of wanted) {
          // One that is no more is left out: it is known to have nothing.
          const lane = answers.get(key)
          this.shapes.set(key, { key, span, pxPerSecond: pixels / (span.to - span.from), askedFolded: folded, version: question.version, bars: lane?.bars ? shapeBars(lane.bars, Math.max(1, lane.levels)) : null, bins: lane?.bins ? shapeBins(lane.bins) : null })
        }
        this.relayout()
      }
    }
  }

  /** Open ends of a run that goes on are drawn until now. */
  private get openTo(): number | null {
    return this.known?.open ? this.edge : null
  }

  private wantsFolded = (row: Row): boolean => isFolded(row.lane, row.depth, this.choices, this.window.pxPerSecond)

  /** Whether what is known of a lane can be shown at this scale; `stale`: it can, but may be old. */
  private stateOf(row: Row, version: string): 'fresh' | 'stale' | 'missing' {
    const shape = this.shapes.get(row.key)
    const { window, known } = this
    if (!shape || !known || shape.askedFolded !== this.wantsFolded(row)) return 'missing'
    const from = Math.max(window.from, known.whole.from)
    const to = Math.min(window.to, known.whole.to)
    const covers = shape.span.from <= from && shape.span.to >= to
    const isExact = shape.bars !== null && !shape.bars.count.some((n) => n > 1)
    const scale = (shape.pxPerSecond / Math.min(2, devicePixelRatio)) / window.pxPerSecond
    if (!covers || scale > 4 || (scale < 0.8 && !isExact)) return 'missing'
    return shape.version === version ? 'fresh' : 'stale'
  }

  private wantedCurve(): Wanted<'timeline.concurrency'> | null {
    const { question, known, window, curve } = this
    if (!question || !known || !this.canvases) return null
    const covers = curve !== null && curve.span.from <= Math.max(window.from, known.whole.from) && curve.span.to >= Math.min(window.to, known.whole.to)
    const scale = curve === null ? 0 : 1 / (curve.binSeconds * window.pxPerSecond)
    const isFresh = covers && scale >= 0.4 && scale <= 4
    if (isFresh && curve.version === question.version) return null
    const span = { from: window.from - window.span * beyond, to: window.to + window.span * beyond }
    const points = Math.min(4000, Math.max(2, Math.round(window.widthPx * (1 + 2 * beyond))))
    return {
      params: { sourceId: question.sourceId, scope: question.scope, ...span, points, openTo: this.openTo },
      inMs: isFresh ? this.staleInMs(this.curveAsker) : 0,
      take: (answer) => {
        this.curve = { ...answer, from: span.from, span, version: question.version }
        this.invalidate()
      }
    }
  }

  /* Layout and pictures. */

  private measure(): void {
    if (!this.canvases) return
    const { scroller, lanes } = this.canvases
    this.sightPx = scroller.clientHeight
    // The head is as wide as the lanes, which have a scrollbar.
    const board = scroller.parentElement
    board?.style.setProperty('--sight', `${this.sightPx}px`)
    board?.style.setProperty('--scrollbar', `${scroller.offsetWidth - scroller.clientWidth}px`)
    const widthPx = lanes.parentElement?.clientWidth ?? 0
    if (widthPx > 0) this.window.widthPx = widthPx
    this.relayout()
    this.askSoon(settleMs)
  }

  /** What is in sight stays where it is, however the lanes above it change. */
  private relayout(): void {
    if (!this.question || !this.known) return
    const before = this.layout
    const anchor = before.rows[Math.max(0, rowAt(before.rows, this.scrollPx))]
    const offPx = anchor ? this.scrollPx - anchor.topPx : 0
    this.layout = laneRows(this.outer, (key) => this.inner.get(key), this.choices, this.window.pxPerSecond, (key) => {
      const shape = this.shapes.get(key)
      return shape?.bars ? 'bars' : shape?.bins ? 'bins' : null
    })
    const after = anchor && this.scrollPx > 0 ? this.rowOf(anchor.key) : null
    this.tell()
    if (after && this.canvases && after.topPx + Math.min(offPx, after.heightPx - 1) !== this.scrollPx) {
      const { scroller, lanes } = this.canvases
      // The content gets its height from React, which has not drawn it yet.
      if (lanes.parentElement?.parentElement) lanes.parentElement.parentElement.style.height = `${this.layout.heightPx}px`
      scroller.scrollTop = after.topPx + Math.min(offPx, after.heightPx - 1)
    }
    this.invalidate()
  }

  private followClock(): void {
    const { known } = this
    if (!known) return
    const moved = this.window.setWhole(known.whole.from, Math.max(known.whole.to, known.open ? this.edge : known.whole.to), known.open)
    // What follows the clock never rests: it is told once a second.
    if (moved) this.settleTimer ??= setTimeout(this.settle, known.open ? 1000 : 0)
  }

  invalidate = (): void => {
    if (this.frameId === 0 && this.canvases) this.frameId = requestAnimationFrame(this.draw)
  }

  private draw = (): void => {
    this.frameId = 0
    const { canvases, known } = this
    if (!canvases || !known || this.sightPx === 0) return
    if (known.open) this.followClock()
    const inks = this.inksNow(known)
    const isOpen = known.open || known.moment !== null
    const { window } = this
    const shared = { inks, window, widthPx: window.widthPx, dpr: devicePixelRatio, zone: known.zone, edge: this.edge, frozen: known.frozenAt !== null || known.moment !== null, now: known.open && known.moment === null ? Date.now() / 1000 : null }
    const measure = (step: number): number => labelPx(step, known.zone, window.from) + 22
    const step = tickStep(window.pxPerSecond, measure)
    const ticks = timeTicks(window.from, window.to, step, known.zone)
    this.drawHead(canvases.head, shared, ticks, step, isOpen)
    this.drawLanes(canvases.lanes, shared, ticks, isOpen)
    this.tellSoon()
    this.scheduleClock()
  }

  private drawHead(canvas: HTMLCanvasElement, shared: Omit<Frame, 'context' | 'heightPx'>, ticks: ReturnType<typeof timeTicks>, step: number, isOpen: boolean): void {
    const { known, curve, window } = this
    if (!known) return
    const bodyPx = curvePx + (known.hasEvents ? eventsPx : 0)
    const context = begin(canvas, shared.widthPx, bodyPx + axisPx, shared.dpr, shared.inks.content)
    if (!context) return
    const frame: Frame = { ...shared, context, heightPx: bodyPx }
    drawGrid(frame, ticks)
    const peak = peakOf(curve, window.from, window.to)
    const top = niceAbove(peak ?? 0)
    if (curve) drawCurve(frame, curve, top)
    drawEdge(frame, isOpen)
    drawGaps(frame, known.gaps)
    context.fillStyle = shared.inks.line
    context.fillRect(0, curvePx - 1, shared.widthPx, 1)
    if (known.hasEvents) context.fillRect(0, curvePx + eventsPx - 1, shared.widthPx, 1)
    if (curve) drawScale(frame, top)
    drawRange(frame, this.range)
    drawAxis(frame, ticks, step, bodyPx, isOpen)
    if (this.range) {
      context.fillStyle = shared.inks.accent
      context.fillRect(window.x(this.range.from), bodyPx + axisPx - 2, Math.max(1, window.x(this.range.to) - window.x(this.range.from)), 2)
    }
    this.peak = peak
    this.top = top
  }
  private peak: number | null = null
  private top = 1

  private drawLanes(canvas: HTMLCanvasElement, shared: Omit<Frame, 'context' | 'heightPx'>, ticks: ReturnType<typeof timeTicks>, isOpen: boolean): void {
    const context = begin(canvas, shared.widthPx, this.sightPx, shared.dpr, shared.inks.content)
    const { known } = this
    if (!context || !known) return
    const frame: Frame = { ...shared, context, heightPx: this.sightPx }
    const offsetPx = this.scrollPx
    drawGrid(frame, ticks)
    drawEdge({ ...frame, now: null, frozen: false }, isOpen)
    const { first, last } = this.rowsInSight()
    let drawn = 0
    for (const row of this.layout.rows.slice(first, last)) {
      context.fillStyle = shared.inks.line
      context.fillRect(0, row.topPx + row.heightPx - 1 - offsetPx, shared.widthPx, 1)
      const shape = this.shapes.get(row.key)
      if (!shape) pending(frame, row, offsetPx)
      else if (row.lane.timed === 0) untimed(frame, row, offsetPx)
      else if (shape.bars) drawn += drawBars(frame, row, shape.bars, offsetPx, this.criticalIds)
      else if (shape.bins) drawBins(frame, row, shape.bins, offsetPx)
    }
    drawGaps(frame, known.gaps)
    let chosen = 0
    const { steps } = this.marked
    const path = steps.length > 0 ? drawPath(frame, steps, steps.map((step) => this.spotOf(step.taskId, step.start, step.end, offsetPx))) : 0
    if (this.marked.taskId !== null) {
      const place = this.marked.place
      const spot = this.spotOf(this.marked.taskId, place?.start ?? null, place?.end ?? null, offsetPx, place)
      if (spot) drawRing(frame, spot, 'chosen')
      chosen = spot === null ? 0 : 1
    }
    const cursorSpot = this.cursor && this.cursor.id !== this.marked.taskId && document.activeElement === canvas.closest('[role=listbox]') ? this.cursorSpot(offsetPx) : null
    if (cursorSpot) drawRing(frame, cursorSpot, 'cursor')
    if (isOpen) lines(frame)
    drawRange(frame, this.range)
    this.note(canvas, { bars: drawn, path, chosen })
  }

  /** For who cannot see the canvas: what is in this picture, as figures. */
  private note(canvas: HTMLCanvasElement, figures: { bars: number; path: number; chosen: number }): void {
    const { window, known } = this
    const values = { from: window.from, to: window.to, bars: figures.bars, path: figures.path, chosen: figures.chosen, gaps: known?.gaps.length ?? 0, mode: window.mode, pending: this.barsAsker.busy ? 1 : 0 }
    for (const [name, value] of Object.entries(values)) if (canvas.dataset[name] !== String(value)) canvas.dataset[name] = String(value)
  }

  /** A bar that is known has its place; others are asked for, if they are in sight. */
  private spotOf(taskId: string, start: number | null, end: number | null, offsetPx: number, given?: Place | null): Spot | null {
    const { window } = this
    for (const { key, bars } of this.barsInSight()) {
      const index = indexOfTask(bars, taskId)
      const row = index < 0 ? null : this.rowOf(key)
      if (row) return this.spotAt(row, bars.level[index] as number, bars.start[index] as number, bars.end[index] as number, offsetPx, false)
    }
    // Nobody sees it now, or what leads to it.
    if (start !== null && given === undefined && (start > window.to + window.span || (end ?? this.edge) < window.from - window.span)) return null
    const place = given === undefined ? this.places.of(taskId) : given
    if (!place) return null
    for (let depth = place.lanes.length - 1; depth >= 0; depth--) {
      const row = this.rowOf(place.lanes[depth] as string)
      if (row) return this.spotAt(row, place.levels[depth] ?? 0, place.start, place.end ?? Infinity, offsetPx, true)
    }
    return null
  }

  private *barsInSight() {
    const { first, last } = this.rowsInSight()
    for (const row of this.layout.rows.slice(Math.max(0, first - spareRows), last + spareRows)) {
      const bars = this.shapes.get(row.key)?.bars
      if (bars) yield { key: row.key, bars }
    }
  }

  private spotAt(row: Row, level: number, start: number, end: number, offsetPx: number, aside: boolean): Spot {
    const { window } = this
    const leftPx = window.x(start)
    const rightPx = Math.max(leftPx + 2, window.x(Math.min(end, Math.max(start, this.edge))))
    if (row.kind === 'bins') return { leftPx, rightPx, topPx: row.topPx - offsetPx + 3, heightPx: 5, aside: true }
    return { leftPx, rightPx, topPx: barTop(row, Math.min(level, row.levels - 1)) - offsetPx, heightPx: row.barPx, aside }
  }

  private cursorSpot(offsetPx: number): Spot | null {
    const { cursor } = this
    const row = cursor && this.rowOf(cursor.key)
    const shape = cursor && this.shapes.get(cursor.key)
    if (!cursor || !row || !shape) return null
    if (shape.bars) return this.spotAt(row, cursor.level, cursor.start, shape.bars.end[cursor.index] ?? cursor.start, offsetPx, false)
    const width = shape.bins?.binSeconds ?? 0
    const leftPx = this.window.x(cursor.start)
    return { leftPx, rightPx: leftPx + width * this.window.pxPerSecond, topPx: row.topPx - offsetPx + 4, heightPx: row.heightPx - 8, aside: false }
  }

  private inksNow({ theme, isForced }: Known): Inks {
    const key = `${theme} ${isForced} ${devicePixelRatio}`
    if (!this.inks || key !== this.inksKey) this.inks = readInks(isForced, devicePixelRatio)
    this.inksKey = key
    return this.inks
  }

  /** The next picture when the present moment has moved by a pixel. */
  private scheduleClock(): void {
    const { known, window } = this
    if (this.clockTimer) clearTimeout(this.clockTimer)
    this.clockTimer = null
    if (!known?.open || known.moment !== null || window.to < this.edge - window.span) return
    const inMs = Math.min(1000, Math.max(known.isStill ? 1000 : 33, 1000 / window.pxPerSecond))
    this.clockTimer = setTimeout(this.invalidate, inMs)
  }

  /* Telling components. */

  private tellSoon(): void {
    this.tellTimer ??= setTimeout(() => {
      this.tellTimer = null
      this.tell()
    }, tellMs)
  }

  private tell(): void {
    const { first, last } = this.rowsInSight()
    const { rows, heightPx, loadedPx } = this.layout
    const before = this.view
    const { settled } = this
    const next: View = {
      rows,
      // In steps, so that the heads are not drawn anew with every row that is scrolled by.
      first: Math.max(0, first - spareRows - (first % spareRows)),
      last: Math.min(rows.length, last + 2 * spareRows - (last % spareRows)),
      heightPx,
      mode: this.window.mode,
      peak: this.peak,
      top: this.top,
      loading: this.barsAsker.busy || this.curveAsker.busy,
      error: this.barsAsker.error ?? this.curveAsker.error,
      range: this.range,
      settled,
      nearEnd: this.scrollPx + this.sightPx > loadedPx - 400
    }
    if ((Object.keys(next) as (keyof View)[]).every((name) => next[name] === before[name])) return
    this.view = next
    for (const listener of this.listeners) listener()
  }
}

/** A lane whose answer is on its way. */
function pending({ context, inks, widthPx }: Frame, row: Row, offsetPx: number): void {
  context.fillStyle = inks['line-2']
  const y = Math.round(row.topPx - offsetPx + row.heightPx / 2)
  for (let x = 0; x < widthPx; x += 8) context.fillRect(x, y, 3, 1)
}

/** A lane that has nothing to draw says so. */
function untimed({ context, inks }: Frame, row: Row, offsetPx: number): void {
  context.font = inks.fonts.small
  context.textAlign = 'left'
  context.fillStyle = inks['text-3']
  context.fillText(`${counted(row.lane.tasks, 'task')} without a time to be drawn by`, 12, row.topPx - offsetPx + row.heightPx / 2 + 4)
}

/** Over the bars again, which end there. */
function lines(frame: Frame): void {
  const { context, inks, window, heightPx, edge, frozen, now } = frame
  if (frozen) {
    context.fillStyle = inks.text
    context.fillRect(window.x(edge) - 0.75, 0, 1.5, heightPx)
    if (now !== null && now > edge) {
      context.fillStyle = inks.unseen
      context.fillRect(window.x(edge) + 0.75, 0, window.x(now) - window.x(edge), heightPx)
    }
  }
  if (now === null) return
  context.strokeStyle = inks.run
  context.lineWidth = 1
  context.setLineDash([3, 3])
  context.beginPath()
  context.moveTo(Math.round(window.x(now)) + 0.5, 0)
  context.lineTo(Math.round(window.x(now)) + 0.5, heightPx)
  context.stroke()
  context.setLineDash([])
}

/** Figures are about 6.2 px wide, colons and points half of it. */
const labelPx = (step: number, zone: Zone, time: number): number => [...tickLabel(time, step, zone)].reduce((sum, sign) => sum + (/[:.-]/.test(sign) ? 3.5 : 6.6), 0)

/** The next of 1, 2, 5 × 10ⁿ, and of some between. */
function niceAbove(value: number): number {
  if (!(value > 1)) return 1
  const unit = 10 ** Math.floor(Math.log10(value))
  return unit * ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= value && Number.isInteger(step * unit)) ?? 10)
}
