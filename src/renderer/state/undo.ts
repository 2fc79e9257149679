/** Undoing and redoing of what narrows and arranges: chips, node, time, search, kind of records, columns, sort, grouping; of each source on its own. */
import { create } from 'zustand'
import { announce } from './live.ts'
import { defaultLayouts, layoutKey, useTableLayout } from './tableLayout.ts'
import { dismissToast, toast, toasts } from './toasts.ts'
import { type Arranged, changeWords } from './undoWords.ts'
import { workbench } from './workbench.ts'

/** @property before what undoing goes back to */
type Step = { words: string; /** Steps of one kind that follow each other at once are one. */ kind: string; before: Arranged; at: number }
type History = { past: Step[]; future: Step[] }

const mostSteps = 200
/** Typing, dragging a border, and moving the ribbon are one step as long as they go on. */
const sameWithinMs = 1200
const goesOnFor = /^(search$|range$|width )/

export const histories = create<{ of: Record<string, History> }>()(() => ({ of: {} }))

/** Words of the next step back and forth; null: there is none. */
export function useUndoWords(): { undo: string | null; redo: string | null } {
  const sourceId = workbench((s) => s.sourceId)
  const history = histories((s) => (sourceId === null ? undefined : s.of[sourceId]))
  return { undo: history?.past.at(-1)?.words ?? null, redo: history?.future.at(-1)?.words ?? null }
}

let last: Arranged | null = null
let quiet = false
let nowMs = (): number => Date.now()
/** For tests. */
export const setClock = (clock: () => number): void => {
  nowMs = clock
}

/** Notes every change from now on. */
export function followChangesToUndo(): () => void {
  last = arranged()
  const ends = [workbench.subscribe(note), useTableLayout.subscribe((state, before) => (state.restored === before.restored ? note() : learn()))]
  return () => {
    for (const end of ends) end()
    last = null
  }
}

/** Changes made in `change` are undone together, under these words. */
export function asOneStep(words: string, change: () => void): void {
  const before = arranged()
  quiet = true
  try {
    change()
  } finally {
    quiet = false
  }
  const after = arranged()
  if (before !== null && after !== null && before.sourceId === after.sourceId && changeWords(before, after) !== null) push({ words, kind: words, before, at: 0 })
  last = after
}

export const undo = (): void => move('past', 'future', 'Undone')
export const redo = (): void => move('future', 'past', 'Done again')

function move(from: keyof History, to: keyof History, said: string): void {
  const now = arranged()
  const history = now === null ? undefined : histories.getState().of[now.sourceId]
  const step = history?.[from].at(-1)
  if (now === null || !history || !step) return announce(from === 'past' ? 'Nothing to undo.' : 'Nothing to do again.')
  quiet = true
  try {
    arrange(step.before)
  } finally {
    quiet = false
  }
  last = arranged()
  const back = { ...step, before: now, at: 0 }
  histories.setState(({ of }) => ({ of: { ...of, [now.sourceId]: { ...history, [from]: history[from].slice(0, -1), [to]: [...history[to], back] } as History } }))
  tell(`${said}: ${step.words}`, from === 'past' ? { label: 'Redo', run: redo } : { label: 'Undo', run: undo })
}

/** One note at a time: the last one gives way. */
let told: number | null = null
function tell(title: string, action: { label: string; run: () => void }): void {
  if (told !== null) dismissToast(told)
  toast({ tone: 'note', title, action })
  told = toasts.getState().shown.at(-1)?.key ?? null
}

function note(): void {
  if (quiet) return
  const before = last
  const after = arranged()
  if (before !== null && after !== null && isSame(before, after)) return
  last = after
  if (before === null || after === null || before.sourceId !== after.sourceId) return
  const change = changeWords(before, after)
  if (change !== null) push({ ...change, before, at: nowMs() })
}

/** What was remembered of a table came in: nothing that a person did. */
function learn(): void {
  last = arranged()
}

function push(step: Step): void {
  const { sourceId } = step.before
  histories.setState(({ of }) => {
    const { past } = of[sourceId] ?? { past: [] }
    const latest = past.at(-1)
    const goesOn = latest !== undefined && latest.kind === step.kind && goesOnFor.test(step.kind) && step.at - latest.at < sameWithinMs
    const next = goesOn ? [...past.slice(0, -1), { ...step, before: latest.before }] : [...past, step].slice(-mostSteps)
    return { of: { ...of, [sourceId]: { past: next, future: [] } } }
  })
}

function arranged(): Arranged | null {
  const { sourceId, node, chips, search, range, records } = workbench.getState()
  if (sourceId === null) return null
  return { sourceId, records, scope: { node, chips, search, range }, layout: useTableLayout.getState().layouts[layoutKey(sourceId, records)] ?? defaultLayouts[records] }
}

function arrange({ sourceId, records, scope, layout }: Arranged): void {
  workbench.getState().setRecords(records)
  workbench.setState({ ...scope, selectedIds: [] })
  const tables = useTableLayout.getState()
  const key = layoutKey(sourceId, records)
  if ((tables.layouts[key] ?? defaultLayouts[records]) !== layout) tables.change(key, layout)
}

function isSame(a: Arranged, b: Arranged): boolean {
  return a.sourceId === b.sourceId && a.records === b.records && a.layout === b.layout && a.scope.node === b.scope.node && a.scope.chips === b.scope.chips && a.scope.search === b.scope.search && a.scope.range === b.scope.range
}
