/** What is asked of the engine for what a person chose, and what is kept of it. */
import { expect, test } from 'vitest'
import { databaseOf, destinationIds, documentParams, type ExportChoice, type ExportView, idsFor, plainChoice, readChoice, recordsFor, scopeFor, storeParams, subjectOf, tableParams, withDatabase, withoutPassword } from './exportChoice.ts'

const view: ExportView = {
  sourceId: 's1',
  records: 'tasks',
  scope: { filter: { status: 'ERROR' }, search: 'x' },
  taskScope: { filter: { status: 'ERROR' }, search: 'x' },
  ids: ['t1', 't2'],
  sort: [{ column: 'started_at', descending: true }],
  columns: ['task_id', 'used.lr']
}
const choice = (change: Partial<ExportChoice>): ExportChoice => ({ ...plainChoice, ...change })
const placed = { name: 'a.csv' }

test('a table is what is shown: scope, order, columns; formulas are guarded only where cells are', () => {
  expect(tableParams(choice({ guard: true }), view, placed)).toEqual({ sourceId: 's1', records: 'tasks', scope: view.scope, format: 'csv', sort: view.sort, columns: view.columns, name: 'a.csv', secrets: 'replace', verify: true, manifest: true, guardFormulas: true })
  expect(tableParams(choice({ to: 'parquet', guard: true, columns: 'all' }), view, { name: 'a.parquet', handle: 'h' })).toMatchObject({ columns: [], guardFormulas: false, handle: 'h' })
  expect(tableParams(choice({ to: 'jsonl' }), view, placed).columns).toEqual([])
})

test('the selected rows are a filter on their id; the whole source is none', () => {
  expect(scopeFor('csv', 'selected', view)).toEqual({ filter: { task_id: { $in: ['t1', 't2'] } }, search: '' })
  expect(scopeFor('csv', 'selected', { ...view, records: 'workflows' })).toEqual({ filter: { workflow_id: { $in: ['t1', 't2'] } }, search: '' })
  expect(scopeFor('csv', 'whole', view)).toEqual({ filter: {}, search: '' })
})

test('documents are about tasks, stores about records, whatever the table shows; a selection of other records is none of theirs', () => {
  const messages: ExportView = { ...view, records: 'messages', scope: { filter: { type: 'task' }, search: '' } }
  expect([recordsFor('mongodb', 'messages'), recordsFor('prov-json', 'agents'), recordsFor('lmdb', 'agents'), recordsFor('csv', 'messages')]).toEqual(['tasks', 'tasks', 'agents', 'messages'])
  expect(scopeFor('mongodb', 'filtered', messages)).toEqual(messages.taskScope)
  expect(scopeFor('csv', 'filtered', messages)).toEqual(messages.scope)
  expect([idsFor('csv', messages), idsFor('html-report', { ...view, records: 'workflows' }), idsFor('html-report', view)]).toEqual([[], [], ['t1', 't2']])
})

test('a store is told how its records are to leave', () => {
  const ref = { type: 'mongodb', uri: 'mongodb://h/flowcept' } as const
  expect(storeParams(choice({ to: 'mongodb', secrets: 'keep', related: false, manifest: false }), view, ref)).toEqual({ sourceId: 's1', records: 'tasks', scope: view.scope, to: ref, related: false, secrets: 'keep', manifest: false })
})

test('a document is about what is shown, a run, or the lineage of a task', () => {
  expect(subjectOf(choice({ about: 'whole' }), 'w')).toEqual({ kind: 'shown' })
  expect(subjectOf(choice({ about: 'workflow' }), 'w')).toEqual({ kind: 'workflow', id: 'w' })
  expect(subjectOf(choice({ about: 'lineage', direction: 'up' }), 't')).toEqual({ kind: 'lineage', taskId: 't', direction: 'up' })
  expect(documentParams(choice({ to: 'prov-n', about: 'campaign', inferred: false }), view, 'c', { name: 'c.provn' })).toEqual({ sourceId: 's1', scope: { filter: {}, search: '' }, format: 'prov-n', subject: { kind: 'campaign', id: 'c' }, inferred: false, name: 'c.provn', secrets: 'replace', manifest: true })
})

test('what is kept is read again, and what is not understood is as it is at first', () => {
  for (const to of destinationIds) expect(readChoice({ ...plainChoice, to, verify: false }).to).toBe(to)
  expect(readChoice(JSON.parse(JSON.stringify(choice({ secrets: 'keep', direction: 'up', related: false }))))).toEqual(choice({ secrets: 'keep', direction: 'up', related: false }))
  for (const odd of [undefined, null, 3, 'csv', [], { to: 'xlsx', secrets: true, verify: 'no', uri: 4 }]) expect(readChoice(odd)).toEqual(plainChoice)
})

test('no password of an address is kept', () => {
  expect(readChoice({ uri: 'mongodb://ana:pw@h:1/db?x=1' }).uri).toBe('mongodb://ana@h:1/db?x=1')
  expect(withoutPassword('mongodb://ana:p@ss:w@h:1/db')).toBe('mongodb://ana@h:1/db')
  expect(withoutPassword('mongodb://h1:1,h2:2/db')).toBe('mongodb://h1:1,h2:2/db')
  expect(withoutPassword('mongodb+srv://ana:pw@h')).toBe('mongodb+srv://ana@h')
})

test('a database is put into an address and read out of it', () => {
  expect([databaseOf('mongodb://h:1'), databaseOf('mongodb://h:1/'), databaseOf('mongodb://u@h/runs?replicaSet=r')]).toEqual(['', '', 'runs'])
  expect(withDatabase('mongodb://h:1', 'runs')).toBe('mongodb://h:1/runs')
  expect(withDatabase(' mongodb://u@h/old?replicaSet=r', 'new')).toBe('mongodb://u@h/new?replicaSet=r')
  expect(withDatabase('mongodb://h1,h2?x=1', 'a b')).toBe('mongodb://h1,h2/a%20b?x=1')
  expect(withDatabase('mongodb://h/old', ' ')).toBe('mongodb://h/old')
  expect(withDatabase('not yet', 'runs')).toBe('not yet')
})
