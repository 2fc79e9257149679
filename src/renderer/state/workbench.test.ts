import { beforeEach, expect, test, vi } from 'vitest'
import { emptyScope } from './scope.ts'
import { workbench } from './workbench.ts'

const start = workbench.getInitialState()
beforeEach(() => {
  workbench.setState(start, true)
  vi.stubGlobal('window', { innerWidth: 1440 })
})
const state = workbench.getState

test('each source comes back with the scope it was left with; the selection does not cross over', () => {
  state().openSource('a')
  state().addChips([{ status: 'ERROR' }])
  state().setSearch('x')
  state().select({ id: 't', column: null })
  state().openSource('b')
  expect(state()).toMatchObject({ ...emptyScope, selection: null })
  state().openSource('a')
  expect(state().search).toBe('x')
  expect(state().chips.map((chip) => chip.filter)).toEqual([{ status: 'ERROR' }])
})

test('a chip on a column takes the place of the others on it, if asked to', () => {
  state().addChips([{ a: 1 }, { a: { $gt: 2 } }, { b: 3 }])
  state().addChips([{ a: 4 }], { replace: 'a' })
  expect(state().chips.map((chip) => chip.filter)).toEqual([{ b: 3 }, { a: 4 }])
})

test('a chip is turned off, changed and taken away by its key', () => {
  state().addChips([{ a: 1 }, { b: 2 }])
  const [a, b] = state().chips.map((chip) => chip.key) as [string, string]
  state().toggleChip(a)
  state().changeChip(b, { b: 5 })
  expect(state().chips.map(({ filter, on }) => ({ filter, on }))).toEqual([{ filter: { a: 1 }, on: false }, { filter: { b: 5 }, on: true }])
  state().changeChip(a, null)
  expect(state().chips).toHaveLength(1)
})

test('another kind of records begins without a selection, columns and order', () => {
  state().select({ id: 't', column: 'a' })
  state().setTable({ columns: ['a'], sort: [{ column: 'a', descending: true }] })
  state().setRecords('workflows')
  expect(state()).toMatchObject({ selection: null, tableColumns: [], tableSort: [] })
})

test('the inspector opens with the table where it has room beside it', () => {
  state().openView('table')
  expect(state().inspectorOpen).toBe(true)
  state().openView('overview')
  expect(state().inspectorOpen).toBe(false)
  vi.stubGlobal('window', { innerWidth: 1024 })
  state().openView('table')
  expect(state().inspectorOpen).toBe(false)
})
