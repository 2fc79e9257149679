import fc from 'fast-check'
import '../../../testing/propertySeed.ts'
import { describe, expect, test } from 'vitest'
import type { Ways } from './adjacency.ts'
import { EdgeList } from './edgeList.ts'
import { between, reach, shortestWay } from './reach.ts'
import { edgeKinds } from './taskGraph.ts'

type Edge = readonly [from: number, to: number, isInferred: boolean]
type Drawn = { readonly count: number; readonly edges: readonly Edge[] }

/** Few tasks and many edges: cycles, parallel edges and edges to oneself are common. */
const drawn: fc.Arbitrary<Drawn> = fc.integer({ min: 1, max: 9 }).chain((count) => {
  const task = fc.integer({ min: 0, max: count - 1 })
  return fc.record({ count: fc.constant(count), edges: fc.array(fc.tuple(task, task, fc.boolean()), { maxLength: 18 }) })
})
const asked = drawn.chain((graph) => fc.record({ graph: fc.constant(graph), a: fc.integer({ min: 0, max: graph.count - 1 }), b: fc.integer({ min: 0, max: graph.count - 1 }), inferred: fc.boolean() }))

function waysOf({ count, edges }: Drawn): Ways {
  const list = new EdgeList()
  for (const [at, [from, to, isInferred]] of edges.entries()) list.push({ from, to, kind: isInferred ? edgeKinds.value : edgeKinds.dependency, via: at, value: -1, producers: 1 })
  const sorted = list.sorted(count, () => false)
  return { count, edges: { ...sorted, kind: Uint8Array.from(sorted.kind) } }
}

/** Fewest steps between any two tasks, by trying every stop on the way (Floyd and Warshall). */
function allSteps({ count, edges }: Drawn, inferred: boolean): number[][] {
  const steps = Array.from({ length: count }, (_, a) => Array.from({ length: count }, (__, b) => (a === b ? 0 : Infinity)))
  for (const [from, to, isInferred] of edges) if (from !== to && (inferred || !isInferred)) steps[from]![to] = 1
  for (let stop = 0; stop < count; stop++) for (let a = 0; a < count; a++) for (let b = 0; b < count; b++) steps[a]![b] = Math.min(steps[a]![b]!, steps[a]![stop]! + steps[stop]![b]!)
  return steps
}
const finite = (steps: number, most = Infinity): number => (steps <= most && steps !== Infinity ? steps : -1)

describe('ways through any graph', () => {
  test('what is upstream and downstream, and how far', () => {
    fc.assert(
      fc.property(asked, fc.integer({ min: 0, max: 5 }), ({ graph, a, inferred }, depth) => {
        const ways = waysOf(graph)
        const steps = allSteps(graph, inferred)
        expect([...reach(ways, [a], { direction: 'down', inferred })]).toEqual(steps[a]!.map((one) => finite(one)))
        expect([...reach(ways, [a], { direction: 'up', inferred })]).toEqual(steps.map((row) => finite(row[a]!)))
        expect([...reach(ways, [a], { direction: 'down', inferred, depth })]).toEqual(steps[a]!.map((one) => finite(one, depth)))
      })
    )
  })

  test('from several tasks, and by certain edges first', () => {
    fc.assert(
      fc.property(asked, ({ graph, a, b, inferred }) => {
        const ways = waysOf(graph)
        const steps = allSteps(graph, inferred)
        expect([...reach(ways, [...new Set([a, b])], { direction: 'down', inferred })]).toEqual(steps[a]!.map((one, at) => finite(Math.min(one, steps[b]![at]!))))
        const first = reach(ways, [a], { direction: 'down', inferred, first: (edge) => ways.edges.to[edge] === b })
        const isNext = graph.edges.some(([from, to, isInferred]) => from === a && to === b && (inferred || !isInferred))
        expect([...first]).toEqual(steps[b]!.map((one, at) => (at === a ? 0 : isNext ? finite(one + 1) : -1)))
      })
    )
  })

  test('every task on some way from one to another, and a shortest way', () => {
    fc.assert(
      fc.property(asked, ({ graph, a, b, inferred }) => {
        const ways = waysOf(graph)
        const steps = allSteps(graph, inferred)
        expect([...between(ways, a, b, inferred)]).toEqual(steps.map((row, at) => (steps[a]![at]! + row[b]! < Infinity ? 1 : 0)))
        const way = shortestWay(ways, a, b, inferred)
        expect(way.length).toBe(finite(steps[a]![b]!) + 1)
        if (way.length > 0) expect([way[0], way.at(-1)]).toEqual([a, b])
        for (const [at, task] of way.slice(1).entries()) expect(graph.edges.some(([from, to, isInferred]) => from === way[at] && to === task && (inferred || !isInferred))).toBe(true)
      })
    )
  })
})
