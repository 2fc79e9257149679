import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../../testing/propertySeed.ts'
import { circleLinks, type Links, longestChains, topologicalOrder, withoutLinks } from './longestChain.ts'

const linksOf = (pairs: readonly (readonly [number, number])[]): Links => {
  const sorted = [...new Map(pairs.map((pair) => [String(pair), pair])).values()].toSorted((one, other) => one[0] - other[0] || one[1] - other[1])
  return { from: Int32Array.from(sorted, ([from]) => from), to: Int32Array.from(sorted, ([, to]) => to) }
}
const pairsOf = ({ from, to }: Links): [number, number][] => [...from].map((task, link) => [task, to[link] as number])

/** Every chain there is, by going along all of them. */
function longest(seconds: readonly number[], links: Links): number {
  const pairs = pairsOf(links)
  const from = (task: number): number => (seconds[task] as number) + Math.max(0, ...pairs.filter(([one]) => one === task).map(([, other]) => from(other)))
  return Math.max(0, ...seconds.map((_, task) => from(task)))
}

/** Numbers shuffled, so that the order of the numbers says nothing. */
const graph = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc.record({
    seconds: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: count, maxLength: count }),
    places: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
    pairs: fc.array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 20 })
  })
)
const acyclicOf = ({ places, pairs }: { places: readonly number[]; pairs: readonly (readonly [number, number])[] }): Links =>
  linksOf(pairs.filter(([one, other]) => one < other).map(([one, other]) => [places[one] as number, places[other] as number]))

test('the longest chain is the longest of all there are', () => {
  fc.assert(
    fc.property(graph, ({ seconds, ...shape }) => {
      const links = acyclicOf(shape)
      const { length, path, pathLinks } = longestChains(Float64Array.from(seconds), links)
      expect(length).toBe(longest(seconds, links))
      expect([...path].reduce((sum, task) => sum + (seconds[task] as number), 0)).toBe(length)
      expect(pathLinks[0]).toBe(-1)
      for (let at = 1; at < path.length; at++) expect([links.from[pathLinks[at] as number], links.to[pathLinks[at] as number]]).toEqual([path[at - 1], path[at]])
    })
  )
})

test('slack is by how much a task can take longer before the longest chain does', () => {
  fc.assert(
    fc.property(graph, ({ seconds, ...shape }) => {
      const links = acyclicOf(shape)
      const { length, slack } = longestChains(Float64Array.from(seconds), links)
      seconds.forEach((own, task) => {
        const with_ = (more: number): number => longest(seconds.with(task, own + more), links)
        expect(with_(slack[task] as number)).toBe(length)
        expect(with_((slack[task] as number) + 0.5)).toBe(length + 0.5)
      })
    })
  )
})

test('tasks without times have no slack, and are on no chain', () => {
  const { length, path, slack } = longestChains(Float64Array.of(NaN, 2, NaN, 1), linksOf([[1, 3]]))
  expect([length, [...path], [...slack]]).toEqual([3, [1, 3], [NaN, 0, NaN, 0]])
  expect(longestChains(Float64Array.of(NaN), linksOf([]))).toMatchObject({ length: 0, path: new Int32Array(0) })
})

test('links that are left out lie on a circle and go back in time, and no circle is left', () => {
  fc.assert(
    fc.property(graph, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 9, maxLength: 9 }), ({ seconds, pairs }, starts) => {
      const links = linksOf(pairs)
      const start = Float64Array.from(seconds, (_, task) => starts[task] as number)
      const cut = circleLinks(start, links)
      const kept = withoutLinks(links, cut)
      expect(topologicalOrder(seconds.length, kept)).toHaveLength(seconds.length)
      const reaches = (from: number, to: number): boolean => {
        const found = new Set([from])
        for (const task of found) for (const [one, other] of pairsOf(links)) if (one === task) found.add(other)
        return found.has(to)
      }
      pairsOf(links).forEach(([from, to], link) => {
        const isBack = (start[to] as number) < (start[from] as number) || (start[to] === start[from] && to <= from)
        expect(cut[link] === 1).toBe(isBack && reaches(to, from))
      })
    })
  )
})

test('a chain of half a million does not overflow, nor does a circle of as many', () => {
  const count = 500_000
  const chain = { from: Int32Array.from({ length: count - 1 }, (_, task) => task), to: Int32Array.from({ length: count - 1 }, (_, task) => task + 1) }
  const seconds = new Float64Array(count).fill(1)
  expect(longestChains(seconds, chain)).toMatchObject({ length: count })
  const circle = { from: Int32Array.from([...chain.from, count - 1]), to: Int32Array.from([...chain.to, 0]) }
  const cut = circleLinks(Float64Array.from(seconds, (_, task) => task), circle)
  expect([cut.indexOf(1), cut.lastIndexOf(1)]).toEqual([count - 1, count - 1])
})
