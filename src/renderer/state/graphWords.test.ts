/** What nodes and edges are called. */
import { describe, expect, test } from 'vitest'
import { edgeOf, nodeOf } from '../../testing/tinyGraph.ts'
import { cellText, edgeLabel, entityText, evidenceSentence, evidenceText, nodeLabel } from './graphWords.ts'

const value = (of: unknown, column = 'generated.rmse') => nodeOf('v', { kind: 'entity', name: column, column, value: of as never })

describe('a value', () => {
  test.each([
    [1.3215, 'rmse 1.3215'],
    [true, 'rmse true'],
    [{ int: '9007199254740993' }, 'rmse 9007199254740993'],
    ['sgd', 'rmse sgd'],
    ['/data/train/in_2803.csv', '/data/train/in_2803.csv'],
    [{ text: 'You are', length: 2040 }, 'rmse, 2,040 chars'],
    [{ json: '[1,2]' }, 'rmse [1,2]'],
    [{ json: '[1000001,1000002,1000003]' }, 'rmse, 3 items'],
    [{ json: '{"alpha":"0.001","beta":"2"}' }, 'rmse, 2 keys'],
    [{ json: '[NaN,1000001,1000002,1000003]' }, 'rmse, 29 chars'],
    [{ json: '[1000001,10', length: 5000 }, 'rmse, 5,000 chars']
  ])('%j is called %s', (of, words) => expect(entityText(value(of))).toBe(words))

  test('of several is called by its field alone', () => expect(entityText({ ...value(1), count: 7 })).toBe('rmse'))
  test('is never rounded', () => expect(cellText({ float: '-Infinity' })).toBe('−Infinity'))
})

test('a node says what it is, how many, how long, and what failed', () => {
  expect(nodeLabel(nodeOf('fit', { statuses: { FINISHED: 1 } }), '2.48 s')).toBe('fit, task, 2.48 s')
  expect(nodeLabel(nodeOf('fit', { taskId: null, count: 1200, fold: 'f', statuses: { ERROR: 3, FINISHED: 1197 } }), '2.48 s')).toBe('fit, 1,200 tasks, median 2.48 s, 3 failed, folded')
  expect(nodeLabel({ ...value(1.5), focus: true }, null)).toBe('rmse 1.5, value, what was asked about')
})

test('an edge says its evidence, and its ends in the words of the direction', () => {
  const edge = edgeOf('v', 'fit', { relation: 'used', evidence: 'inferred', via: 'generated.model = used.model', value: 'm.npz', producers: 1, earlySeconds: 3.73 })
  expect(evidenceText(edge)).toBe('value m.npz · 1 producer')
  expect(edgeLabel(edge, value('m.npz-x'), nodeOf('fit'), false, '3.73 s')).toBe('m.npz-x used by fit, inferred, value m.npz · 1 producer, read 3.73 s before its producer ended')
  expect(edgeLabel(edge, value('m.npz-x'), nodeOf('fit'), true, null)).toBe('fit used m.npz-x, inferred, value m.npz · 1 producer')
  expect(edgeLabel(edgeOf('a', 'b'), nodeOf('a'), nodeOf('b'), true, null)).toBe('b wasInformedBy a, captured')
})

test('folded edges say which field is equal and how often', () => {
  const edge = edgeOf('v', 'fit', { relation: 'used', evidence: 'inferred', via: 'generated.model = used.model', producers: 3, count: 40 })
  expect(evidenceText(edge)).toBe('model equal · 3 producers · ×40')
  expect(evidenceText({ ...edge, producers: 1 })).toBe('model equal · ×40')
  expect(evidenceSentence(edge)).toBe('inferred by generated.model = used.model, 3 producers, 40 edges folded')
})
