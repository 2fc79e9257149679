/** The tasks of a run as few bars: one a task if they are few, else one a stretch of an activity, else one an activity. */

/** Columns of equal length, ordered by start; seconds. */
export type ShapeTasks = { readonly activity: Int32Array; readonly from: Float64Array; readonly to: Float64Array; readonly failed: Uint8Array }
export type ShapeBar = { activity: number; from: number; to: number; tasks: number; errors: number; level: number }
/** `activity` of the bar that stands for all activities for which there was no room. */
export const others = -1

/** @returns the bars by their start, and of each task the number of its bar */
export function shapeBars(tasks: ShapeTasks, most: number): { bars: ShapeBar[]; barOf: Int32Array } {
  const count = tasks.from.length
  let groups = count <= most ? Int32Array.from({ length: count }, (_, at) => at) : stretches(tasks)
  if (groups.length > 0 && (groups.at(-1) as number) >= most) groups = byActivity(tasks, most)
  const bars: ShapeBar[] = []
  for (const [at, group] of groups.entries()) {
    const [from, to, activity] = [tasks.from[at] as number, tasks.to[at] as number, tasks.activity[at] as number]
    const bar = (bars[group] ??= { activity, from, to, tasks: 0, errors: 0, level: 0 })
    bar.from = Math.min(bar.from, from)
    bar.to = Math.max(bar.to, to)
    bar.tasks++
    bar.errors += tasks.failed[at] as number
    if (bar.activity !== activity) bar.activity = others
  }
  return { bars: levelled(bars), barOf: groups }
}

/** Tasks of one activity that follow each other without another between them. */
function stretches({ activity }: ShapeTasks): Int32Array {
  let group = -1
  return activity.map((own, at) => (at > 0 && own === activity[at - 1] ? group : ++group))
}

function byActivity({ activity }: ShapeTasks, most: number): Int32Array {
  const groups = new Map<number, number>()
  return activity.map((own) => {
    const known = groups.get(own) ?? Math.min(groups.size, most - 1)
    groups.set(own, known)
    return known
  })
}

/** Each bar on the lowest level that is free when it starts. */
function levelled(bars: ShapeBar[]): ShapeBar[] {
  const free: number[] = []
  for (const bar of bars) {
    const found = free.findIndex((end) => end <= bar.from)
    bar.level = found === -1 ? free.length : found
    free[bar.level] = bar.to
  }
  return bars
}
