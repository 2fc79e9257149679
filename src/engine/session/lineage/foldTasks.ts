/** Which tasks of a picture stand alike: the same activity between the same neighbours, told by their activities and theirs in turn. */
import { grouped } from './edgeList.ts'
import type { TaskGraph } from './taskGraph.ts'

/** Kinds of tasks that stand alike, numbered from 0. */
export type Looks = {
  /** By task of the picture. */
  readonly of: (task: number) => number
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
  // A lineage is a few tasks of a million: only these are counted through.
  const places = tasks.length === activity.length ? null : new Map(tasks.map((task, place) => [task, place]))
  const placeOf = (task: number): number => (places ? (places.get(task) as number) : task)
  let looks = looksOf(tasks, (task) => (alone.has(task) ? `task ${task}` : `${activity[task]}`))
  const around = [edges.from, edges.to].map((end) => grouped(Int32Array.from(edgeNumbers, (edge) => placeOf(end[edge] as number)), tasks.length))
  for (let round = 0; round < rounds; round++) {
    const before = looks.of
    const codesOf = (place: number, codes: Set<number>): void => {
      for (const [side, { order, starts }] of around.entries()) {
        for (let at = starts[place] as number; at < (starts[place + 1] as number); at++) {
          const edge = edgeNumbers[order[at] as number] as number
          const other = placeOf((side === 0 ? edges.to[edge] : edges.from[edge]) as number)
          codes.add(((before[other] as number) * 4 + (edges.kind[edge] as number)) * 2 + side)
        }
      }
    }
    const codes = new Set<number>()
    const next = looksOf(tasks, (_, place) => {
      codes.clear()
      codesOf(place, codes)
      return `${before[place]}:${[...codes].toSorted((a, b) => a - b).join()}`
    })
    if (next.first.length > limit) break
    looks = next
  }
  const { count, first, of } = looks
  return { of: (task) => of[placeOf(task)] as number, first, count }
}

function looksOf(tasks: readonly number[], look: (task: number, place: number) => string): { of: Int32Array; first: number[]; count: number[] } {
  const numbers = new Map<string, number>()
  const looks = { of: new Int32Array(tasks.length), first: [] as number[], count: [] as number[] }
  for (const [place, task] of tasks.entries()) {
    const text = look(task, place)
    const number = numbers.get(text) ?? numbers.size
    if (number === numbers.size) {
      numbers.set(text, number)
      looks.first.push(task)
      looks.count.push(0)
    }
    looks.of[place] = number
    looks.count[number] = (looks.count[number] as number) + 1
  }
  return looks
}
