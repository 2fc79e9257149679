/** What the layout library makes of a graph: data flows downwards, nothing covers anything, edges begin and end at their nodes. */
import ELK from 'elkjs'
import { describe, expect, test } from 'vitest'
import { edgeOf, nodeOf } from '../../../testing/tinyGraph.ts'
import { indexGraph } from '../../state/graphIndex.ts'
import { overlaps } from './blocks.ts'
import { edgeLabels } from './edgeLabels.ts'
import { edgePath, middleOf } from './edgePath.ts'
import { layoutRequest, placesOf } from './layoutRequest.ts'
import { centreOf, nearestNode, readingOrder } from './nearestNode.ts'
import { sizeOf } from './nodeSize.ts'
import { wayOf } from './wayOf.ts'

const value = (key: string) => nodeOf(key, { kind: 'entity', taskId: null, column: key, value: `${key}-0001.csv` })
const index = indexGraph({
  nodes: [nodeOf('load', { seconds: 1.5 }), value('rows'), nodeOf('clean'), nodeOf('count', { taskId: null, count: 12, fold: 'f' }), value('total'), nodeOf('alone'), nodeOf('report')],
  edges: [
    edgeOf('load', 'rows', { relation: 'wasGeneratedBy' }),
    edgeOf('rows', 'clean', { relation: 'used', evidence: 'inferred', via: 'generated.rows = used.rows', value: 'rows-0001.csv', producers: 1 }),
    edgeOf('rows', 'count', { relation: 'used', evidence: 'inferred', via: 'generated.rows = used.rows', value: 'rows-0001.csv', producers: 1, earlySeconds: 2 }),
    edgeOf('count', 'total', { relation: 'wasGeneratedBy', count: 12 }),
    edgeOf('clean', 'report'),
    edgeOf('load', 'report')
  ]
})
const labels = edgeLabels(index)
const places = placesOf(await new ELK({ algorithms: ['layered'] }).layout(layoutRequest(index, labels)))

describe('the drawing', () => {
  const boxes = [...index.nodes.values()].map((node) => ({ key: node.key, ...(places.nodes.get(node.key) ?? { x: NaN, y: NaN }), ...sizeOf(node) }))

  test('every edge goes down', () => {
    for (const { from, to } of index.edges.values()) expect(places.nodes.get(from)?.y, `${from} ${to}`).toBeLessThan(places.nodes.get(to)?.y ?? NaN)
  })
  test('no node covers another', () => {
    expect(boxes).toHaveLength(index.nodes.size)
    for (const [at, box] of boxes.entries()) for (const other of boxes.slice(at + 1)) expect(overlaps(box, other, 0), `${box.key} ${other.key}`).toBe(false)
  })
  test('edges begin in the middle below and end in the middle above', () => {
    for (const { id, from, to } of index.edges.values()) {
      const points = places.routes.get(id)?.points ?? []
      const [start, end] = [boxes.find(({ key }) => key === from), boxes.find(({ key }) => key === to)]
      expect(points[0]?.x).toBeCloseTo((start?.x ?? NaN) + (start?.width ?? NaN) / 2, 3)
      expect(points[0]?.y).toBeCloseTo((start?.y ?? NaN) + (start?.height ?? NaN), 3)
      expect(points.at(-1)?.x).toBeCloseTo((end?.x ?? NaN) + (end?.width ?? NaN) / 2, 3)
      expect(points.at(-1)?.y).toBeLessThanOrEqual((end?.y ?? NaN) + 0.001)
    }
  })
  test('inferred edges and folded ones have words, in a place of their own', () => {
    expect([...labels.values()].map(({ text }) => text).toSorted()).toEqual(['read 2 s before its producer ended', 'value rows-0001.csv · 1 producer', '×12'])
    for (const id of labels.keys()) {
      const at = places.routes.get(id)?.label
      expect(at).not.toBeNull()
      for (const box of boxes) expect(overlaps({ x: at?.x ?? NaN, y: at?.y ?? NaN, width: 40, height: 18 }, box, 0)).toBe(false)
    }
  })
  test('is read from the top, and from the left', () => {
    const order = readingOrder(index, places)
    expect(order).toHaveLength(index.nodes.size)
    expect(order.indexOf('load')).toBeLessThan(order.indexOf('rows'))
    expect(order.indexOf('rows')).toBeLessThan(order.indexOf('total'))
  })
  test('arrow keys lead to what is seen there', () => {
    expect(nearestNode(index, places, 'load', 'down')).toBe('rows')
    expect(nearestNode(index, places, 'rows', 'up')).toBe('load')
    const [clean, count] = [centreOf(index, places, 'clean')?.x ?? NaN, centreOf(index, places, 'count')?.x ?? NaN]
    expect(nearestNode(index, places, clean < count ? 'clean' : 'count', 'right')).toBe(clean < count ? 'count' : 'clean')
  })
})

test('the way between two tasks is their nodes, the values between them, and those edges only', () => {
  const way = wayOf(index, ['load', 'clean', 'report'])
  expect(way.nodes).toEqual(new Set(['load', 'rows', 'clean', 'report']))
  expect([...way.edges].map((id) => index.edges.get(id)).map((edge) => `${edge?.from} ${edge?.to}`)).toEqual(['load rows', 'rows clean', 'clean report'])
})

test('a curve goes through its bends, straight where they are straight', () => {
  expect(edgePath([{ x: 0, y: 0 }, { x: 0, y: 50 }, { x: 40, y: 100 }])).toBe('M0 0L0 50C0 75 40 75 40 100')
  // What turns back up is a line with round corners.
  expect(edgePath([{ x: 0, y: 0 }, { x: 40, y: 0 }, { x: 40, y: -100 }])).toBe('M0 0L26 0Q40 0 40 -14L40 -100')
  expect(edgePath([])).toBe('')
  expect(middleOf([{ x: 0, y: 0 }, { x: 0, y: 30 }, { x: 70, y: 30 }])).toEqual({ x: 20, y: 30 })
})
