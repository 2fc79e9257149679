/** Which tasks of a picture stand alike: the same activity between the same neighbours, told by their activities and theirs in turn. */
import type { TaskGraph } from './taskGraph.ts'

/**
 * A number for each of `tasks`, the same for those that stand alike. `rounds` says how far around is looked: 0 at nothing but the
 * activity, 1 at which activities are before and after it, 2 at what these stand between. Tasks for which `alone` holds are like no other.
 * How many neighbours of a kind there are does not matter.
 */
export function foldTasks({ activity, edges }: Pick<TaskGraph, 'activity' | 'edges'>, tasks: readonly number[], edgeNumbers: readonly number[], { alone, rounds }: { alone: (task: number) => boolean; rounds: number }): Map<number, number> {
  let looks = numbered(tasks, (task) => (alone(task) ? `task ${task}` : `${activity[task]}`))
  const neighbours = new Map<number, number[]>(tasks.map((task) => [task, []]))
  for (const edge of edgeNumbers) {
    neighbours.get(edges.from[edge] as number)?.push(edge)
    if (edges.from[edge] !== edges.to[edge]) neighbours.get(edges.to[edge] as number)?.push(edge)
  }
  for (let round = 0; round < rounds; round++) {
    const before = looks
    looks = numbered(tasks, (task) => {
      const around = (neighbours.get(task) ?? []).map((edge) => {
        const isFrom = edges.from[edge] === task
        const other = (isFrom ? edges.to[edge] : edges.from[edge]) as number
        return `${edges.from[edge] === edges.to[edge] ? 'self' : isFrom ? 'to' : 'from'} ${edges.kind[edge]} ${before.get(other)}`
      })
      return `${before.get(task)}: ${[...new Set(around)].toSorted().join(', ')}`
    })
  }
  return looks
}

function numbered(tasks: readonly number[], look: (task: number) => string): Map<number, number> {
  const numbers = new Map<string, number>()
  return new Map(
    tasks.map((task) => {
      const text = look(task)
      const number = numbers.get(text) ?? numbers.size
      numbers.set(text, number)
      return [task, number]
    })
  )
}
