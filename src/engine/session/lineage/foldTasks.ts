/** Which tasks of a picture stand alike: the same activity between the same neighbours, told by their activities and theirs in turn. */
import { grouped } from './edgeList.ts'
import type { TaskGraph } from './taskGraph.ts'

/** Kinds of tasks that stand alike, numbered from 0. */
export type Looks = {
  /** By task; −1 for tasks that are not in the picture. */
  readonly of: Int32Array
  /** By kind: its first task, and how many there are. */
  readonly first: readonly number[]
  readonly count: readonly number[]
}
type Folded = {
  /** Tasks like no other. */
  readonly alone: ReadonlySet<number>
  /** How far around is looked at most: 0 at nothing but the activity, 1 at which are before and after it, 2 at what these stand between. */
  readonly rounds: number
  /** No further than there are so many kinds, if that is possible. */
  readonly limit: number
}

/** How many neighbours of a kind there are does not matter. */
export function foldTasks({ activity, edges }: Pick<TaskGraph, 'activity' | 'edges'>, tasks: readonly number[], edgeNumbers: readonly number[], { alone, limit, rounds }: Folded): Looks {
  const count = activity.length
  let looks = looksOf(tasks, count, (task) => (alone.has(task) ? `task ${task}` : `${activity[task]}`))
  const around = [edges.from, edges.to].map((end) => grouped(Int32Array.from(edgeNumbers, (edge) => end[edge] as number), count))
  for (let round = 0; round < rounds; round++) {
    const before = looks.of
    const codes = new Set<number>()
    const next = looksOf(tasks, count, (task) => {
      codes.clear()
      for (const [side, { order, starts }] of around.entries()) {
        for (let at = starts[task] as number; at < (starts[task + 1] as number); at++) {
          const edge = edgeNumbers[order[at] as number] as number
          const other = (side === 0 ? edges.to[edge] : edges.from[edge]) as number
          codes.add(((before[other] as number) * 4 + (edges.kind[edge] as number)) * 2 + side)
        }
      }
      return `${before[task]}:${[...codes].toSorted((a, b) => a - b).join()}`
    })
    if (next.first.length > limit) break
    looks = next
  }
  return looks
}

function looksOf(tasks: readonly number[], count: number, look: (task: number) => string): Looks {
  const numbers = new Map<string, number>()
  const looks = { of: new Int32Array(count).fill(-1), first: [] as number[], count: [] as number[] }
  for (const task of tasks) {
    const text = look(task)
    const number = numbers.get(text) ?? numbers.size
    if (number === numbers.size) {
      numbers.set(text, number)
      looks.first.push(task)
      looks.count.push(0)
    }
    looks.of[task] = number
    looks.count[number] = (looks.count[number] as number) + 1
  }
  return looks
}
