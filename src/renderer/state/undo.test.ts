import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
vi.stubGlobal('window', { innerWidth: 1440, addEventListener: () => undefined })
vi.stubGlobal('location', { hash: '', host: 'x' })
const { emptyScope } = await import('./scope.ts')
const { layoutKey, useTableLayout } = await import('./tableLayout.ts')
const { asOneStep, followChangesToUndo, histories, redo, setClock, undo } = await import('./undo.ts')
const { toasts } = await import('./toasts.ts')
const { workbench } = await import('./workbench.ts')

const start = workbench.getInitialState()
const state = workbench.getState
let clockMs = 0
let end: () => void
beforeEach(() => {
  workbench.setState(start, true)
  useTableLayout.setState({ layouts: {}, restored: 0 })
  histories.setState({ of: {} })
  toasts.setState({ shown: [] })
  clockMs = 1_000_000
  setClock(() => clockMs)
  state().openSource('a')
  end = followChangesToUndo()
})
afterEach(() => end())
const later = (): number => (clockMs += 10_000)
const words = (): string[] => histories.getState().of['a']?.past.map((step) => step.words) ?? []
const filters = (): unknown[] => state().chips.map(({ filter, on }) => (on ? filter : { off: filter }))

describe('what is narrowed is undone and done again, step by step', () => {
  test('chips: added, changed, turned off, removed', () => {
    state().addChips([{ 'used.lr': { $lt: 0.1 } }])
    const key = state().chips[0]?.key ?? ''
    state().changeChip(key, { 'used.lr': { $lt: 0.2 } })
    state().toggleChip(key)
    state().changeChip(key, null)
    expect(words()).toEqual(['added used.lr < 0.1', 'changed used.lr < 0.1 to used.lr < 0.2', 'turned off used.lr < 0.2', 'removed used.lr < 0.2'])
    const seen = [filters()]
    for (let i = 0; i < 5; i++) {
      undo()
      seen.push(filters())
    }
    expect(seen).toEqual([[], [{ off: { 'used.lr': { $lt: 0.2 } } }], [{ 'used.lr': { $lt: 0.2 } }], [{ 'used.lr': { $lt: 0.1 } }], [], []])
    for (let i = 0; i < 5; i++) redo()
    expect(filters()).toEqual([])
    undo()
    expect(filters()).toEqual([{ off: { 'used.lr': { $lt: 0.2 } } }])
  })

  test('two conditions removed at once are two steps; removing all of the filter is one', () => {
    state().addChips([{ a: 1 }, { b: 2 }, { c: 3 }])
    const [first, second] = state().chips
    state().changeChip(first?.key ?? '', null)
    state().changeChip(second?.key ?? '', null)
    undo()
    expect(filters()).toEqual([{ b: 2 }, { c: 3 }])
    state().setSearch('x')
    state().clearScope()
    expect(words().at(-1)).toBe('cleared the filter')
    undo()
    expect(state()).toMatchObject({ search: 'x' })
    expect(filters()).toEqual([{ b: 2 }, { c: 3 }])
  })

  test('node, time and kind of records', () => {
    state().setNode({ key: 'k', kind: 'workflow', name: 'train', filter: { workflow_id: 'w' } })
    state().setRange({ from: 1, to: 2 })
    state().setRecords('workflows')
    expect(words()).toEqual(['chose workflow train', 'chose a stretch of time', 'showed workflows'])
    for (let i = 0; i < 3; i++) undo()
    expect(state()).toMatchObject({ ...emptyScope, records: 'tasks' })
  })

  test('typing is one step while it goes on; so is dragging the time', () => {
    for (const text of ['l', 'lo', 'loss']) state().setSearch(text)
    later()
    state().setSearch('')
    for (const to of [2, 3, 4]) state().setRange({ from: 1, to })
    expect(words()).toEqual(['searched for “loss”', 'no longer searched for “loss”', 'chose a stretch of time'])
    undo()
    expect(state().range).toBeNull()
    undo()
    expect(state().search).toBe('loss')
  })

  test('a new change ends what could be done again', () => {
    state().setSearch('x')
    undo()
    state().addChips([{ a: 1 }])
    redo()
    expect(state()).toMatchObject({ search: '' })
    expect(filters()).toEqual([{ a: 1 }])
  })
})

describe('how the table is arranged', () => {
  const change = useTableLayout.getState().change
  const key = layoutKey('a', 'tasks')
  const layout = () => useTableLayout.getState().layouts[key]

  test('sort, grouping, columns and widths, dragging one width being one step', () => {
    change(key, { sort: [{ column: 'duration', descending: true }] })
    change(key, { groupBy: 'activity_id' })
    change(key, { visible: { 'used.lr': false } })
    change(key, { widthsPx: { task_id: 100 } })
    change(key, { widthsPx: { task_id: 130 } })
    change(key, { widthsPx: { task_id: 130, status: 80 } })
    expect(words()).toEqual(['sorted by duration, largest first', 'grouped by activity_id', 'hid used.lr', 'changed the width of task_id', 'changed the width of status'])
    undo()
    undo()
    expect(layout()?.widthsPx).toEqual({})
    for (let i = 0; i < 3; i++) undo()
    expect(layout()).toMatchObject({ sort: [], groupBy: null, visible: {} })
  })

  test('what was remembered of it is no step', () => {
    useTableLayout.setState(({ restored }) => ({ layouts: { [key]: { visible: {}, order: [], pinned: [], widthsPx: {}, sort: [{ column: 'x', descending: false }], groupBy: null, hideEmpty: true, hideConstant: false } }, restored: restored + 1 }))
    expect(words()).toEqual([])
    change(key, { groupBy: 'status' })
    expect(words()).toEqual(['grouped by status'])
  })
})

test('what belongs together is one step, under its own words', () => {
  asOneStep('applied “Failed”', () => {
    state().setRecords('workflows')
    state().setChips([{ key: 'x', filter: { status: 'ERROR' }, on: true }])
    state().setSearch('boom')
  })
  expect(words()).toEqual(['applied “Failed”'])
  undo()
  expect(state()).toMatchObject({ ...emptyScope, records: 'tasks' })
  expect(toasts.getState().shown.map(({ title }) => title)).toEqual(['Undone: applied “Failed”'])
  redo()
  expect(state()).toMatchObject({ records: 'workflows', search: 'boom' })
  expect(toasts.getState().shown.map(({ title }) => title)).toEqual(['Done again: applied “Failed”'])
})

test('each source has its own steps; another view or another selection is none', () => {
  state().addChips([{ a: 1 }])
  state().openSource('b')
  state().openView('tree')
  state().select({ id: 't', column: null })
  undo()
  expect(histories.getState().of['b']).toBeUndefined()
  state().openSource('a')
  undo()
  expect(filters()).toEqual([])
})

test('an address that sets the same conditions anew is no step', () => {
  state().addChips([{ a: 1 }])
  state().setChips([{ key: 'other', filter: { a: 1 }, on: true }])
  expect(words()).toEqual(['added a = 1'])
})

test('there is an end to what is kept', () => {
  for (let i = 0; i < 250; i++) state().addChips([{ a: i }], { replace: 'a' })
  expect(words()).toHaveLength(200)
})
