import { expect, test } from 'vitest'
import { chipOf, columnOf, emptyScope, join, scopeOf } from './scope.ts'

const node = { key: 'w', kind: 'workflow' as const, name: 'train', filter: { workflow_id: 'w' } }

test('nothing set leaves everything', () => {
  expect(scopeOf(emptyScope)).toEqual({ filter: {}, search: '' })
})

test('node, chips and times are joined; a chip that is off is not', () => {
  const chips = [chipOf({ a: 1 }), { ...chipOf({ b: 2 }), on: false }]
  expect(scopeOf({ node, chips, search: 'x', range: { from: 1, to: 2 } })).toEqual({ filter: { $and: [{ workflow_id: 'w' }, { a: 1 }, { started_at: { $gte: 1, $lte: 2 } }] }, search: 'x' })
})

test('one condition stands for itself', () => {
  expect(join([{}, { a: 1 }])).toEqual({ a: 1 })
})

test.each(['workflows', 'agents', 'objects'] as const)('%s are narrowed by neither the tree nor times, which speak of tasks', (records) => {
  expect(scopeOf({ node, chips: [chipOf({ name: 'x' })], search: '', range: { from: 1, to: 2 } }, records).filter).toEqual({ name: 'x' })
})

test('chips have keys of their own, and know their column', () => {
  expect(chipOf({ a: 1 }).key).not.toBe(chipOf({ a: 1 }).key)
  expect([columnOf({ 'used.lr': { $gt: 1 } }), columnOf({ $or: [] }), columnOf({ a: 1, b: 2 })]).toEqual(['used.lr', null, null])
})
