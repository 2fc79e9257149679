/** Ways through a graph of tasks: what is upstream or downstream of a task, and what lies between two. Every function holds for cycles, parallel edges and edges to oneself. */
import { eachEdge, type Ways } from './adjacency.ts'

type Follow = {
  readonly direction: 'up' | 'down'
  readonly inferred: boolean
  /** At most so many steps. */
  readonly depth?: number
  /** Whether the first step may take this edge. */
  readonly first?: (edge: number) => boolean
}

/** Steps to each task from the nearest of `tasks`, 0 for these; −1 for what cannot be reached. A way that `first` allows may come back to them and go on by other edges. */
export function reach(ways: Ways, tasks: readonly number[], { depth = Infinity, direction, first, inferred }: Follow): Int32Array {
  const steps = new Int32Array(ways.count).fill(-1)
  if (!first) for (const task of tasks) steps[task] = 0
  for (let step = 1, front = tasks; front.length > 0 && step <= depth; step++) {
    const next: number[] = []
    for (const task of front) {
      eachEdge(ways, { task, direction, inferred }, (edge, other) => {
        if (steps[other] !== -1 || (step === 1 && first && !first(edge))) return
        steps[other] = step
        next.push(other)
      })
    }
    front = next
  }
  for (const task of tasks) steps[task] = 0
  return steps
}

/** 1 for each task on some way from one to the other, both included; all 0 if there is none. */
export function between(ways: Ways, from: number, to: number, inferred: boolean): Uint8Array {
  const down = reach(ways, [from], { direction: 'down', inferred })
  const up = reach(ways, [to], { direction: 'up', inferred })
  return Uint8Array.from(down, (steps, task) => (steps >= 0 && (up[task] as number) >= 0 ? 1 : 0))
}

/** A way with the fewest steps, both ends included; of several, that over the tasks recorded first. Empty if there is none. */
export function shortestWay(ways: Ways, from: number, to: number, inferred: boolean): number[] {
  const left = reach(ways, [to], { direction: 'up', inferred })
  if (left[from] === -1) return []
  const way = [from]
  for (let task = from; task !== to; way.push(task)) {
    let next = -1
    eachEdge(ways, { task, direction: 'down', inferred }, (_, other) => {
      if (left[other] === (left[task] as number) - 1 && (next === -1 || other < next)) next = other
    })
    task = next
  }
  return way
}
