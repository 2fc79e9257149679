/** Activities of a card: how many tasks, with which statuses, when, how long; what the timings tell; the structure as a column. */
import { ascending, elapsedSeconds, percentile } from './asFloat.ts'
import { largest } from './cardText.ts'
import type { CardTask } from './cardTasks.ts'
import { fixed } from './pythonText.ts'

export type CardActivity = {
  readonly name: string
  readonly tasks: number
  readonly statuses: ReadonlyMap<string, number>
  readonly median: number | null
  readonly start: number | null
  readonly end: number | null
}

/** By first start, those without one at the end. */
export function cardActivities(tasks: readonly CardTask[]): CardActivity[] {
  const rows = [...groupedBy(tasks, ({ activity }) => activity)].map(([name, members]) => {
    const elapsed = members.flatMap(({ end, start }) => elapsedSeconds(start, end) ?? [])
    return { name, tasks: members.length, statuses: countsOf(members.map(({ status }) => status)), median: medianOf(elapsed), ...boundsOf(members) }
  })
  return rows.toSorted((a, b) => (a.start === b.start ? 0 : (a.start ?? Infinity) - (b.start ?? Infinity)))
}

export function groupedBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}

export function countsOf(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/** The commonest first; equal ones in the order in which they came. */
export function commonest(counts: ReadonlyMap<string, number>, count = Infinity): (readonly [string, number])[] {
  return largest([...counts], ([, times]) => times, count)
}

export function summedCounts(activities: readonly CardActivity[]): Map<string, number> {
  const sum = new Map<string, number>()
  for (const { statuses } of activities) for (const [status, count] of statuses) sum.set(status, (sum.get(status) ?? 0) + count)
  return sum
}

export function boundsOf(tasks: readonly Pick<CardTask, 'start' | 'end'>[]): { start: number | null; end: number | null } {
  let start: number | null = null
  let end: number | null = null
  for (const task of tasks) {
    if (task.start !== null && !(start !== null && start <= task.start)) start = task.start
    if (task.end !== null && !(end !== null && end >= task.end)) end = task.end
  }
  return { start, end }
}

export function medianOf(values: readonly number[]): number | null {
  const sorted = ascending(values)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

const timing = ({ name, seconds }: { name: string; seconds: number }): string => `\`${name}\` (${fixed(seconds, 3)}s)`

export function timingInsights(activities: readonly CardActivity[]): string[] {
  const rows = activities.flatMap(({ median, name }) => (median === null ? [] : [{ name, seconds: median }]))
  if (rows.length === 0) return ['### Interpretation & Insights', '- No valid elapsed timings were available.']
  const fastest = rows.toSorted((a, b) => a.seconds - b.seconds).slice(0, 3)
  return [
    '### Interpretation & Insights',
    `- Slowest activities: ${largest(rows, ({ seconds }) => seconds, 5).map(timing).join(', ')}`,
    `- Fastest activities: ${fastest.map(timing).join(', ')}`,
    ...outlierLine(rows)
  ]
}

/** By the rule of 1.5 interquartile ranges, from four activities on. */
function outlierLine(rows: readonly { name: string; seconds: number }[]): string[] {
  if (rows.length < 4) return []
  const sorted = ascending(rows.map(({ seconds }) => seconds))
  const [q1, q3] = [percentile(sorted, 0.25), percentile(sorted, 0.75)]
  const [low, high] = [q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)]
  const outliers = largest(rows.filter(({ seconds }) => seconds < low || seconds > high), ({ seconds }) => seconds, 5)
  return [`- Timing outliers (IQR rule): ${outliers.length > 0 ? outliers.map(timing).join(', ') : 'none detected.'}`]
}

/** In the order of their first starts: an order, no dependencies. */
export function structureText(activities: readonly CardActivity[]): string {
  const [rail, down] = ['     │', '     ▼']
  const steps = activities.length === 0 ? [down] : [...activities.flatMap(({ name }, at) => (at < activities.length - 1 ? [` ${name}`, rail] : [` ${name}`])), down]
  return ['## Workflow Structure', '', '```text', '   input', rail, down, ...steps, '   output', '```'].join('\n')
}
