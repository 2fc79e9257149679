/** Known nodes stay, new ones cover nothing, and a fold opens where it was. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indexGraph } from '../../state/graphIndex.ts'
import { boundsOf, overlaps } from './blocks.ts'
import type { Places } from './layoutRequest.ts'
import { sizeOf } from './nodeSize.ts'
import { settle } from './placement.ts'
import { edgeOf, nodeOf } from '../../../testing/tinyGraph.ts'

const chain = (names: string[]) => indexGraph({ nodes: names.map((name) => nodeOf(name)), edges: names.slice(1).map((name, at) => edgeOf(names[at] ?? '', name)) })
/** Layers below each other, as a layout gives them. */
const rows = (...layers: string[][]): Places => ({ nodes: new Map(layers.flatMap((layer, y) => layer.map((key, x): [string, { x: number; y: number }] => [key, { x: x * 200, y: y * 70 }]))), routes: new Map() })
const boxesOf = (index: ReturnType<typeof indexGraph>, places: Places) =>
  [...index.nodes.values()].map((node) => ({ key: node.key, ...(places.nodes.get(node.key) ?? { x: NaN, y: NaN }), ...sizeOf(node) }))

describe('what is new', () => {
  test('goes beside what it is tied to, and nothing else moves', () => {
    const before = rows(['a'], ['b'], ['c'])
    const index = indexGraph({ nodes: ['a', 'b', 'c', 'd'].map((name) => nodeOf(name)), edges: [edgeOf('a', 'b'), edgeOf('b', 'c'), edgeOf('a', 'd')] })
    const after = settle(index, rows(['a'], ['d', 'b'], ['c']), before, null)
    for (const key of ['a', 'b', 'c']) expect(after.nodes.get(key)).toEqual(before.nodes.get(key))
    expect(after.nodes.get('d')?.y).toBe(70)
    expect(after.nodes.get('d')?.x).not.toBe(before.nodes.get('b')?.x)
  })

  test('with more new than known everything is as if laid out freshly, round what must not move', () => {
    const index = chain(['a', 'b', 'c', 'd', 'e'])
    const after = settle(index, rows(['a'], ['b'], ['c'], ['d'], ['e']), { nodes: new Map([['c', { x: 500, y: 500 }]]), routes: new Map() }, 'c')
    expect(after.nodes.get('c')).toEqual({ x: 500, y: 500 })
    expect(after.nodes.get('b')).toEqual({ x: 500, y: 430 })
  })

  test('covers nothing, and moves nothing, whatever was there', () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 6 }), y: fc.integer({ min: 0, max: 6 }) })
    fc.assert(
      fc.property(fc.uniqueArray(point, { minLength: 2, maxLength: 20, selector: ({ x, y }) => `${x} ${y}` }), fc.array(fc.tuple(fc.nat(19), fc.nat(29)), { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (known, ties, added) => {
        const names = [...known.keys()].map((at) => `k${at}`)
        const fresher = Array.from({ length: Math.min(added, known.length) }, (_, at) => `n${at}`)
        const all = [...names, ...fresher]
        const index = indexGraph({ nodes: all.map((name) => nodeOf(name)), edges: ties.map(([from, to]) => edgeOf(all[from % all.length] ?? '', all[to % all.length] ?? '')) })
        const before: Places = { nodes: new Map(known.map(({ x, y }, at) => [`k${at}`, { x: x * 200, y: y * 70 }])), routes: new Map() }
        const fresh: Places = { nodes: new Map(all.map((key, at) => [key, { x: (at % 5) * 200, y: Math.floor(at / 5) * 70 }])), routes: new Map() }
        const after = settle(index, fresh, before, null)
        for (const key of names) expect(after.nodes.get(key)).toEqual(before.nodes.get(key))
        const boxes = boxesOf(index, after)
        for (const box of boxes.filter(({ key }) => key.startsWith('n'))) for (const other of boxes) if (other !== box) expect(overlaps(box, other, 0)).toBe(false)
      })
    )
  })
})

describe('what is unfolded', () => {
  const before = rows(['left', 'fold', 'right'], ['below'])
  const children = Array.from({ length: 5 }, (_, at) => `child${at}`)
  const index = indexGraph({ nodes: ['left', 'right', 'below', ...children].map((name) => nodeOf(name)), edges: children.map((child) => edgeOf(child, 'below')) })
  const after = settle(index, rows(['left', ...children, 'right'], ['below']), before, null)

  test('opens in the middle of its place', () => {
    const opened = boundsOf(boxesOf(index, after).filter(({ key }) => key.startsWith('child')))
    expect(opened.x + opened.width / 2).toBeCloseTo(200 + 70, 0)
    expect(opened.y).toBe(0)
  })

  test('moves the sides apart, the left to the left and the right to the right, by the same', () => {
    const [left, right] = [after.nodes.get('left')?.x ?? NaN, after.nodes.get('right')?.x ?? NaN]
    expect(left).toBeLessThan(0)
    expect(right - 400).toBeCloseTo(-left, 6)
    const boxes = boxesOf(index, after)
    for (const [at, box] of boxes.entries()) for (const other of boxes.slice(at + 1)) expect(overlaps(box, other, 0), `${box.key} ${other.key}`).toBe(false)
  })

  test('a long layer goes on below, and what is below moves down', () => {
    const many = Array.from({ length: 40 }, (_, at) => `child${at}`)
    const wide = indexGraph({ nodes: ['below', ...many].map((name) => nodeOf(name)), edges: many.map((child) => edgeOf(child, 'below')) })
    const settled = settle(wide, rows(many, ['below']), rows(['fold'], ['below']), null)
    const opened = boundsOf(boxesOf(wide, settled).filter(({ key }) => key.startsWith('child')))
    expect(opened.width).toBeLessThan(1600)
    expect(settled.nodes.get('below')?.y).toBeGreaterThan(opened.y + opened.height)
  })
})

test('a route holds while both of its ends stand as it was made', () => {
  const index = indexGraph({ nodes: ['a', 'b', 'c'].map((name) => nodeOf(name)), edges: [edgeOf('a', 'b'), edgeOf('b', 'c')] })
  const [ab, bc] = [...index.edges.keys()]
  const route = { points: [{ x: 0, y: 0 }, { x: 0, y: 70 }], label: null }
  const before: Places = { nodes: rows(['a'], ['b']).nodes, routes: new Map([[ab ?? '', route]]) }
  const after = settle(index, { ...rows(['a'], ['b'], ['c']), routes: new Map([[ab ?? '', route], [bc ?? '', route]]) }, before, null)
  expect(after.routes.get(ab ?? '')).toEqual(route)
  expect([...after.routes.keys()]).toEqual([ab, bc])
})
