import fc from 'fast-check'
import { expect, test } from 'vitest'
import '../../../testing/propertySeed.ts'
import { plantTasks } from './parentLinks.ts'

const records = fc.integer({ min: 1, max: 30 }).chain((count) =>
  fc.array(fc.record({ parent: fc.integer({ min: -1, max: count - 1 }), start: fc.option(fc.integer({ min: 0, max: 5 })) }), { minLength: count, maxLength: count })
)

test('every task stands once, below its parent unless that would close a circle', () => {
  fc.assert(
    fc.property(records, (tasks) => {
      const wanted = Int32Array.from(tasks, ({ parent }) => parent)
      const start = Float64Array.from(tasks, (task) => task.start ?? NaN)
      const { at, children, childrenAt, cut, parent, preorder, size } = plantTasks(wanted, start)
      expect([...preorder].toSorted((one, other) => one - other)).toEqual(tasks.map((_, task) => task))
      const above = (task: number): number[] => {
        const found: number[] = []
        for (let next = wanted[task] as number; next >= 0 && !found.includes(next); next = wanted[next] as number) found.push(next)
        return found
      }
      tasks.forEach((_, task) => {
        const circle = above(task).includes(task) ? above(task) : []
        const first = circle.toSorted((one, other) => (tasks[one]?.start ?? Infinity) - (tasks[other]?.start ?? Infinity) || one - other)[0]
        expect(cut[task]).toBe(task === first ? 1 : 0)
        expect(parent[task]).toBe(task === first ? -1 : wanted[task])
        expect([...children.subarray(childrenAt[task], childrenAt[task + 1])]).toEqual(tasks.flatMap((_, child) => (parent[child] === task ? [child] : [])))
        const below = preorder.subarray(at[task], (at[task] as number) + (size[task] as number))
        const isBelow = (other: number): boolean => other === task || ((parent[other] as number) >= 0 && isBelow(parent[other] as number))
        expect([...below].toSorted((one, other) => one - other)).toEqual(tasks.flatMap((_, other) => (isBelow(other) ? [other] : [])))
      })
    })
  )
})

test('half a million below each other', () => {
  const count = 500_000
  const { size } = plantTasks(Int32Array.from({ length: count }, (_, task) => task - 1), new Float64Array(count))
  expect(size[0]).toBe(count)
})
