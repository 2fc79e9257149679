/** The quick places: data flows down, nothing covers anything, cycles end. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { edgeOf, nodeOf } from '../../../testing/tinyGraph.ts'
import { indexGraph } from '../../state/graphIndex.ts'
import { overlaps } from './blocks.ts'
import { sizeOf } from './nodeSize.ts'
import { quickPlaces } from './quickPlaces.ts'

test('of any graph, every node has a place and none covers another; without cycles every edge goes down', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.array(fc.tuple(fc.nat(24), fc.nat(24)), { maxLength: 60 }), fc.boolean(), (n, ties, acyclic) => {
      const edges = ties.map(([a, b]) => [a % n, b % n] as const).map(([a, b]) => (acyclic ? ([Math.min(a, b), Math.max(a, b)] as const) : ([a, b] as const))).filter(([a, b]) => !acyclic || a !== b)
      const index = indexGraph({ nodes: Array.from({ length: n }, (_, at) => nodeOf(`n${at}`)), edges: edges.map(([a, b]) => edgeOf(`n${a}`, `n${b}`)) })
      const { nodes } = quickPlaces(index)
      const boxes = [...index.nodes.values()].map((node) => ({ ...(nodes.get(node.key) ?? { x: NaN, y: NaN }), ...sizeOf(node) }))
      for (const [at, box] of boxes.entries()) {
        expect(Number.isFinite(box.x) && Number.isFinite(box.y)).toBe(true)
        for (const other of boxes.slice(at + 1)) expect(overlaps(box, other, 0)).toBe(false)
      }
      if (acyclic) for (const [a, b] of edges) expect(nodes.get(`n${a}`)?.y).toBeLessThan(nodes.get(`n${b}`)?.y ?? NaN)
    })
  )
})
