/** What a run that is going on waits for now, and what that holds up. */
import type { CriticalGraph } from './criticalGraph.ts'

export type Held = { readonly activity: number; readonly tasks: number }
export type Waiting = { readonly task: number; readonly medianSeconds: number | null; readonly holdsUp: readonly Held[] }

/**
 * The running task at the end of the longest chain. It holds up the tasks that need it and have not begun; and, of each activity that
 * follows at least half of the tasks of its activity that are through, as many more as usually (in the median) follow one.
 */
export function waitingFor(critical: CriticalGraph): Waiting | null {
  const { chains, graph, running, seconds } = critical
  let task = -1
  running.forEach((is, other) => {
    if (is === 1 && (task < 0 || (chains.upTo[other] as number) > (chains.upTo[task] as number))) task = other
  })
  if (task < 0) return null
  const through = graph.ids.flatMap((_, other) => (critical.inScope[other] === 1 && graph.activity[other] === graph.activity[task] && isThrough(critical, other) ? [other] : []))
  return { task, medianSeconds: middle(through.map((other) => seconds[other] as number)), holdsUp: heldUp(critical, task, through) }
}

const isThrough = ({ graph }: CriticalGraph, task: number): boolean => !Number.isNaN(graph.end[task])

function heldUp(critical: CriticalGraph, task: number, through: readonly number[]): Held[] {
  const { graph, seconds } = critical
  const own = followers(critical, new Set([task])).get(task) ?? []
  const held = new Map<number, number>()
  const present = new Map<number, number>()
  for (const next of own) {
    const activity = graph.activity[next] as number
    present.set(activity, (present.get(activity) ?? 0) + 1)
    if (Number.isNaN(seconds[next])) held.set(activity, (held.get(activity) ?? 0) + 1)
  }
  for (const [activity, usual] of usualFollowers(critical, through)) {
    const missing = usual - (present.get(activity) ?? 0)
    if (missing > 0) held.set(activity, (held.get(activity) ?? 0) + missing)
  }
  return [...held].map(([activity, tasks]) => ({ activity, tasks })).toSorted((one, other) => other.tasks - one.tasks || one.activity - other.activity)
}

/** By activity: in the median over these tasks how many of it follow one; 0 for those that follow fewer than half. */
function usualFollowers(critical: CriticalGraph, tasks: readonly number[]): Map<number, number> {
  const counts = new Map<number, number[]>()
  for (const next of followers(critical, new Set(tasks)).values()) {
    const own = new Map<number, number>()
    for (const task of next) {
      const activity = critical.graph.activity[task] as number
      own.set(activity, (own.get(activity) ?? 0) + 1)
    }
    for (const [activity, count] of own) {
      const known = counts.get(activity)
      if (known) known.push(count)
      else counts.set(activity, [count])
    }
  }
  const usual = new Map<number, number>()
  for (const [activity, followed] of counts) {
    const all = [...followed, ...Array.from({ length: tasks.length - followed.length }, () => 0)].toSorted((one, other) => one - other)
    usual.set(activity, all[all.length >> 1] as number)
  }
  return usual
}

function followers({ allLinks: { from, to } }: CriticalGraph, tasks: ReadonlySet<number>): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (let link = 0; link < from.length; link++) {
    const task = from[link] as number
    if (!tasks.has(task)) continue
    const known = found.get(task)
    if (known) known.push(to[link] as number)
    else found.set(task, [to[link] as number])
  }
  return found
}

function middle(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((one, other) => one - other)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}
