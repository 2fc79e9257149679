import { expect, test, vi } from 'vitest'
import { viewSchema } from '#contract/viewFile'
vi.stubGlobal('window', { innerWidth: 1440, addEventListener: () => undefined })
vi.stubGlobal('location', { hash: '', host: 'x' })
const { fieldsOf, fitted, scopeOfView, viewNow } = await import('./savedViews.ts')
const { layoutKey, useTableLayout } = await import('./tableLayout.ts')
const { workbench } = await import('./workbench.ts')

test('what is shown is a view that can be written and read', () => {
  const state = workbench.getState()
  state.openSource('a')
  state.openView('timeline')
  state.addChips([{ 'used.lr': { $lt: 0.1 } }, { status: 'ERROR' }])
  state.toggleChip(workbench.getState().chips[1]?.key ?? '')
  state.setSearch('x')
  state.setRange({ from: 1, to: 2 })
  state.setNode({ key: 'k', kind: 'workflow', name: 'train', filter: { workflow_id: 'w' } })
  state.setLanes({ by: 'host', within: null, window: null })
  state.setCompare({ as: 'sweep' })
  useTableLayout.getState().change(layoutKey('a', 'tasks'), { sort: [{ column: 'duration', descending: true }], pinned: ['task_id'] })
  const view = viewNow()
  expect(viewSchema.parse(view)).toEqual(view)
  expect(view).toMatchObject({ view: 'timeline', search: 'x', range: { from: 1, to: 2 }, lanes: 'host', compare: { as: 'sweep' }, table: { pinned: ['task_id'], sort: [{ column: 'duration', descending: true }] }, chips: [{ on: true }, { filter: { status: 'ERROR' }, on: false }] })
  expect(scopeOfView(view)).toEqual({ filter: { $and: [{ workflow_id: 'w' }, { 'used.lr': { $lt: 0.1 } }, { started_at: { $gte: 1, $lte: 2 } }] }, search: 'x' })
})

test('what a source does not have is named, and left out where nothing could be drawn with it', () => {
  const view = viewSchema.parse({
    chips: [{ filter: { 'used.lr': 1 } }, { filter: { $or: [{ 'used.x': 1 }, { $and: [{ 'used.y': 1 }] }] } }, { filter: { 'used.off': 1 }, on: false }],
    table: { sort: [{ column: 'used.x' }, { column: 'duration' }], groupBy: 'used.z', pinned: ['task_id'], visible: { 'used.w': true, 'used.hidden': false }, widthsPx: { 'used.q': 90 } }
  })
  const { missing, table } = fitted(view, [{ name: 'task_id' }, { name: 'duration' }, { name: 'used.lr' }])
  expect(missing).toEqual(['used.x', 'used.y', 'used.z', 'used.w'])
  expect(table).toMatchObject({ sort: [{ column: 'duration', descending: false }], groupBy: null, pinned: ['task_id'], widthsPx: { 'used.q': 90 } })
  expect(fitted(viewSchema.parse({}), [])).toEqual({ missing: [], table: null })
})

test('fields of a filter, however deep', () => {
  expect(fieldsOf({ $nor: [{ a: 1 }, { $or: [{ b: { $gt: 1 } }] }], c: null })).toEqual(['a', 'b', 'c'])
})
