/** Walking a graph: what lies upstream and downstream, through cycles, and which cell a value is. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edgeOf, nodeOf } from '../../testing/tinyGraph.ts'
import { cellOf, edgesInto, indexGraph, neighbours, reach, reachOf } from './graphIndex.ts'

const entity = (key: string, more = {}) => nodeOf(key, { kind: 'entity', taskId: null, column: 'path', value: 'a.csv', ...more })

test('two edges that say the same of different values are two', () => {
  const index = indexGraph({ nodes: [nodeOf('a'), nodeOf('b')], edges: [edgeOf('a', 'b', { value: 1 }), edgeOf('a', 'b', { value: 2 })] })
  expect(index.edges.size).toBe(2)
  expect(edgesInto(index, 'b').map(({ value }) => value)).toEqual([1, 2])
  expect(neighbours(index, 'b', 'up')).toEqual(['a'])
})

test('an edge to a node that is not there is none', () => {
  const index = indexGraph({ nodes: [nodeOf('a')], edges: [edgeOf('a', 'gone')] })
  expect(index.edges.size).toBe(0)
})

test('what lies in one direction comes nearest first', () => {
  const index = indexGraph({ nodes: ['a', 'b', 'c', 'd'].map((key) => nodeOf(key)), edges: [edgeOf('c', 'd'), edgeOf('a', 'b'), edgeOf('b', 'd'), edgeOf('a', 'c')] })
  expect([...reach(index, 'd', 'up').nodes]).toEqual(['d', 'c', 'b', 'a'])
  expect([...reach(index, 'a', 'down').nodes].toSorted()).toEqual(['a', 'b', 'c', 'd'])
  expect(reachOf(index, 'b').nodes).toEqual(new Set(['b', 'a', 'd']))
})

test('a chosen edge reaches from its ends', () => {
  const index = indexGraph({ nodes: ['a', 'b', 'c', 'd'].map((key) => nodeOf(key)), edges: [edgeOf('a', 'b'), edgeOf('b', 'c'), edgeOf('b', 'd')] })
  const [, bc] = [...index.edges.keys()]
  expect(reachOf(index, bc ?? '').nodes).toEqual(new Set(['b', 'a', 'c']))
  expect(reachOf(index, 'nothing').nodes.size).toBe(0)
})

test('upstream and downstream agree on any graph, cycles included', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 }), (ties) => {
      const keys = Array.from({ length: 10 }, (_, at) => `n${at}`)
      const index = indexGraph({ nodes: keys.map((key) => nodeOf(key)), edges: ties.map(([from, to]) => edgeOf(`n${from}`, `n${to}`)) })
      for (const from of keys) for (const to of keys) expect(reach(index, from, 'down').nodes.has(to)).toBe(reach(index, to, 'up').nodes.has(from))
    })
  )
})

describe('the cell of a value', () => {
  test('is the producer’s, under its first key', () => {
    const index = indexGraph({ nodes: [nodeOf('t'), entity('v'), nodeOf('u')], edges: [edgeOf('t', 'v', { relation: 'wasGeneratedBy' }), edgeOf('v', 'u', { relation: 'used' })] })
    expect(cellOf(index, entity('v'))).toEqual({ taskId: 't', column: 'generated.path' })
  })
  test('is the user’s where nobody here produced it', () => {
    const index = indexGraph({ nodes: [entity('v'), nodeOf('u')], edges: [edgeOf('v', 'u', { relation: 'used' })] })
    expect(cellOf(index, entity('v'))).toEqual({ taskId: 'u', column: 'used.path' })
  })
  test('is as the answer names it where it does', () => {
    const index = indexGraph({ nodes: [entity('v')], edges: [] })
    expect(cellOf(index, entity('v', { taskId: 'x', column: 'generated.path' }))).toEqual({ taskId: 'x', column: 'generated.path' })
  })
  test('is none of several, nor of what is no value', () => {
    const index = indexGraph({ nodes: [entity('v', { count: 3 })], edges: [] })
    expect(cellOf(index, entity('v', { count: 3 }))).toBeNull()
    expect(cellOf(index, nodeOf('t'))).toBeNull()
  })
})
