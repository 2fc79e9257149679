/**
 * The drawing as a whole, outside of React: what is known, what is in sight, and one picture a frame when something changed.
 * Components read `view` (through `subscribe`) and tell it what the engine answered; pointer and keys move its window.
 */
import type { Gap } from '#contract/live'
import type { CallError } from '#contract/reply'
import type { Zone } from '../../state/appearance.ts'
import { Answers, type Question, type Sought } from './Answers.ts'
import { type Figures, drawHeadOf, drawLanesOf, ticksFor } from './drawBoard.ts'
import { type Inks, readInks } from './inks.ts'
import { type LaneList, type Row, type RowChoices, type Rows, barTop, isFolded, laneRows, rowAt } from './laneRows.ts'
import type { LaneShape } from './laneShapes.ts'
import { PlaceBook } from './PlaceBook.ts'
import { type Ground, type Marked, Spots } from './Spots.ts'
import { type Mode, type Span, TimeWindow } from './TimeWindow.ts'
import type { Cursor } from './walk.ts'

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
  /** Less motion: the present moment moves once a second. */
  isStill: boolean
}
/** What components show of it; parts that do not change stay the same objects. */
export type View = { rows: readonly Row[]; first: number; last: number; heightPx: number; mode: Mode; peak: number | null; loading: boolean; error: CallError | null; range: Span | null; /** The window when it last rested. */ settled: Span; nearEnd: boolean }
type Elements = { head: HTMLCanvasElement; lanes: HTMLCanvasElement; scroller: HTMLElement }

const spareRows = 6
/** Lanes that are not loaded yet are asked for before they come into sight. */
const nearEndPx = 400
const settleMs = 110
const tellMs = 60
const frameMs = 33

export class Scene {
  readonly window = new TimeWindow()
  view: View = { rows: [], first: 0, last: 0, heightPx: 0, mode: 'fit', peak: null, loading: true, error: null, range: null, settled: { from: 0, to: 1 }, nearEnd: false }
  cursor: Cursor | null = null
  range: Span | null = null
  private readonly listeners = new Set<() => void>()
  private question: Question | null = null
  private known: Known | null = null
  private outer: LaneList = { lanes: [], total: 0 }
  private inner: ReadonlyMap<string, LaneList> = new Map()
  private choices: RowChoices = { folds: new Map(), opened: new Set() }
  private layout: Rows = { rows: [], byKey: new Map(), heightPx: 0, loadedPx: 0 }
  private elements: Elements | null = null
  private sightPx = 0
  private settled: Span = { from: 0, to: 1 }
  private peak: number | null = null
  private inks: { of: Inks; key: string } | null = null
  private frameId = 0
  private readonly timers: { clock: Timer; tell: Timer; settle: Timer } = { clock: null, tell: null, settle: null }
  private readonly answers = new Answers(
    () => this.sought(),
    () => this.relayout(),
    () => this.tellSoon()
  )
  private readonly places = new PlaceBook(
    () => this.question && { sourceId: this.question.sourceId, scope: this.question.scope, by: this.question.by, within: this.question.within },
    () => this.invalidate()
  )
  private readonly spots = new Spots(this.places)

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  attach(elements: Elements): () => void {
    this.elements = elements
    const { scroller } = elements
    const observer = new ResizeObserver(() => this.measure())
    observer.observe(scroller)
    const onScroll = (): void => {
      this.invalidate()
      this.answers.check()
    }
    scroller.addEventListener('scroll', onScroll, { passive: true })
    this.measure()
    return () => {
      observer.disconnect()
      scroller.removeEventListener('scroll', onScroll)
      this.detach()
    }
  }

  private detach(): void {
    cancelAnimationFrame(this.frameId)
    this.frameId = 0
    for (const name of ['clock', 'tell', 'settle'] as const) {
      if (this.timers[name]) clearTimeout(this.timers[name])
      this.timers[name] = null
    }
    this.answers.stop()
    this.places.clear()
    this.elements = null
  }

  /* What components tell. */

  ask(question: Question): void {
    const before = this.question
    this.question = question
    const isOther = before === null || sameTasks(before) !== sameTasks(question)
    if (isOther) {
      // What was drawn of other tasks must not be taken for these.
      this.answers.clear()
      this.cursor = null
    }
    if (isOther || before.version !== question.version) {
      this.places.clear()
      this.answers.forgive()
    }
    this.relayout()
    this.answers.check()
  }

  know(known: Known): void {
    this.known = known
    this.followClock()
    this.relayout()
    this.answers.check()
  }

  take(outer: LaneList, inner: ReadonlyMap<string, LaneList>, choices: RowChoices): void {
    this.outer = outer
    this.inner = inner
    this.choices = choices
    this.relayout()
    this.answers.check()
  }

  mark(marked: Marked): void {
    this.spots.mark(marked)
    this.invalidate()
  }

  retry = (): void => this.answers.retry()

  /* What it is asked. */

  /** Until when open ends are drawn. */
  get edge(): number {
    const { known } = this
    if (!known) return 0
    return known.moment ?? known.frozenAt ?? (known.open ? Date.now() / 1000 : known.knownTo)
  }
  get rows(): readonly Row[] {
    return this.layout.rows
  }
  get scrollPx(): number {
    return this.elements?.scroller.scrollTop ?? 0
  }
  rowOf = (key: string): Row | null => this.layout.byKey.get(key) ?? null
  shapeOf = (key: string): LaneShape | undefined => this.answers.shapes.get(key)

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
  scrollBy(px: number): void {
    if (this.elements) this.elements.scroller.scrollTop += px
  }
  setRange(range: Span | null): void {
    this.range = range
    this.invalidate()
    this.tellSoon()
  }

  private move(change: () => void): void {
    change()
    if (this.timers.settle) clearTimeout(this.timers.settle)
    this.timers.settle = setTimeout(this.settle, 2 * settleMs)
    this.invalidate()
    this.answers.check(settleMs)
    this.tellSoon()
  }

  private settle = (): void => {
    this.timers.settle = null
    const { from, to } = this.window
    if (this.settled.from !== from || this.settled.to !== to) this.settled = { from, to }
    this.tell()
  }

  /** Scrolls a row, or one of its sub-rows, into sight. */
  reveal(row: Row, level: number | null): void {
    if (!this.elements) return
    const { scroller } = this.elements
    const whole = level === null || row.kind === 'bins'
    const topPx = whole ? row.topPx : barTop(row, level) - 6
    const bottomPx = whole ? row.topPx + row.heightPx : topPx + row.pitchPx + 12
    if (topPx < scroller.scrollTop) scroller.scrollTop = topPx
    else if (bottomPx > scroller.scrollTop + this.sightPx) scroller.scrollTop = bottomPx - this.sightPx
  }

  /** Brings times into sight, at the present scale if they fit. */
  revealTime(from: number, to: number): void {
    const { window } = this
    const end = Math.min(to, Math.max(from, this.edge))
    if (from >= window.from && end <= window.to) return
    if (end - from > window.span * 0.9) return this.show(from - (end - from) * 0.1, end + (end - from) * 0.1)
    const middle = (from + end) / 2
    this.show(middle - window.span / 2, middle + window.span / 2)
  }

  /* Layout. */

  private measure(): void {
    if (!this.elements) return
    const { scroller, lanes } = this.elements
    this.sightPx = scroller.clientHeight
    // The head is as wide as the lanes, which have a scrollbar.
    scroller.parentElement?.style.setProperty('--sight', `${this.sightPx}px`)
    scroller.parentElement?.style.setProperty('--scrollbar', `${scroller.offsetWidth - scroller.clientWidth}px`)
    const widthPx = lanes.parentElement?.clientWidth ?? 0
    if (widthPx > 0) this.window.widthPx = widthPx
    this.relayout()
    this.answers.check(settleMs)
  }

  private sought(): Sought | null {
    const { question, known, window } = this
    if (!question || !known || !this.elements) return null
    const { first, last } = this.rowsInSight(spareRows)
    return { question, window, whole: known.whole, rows: this.rows.slice(first, last), openTo: known.open ? this.edge : null, wantsFolded: (row) => isFolded(row.lane, row.depth, this.choices, window.pxPerSecond) }
  }

  private rowsInSight(spare: number): { first: number; last: number } {
    const first = Math.max(0, rowAt(this.rows, this.scrollPx) - spare)
    return { first, last: Math.min(this.rows.length, rowAt(this.rows, this.scrollPx + this.sightPx) + 1 + spare) }
  }

  /** What is in sight stays where it is, however the lanes above it change. */
  private relayout(): void {
    if (!this.question || !this.known) return
    const { scrollPx } = this
    const anchor = this.rows[Math.max(0, rowAt(this.rows, scrollPx))]
    this.layout = laneRows(this.outer, (key) => this.inner.get(key), this.choices, this.window.pxPerSecond, (key) => {
      const shape = this.shapeOf(key)
      return shape?.bars ? 'bars' : shape?.bins ? 'bins' : null
    })
    const after = anchor && scrollPx > 0 ? this.rowOf(anchor.key) : null
    this.tell()
    if (anchor && after && this.elements) {
      const { scroller, lanes } = this.elements
      const wantedPx = after.topPx + Math.min(scrollPx - anchor.topPx, after.heightPx - 1)
      // The content has its height from React, which has not drawn it yet.
      const content = lanes.parentElement?.parentElement
      if (wantedPx !== scrollPx && content) content.style.height = `${this.layout.heightPx}px`
      if (wantedPx !== scrollPx) scroller.scrollTop = wantedPx
    }
    this.invalidate()
  }

  private followClock(): void {
    const { known } = this
    if (!known) return
    const to = known.open || known.moment !== null ? Math.max(known.whole.to, this.edge) : known.whole.to
    const moved = this.window.setWhole(known.whole.from, to, known.open)
    // What follows the clock never rests: it is told once a second.
    if (moved) this.timers.settle ??= setTimeout(this.settle, known.open ? 1000 : 0)
  }

  /* Pictures. */

  invalidate = (): void => {
    if (this.frameId === 0 && this.elements) this.frameId = requestAnimationFrame(this.draw)
  }

  private draw = (): void => {
    this.frameId = 0
    const { elements, known, window } = this
    if (!elements || !known || this.sightPx === 0) return
    if (known.open) this.followClock()
    const board = {
      inks: this.inksOf(known),
      window,
      widthPx: window.widthPx,
      dpr: devicePixelRatio,
      zone: known.zone,
      edge: this.edge,
      frozen: known.frozenAt !== null || known.moment !== null,
      now: known.open ? Date.now() / 1000 : null,
      isOpen: known.open || known.moment !== null,
      gaps: known.gaps,
      range: this.range,
      ...ticksFor({ window, zone: known.zone })
    }
    this.peak = drawHeadOf(elements.head, board, this.answers.curve, known.hasEvents)
    const { first, last } = this.rowsInSight(0)
    const ground: Ground = { window, edge: board.edge, offsetPx: this.scrollPx, rows: this.rows.slice(first, last), rowOf: this.rowOf, shapeOf: this.shapeOf }
    const isFocused = document.activeElement === elements.lanes.parentElement
    this.note(elements.lanes, drawLanesOf(elements.lanes, board, this.sightPx, ground, this.spots, isFocused ? this.cursor : null))
    this.tellSoon()
    this.scheduleClock()
  }

  /** For who cannot see the canvas: what is in this picture, as figures. */
  private note(canvas: HTMLCanvasElement, figures: Figures): void {
    const { window, known, answers } = this
    const values = { ...figures, from: window.from, to: window.to, gaps: known?.gaps.length ?? 0, mode: window.mode, edge: this.edge, pending: answers.busy || this.isUnanswered() ? 1 : 0 }
    for (const [name, value] of Object.entries(values)) if (canvas.dataset[name] !== String(value)) canvas.dataset[name] = String(value)
  }

  /** A lane in sight of which nothing is known yet, and nothing failed. */
  private isUnanswered(): boolean {
    const { first, last } = this.rowsInSight(0)
    return this.answers.error === null && this.rows.slice(first, last).some(({ key }) => this.shapeOf(key) === undefined)
  }

  private inksOf({ theme, isForced }: Known): Inks {
    const key = `${theme} ${isForced} ${devicePixelRatio}`
    if (this.inks?.key !== key) this.inks = { of: readInks(isForced, devicePixelRatio), key }
    return this.inks.of
  }

  /** The next picture when the present moment has moved by a pixel. */
  private scheduleClock(): void {
    const { known, window, timers } = this
    if (timers.clock) clearTimeout(timers.clock)
    timers.clock = null
    if (!known?.open || window.to < this.edge - window.span) return
    timers.clock = setTimeout(this.invalidate, Math.min(1000, Math.max(known.isStill ? 1000 : frameMs, 1000 / window.pxPerSecond)))
  }

  /* Telling components. */

  private tellSoon(): void {
    this.timers.tell ??= setTimeout(() => {
      this.timers.tell = null
      this.tell()
    }, tellMs)
  }

  private tell(): void {
    const { first, last } = this.rowsInSight(spareRows)
    const { rows, heightPx, loadedPx } = this.layout
    const before = this.view
    const next: View = {
      rows,
      // In steps, so that the heads are not drawn anew with every row that is scrolled by.
      first: first - (first % spareRows),
      last: Math.min(rows.length, last + spareRows - (last % spareRows)),
      heightPx,
      mode: this.window.mode,
      peak: this.peak,
      loading: this.answers.busy,
      error: this.answers.error,
      range: this.range,
      settled: this.settled,
      nearEnd: this.scrollPx + this.sightPx > loadedPx - nearEndPx
    }
    if ((Object.keys(next) as (keyof View)[]).every((name) => next[name] === before[name])) return
    this.view = next
    for (const listener of this.listeners) listener()
  }
}

type Timer = ReturnType<typeof setTimeout> | null

const sameTasks = ({ sourceId, scope, by, within }: Question): string => JSON.stringify([sourceId, scope, by, within])
