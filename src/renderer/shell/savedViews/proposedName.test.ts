import { expect, test } from 'vitest'
import { viewSchema } from '#contract/viewFile'
import { proposedName } from './proposedName.ts'

test.each<[object, string]>([
  [{}, 'All tasks'],
  [{ records: 'workflows' }, 'All workflows'],
  [{ table: { sort: [{ column: 'duration', descending: true }] } }, 'Tasks by duration'],
  [{ chips: [{ filter: { status: 'ERROR' } }, { filter: { hostname: 'nid1' } }, { filter: { a: 1 }, on: false }] }, 'status = ERROR, hostname = nid1'],
  [{ node: { kind: 'workflow', key: 'k', name: 'train', filter: {} }, search: 'loss' }, 'train, “loss”'],
  [{ search: 'x'.repeat(100) }, `“${'x'.repeat(58)}…`]
])('%j is called %s', (view, name) => {
  expect(proposedName(viewSchema.parse(view))).toBe(name)
})
