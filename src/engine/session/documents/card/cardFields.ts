/** What the tasks of an activity used and generated, field by field; and which fields tell most. */
import type { JsonValue } from '#contract/json'
import { ascending, asFloat, percentile } from './asFloat.ts'
import { commonest, groupedBy } from './cardActivities.ts'
import { fieldValueText, largest, sampleText } from './cardText.ts'
import type { CardTask } from './cardTasks.ts'
import { fixed, pyRepr, sortedTexts } from './pythonText.ts'

/** Of an activity's fields so many are shown, by name. */
const mostFields = 15
const mostHosts = 10

type Richness = { readonly activity: string; readonly fields: number }
/** Collected over the activities, for what is said of them at the end. */
export class FieldInsights {
  readonly used: Richness[] = []
  readonly generated: Richness[] = []
  readonly ranges: { readonly field: string; readonly range: number }[] = []

  lines(): string[] {
    const richest = (rows: readonly Richness[]): string => largest(rows, ({ fields }) => fields, 3).map(({ activity, fields }) => `\`${activity}\` (${fields} fields)`).join(', ')
    return [
      ...(this.used.length > 0 ? [`- Activities with richest **used** metadata: ${richest(this.used)}`] : []),
      ...(this.generated.length > 0 ? [`- Activities with richest **generated** metadata: ${richest(this.generated)}`] : []),
      ...(this.ranges.length > 0 ? [`- Highest numeric variability fields: ${largest(this.ranges, ({ range }) => range, 5).map(({ field, range }) => `\`${field}\` (range=${fixed(range, 3)})`).join(', ')}`] : [])
    ]
  }
}

/** The fields of one side as a list, and what they add to the insights. */
export function fieldLines(tasks: readonly CardTask[], side: 'used' | 'generated', { activity, insights, pad }: { activity: string; insights: FieldInsights; pad: string }): string[] {
  const values = new Map<string, JsonValue[]>()
  for (const task of tasks) {
    for (const [key, value] of task[side]) {
      const all = values.get(key)
      if (all) all.push(value)
      else values.set(key, [value])
    }
  }
  if (values.size === 0) return []
  insights[side].push({ activity, fields: values.size })
  return sortedTexts(values.keys()).slice(0, mostFields).map((key) => {
    const all = values.get(key) as JsonValue[]
    const numbers = all.flatMap((value) => asFloat(value) ?? [])
    if (numbers.length === all.length) insights.ranges.push({ field: `${activity}:${side}.${key}`, range: numbers.reduce((a, b) => Math.max(a, b)) - numbers.reduce((a, b) => Math.min(a, b)) })
    return `${pad}- \`${key}\`: ${tasks.length === 1 ? `\`${fieldValueText(all[0] as JsonValue)}\`` : summaryOf(all, tasks.length)}`
  })
}

function summaryOf(values: readonly JsonValue[], tasks: number): string {
  const presence = `presence=${fixed((values.length / tasks) * 100, 1)}%`
  const numbers = ascending(values.flatMap((value) => asFloat(value) ?? []))
  if (numbers.length === values.length) {
    const [min, p50, p95, max] = [numbers[0] as number, percentile(numbers, 0.5), percentile(numbers, 0.95), numbers.at(-1) as number].map((number) => fixed(number, 3))
    return `${presence}; type=numeric; min=${min}; p50=${p50}; p95=${p95}; max=${max}`
  }
  const [shapes, scalars] = [new Map<string, number>(), new Map<string, number>()]
  const count = (counts: Map<string, number>, text: string): void => void counts.set(text, (counts.get(text) ?? 0) + 1)
  for (const value of values) {
    if (Array.isArray(value)) {
      if (value.length > 0 && value.every(isWhole)) count(shapes, pyRepr(value))
    } else if (value !== null && typeof value !== 'object') count(scalars, sampleText(value, 40))
  }
  const top = (counts: ReadonlyMap<string, number>, most: number): string => commonest(counts, most).map(([text, times]) => (times > 1 ? `${text} (×${times})` : text)).join(', ')
  if (shapes.size > 0) return `${presence}; type=shape-like; top_shapes=${top(shapes, 2)}`
  if (scalars.size > 0) return `${presence}; type=scalar/categorical; top_values=${top(scalars, 3)}`
  return `${presence}; type=mixed; sample=${sampleText(values[0] as JsonValue, 80)}`
}

function isWhole(value: JsonValue): boolean {
  return typeof value === 'boolean' || typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
}

/** `(subtype=…)`, with the number of tasks where there are several. */
export function activityHead(activity: string, tasks: readonly CardTask[]): string {
  const subtypes = sortedTexts(new Set(tasks.flatMap(({ subtype }) => (subtype === '' ? [] : [subtype])))).map((subtype) => `\`${subtype}\``)
  const parts = [...(tasks.length > 1 ? [`\`n=${tasks.length}\``] : []), ...(subtypes.length > 0 ? [`subtype=${subtypes.join(', ')}`] : [])]
  return `- **${activity}**${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
}

/** Of an activity with one task. */
export function tagLines(tasks: readonly CardTask[]): string[] {
  const tags = tasks.length === 1 ? (tasks[0]?.tags ?? []).map((tag) => `\`${sampleText(tag, 140)}\``) : []
  if (tags.length === 0) return []
  return [tags.length === 1 ? `  - Tag: ${tags[0]}` : `  - Tags: ${tags.join(', ')}`]
}

/** Per activity what it used and generated, and where it ran: as campaign cards have it. */
export function ioSummary(tasks: readonly CardTask[], { heading, hosts }: { heading: string | null; hosts: boolean }): string[] {
  const insights = new FieldInsights()
  const level = heading ?? '####'
  const lines = [...groupedBy(tasks, ({ activity }) => activity)].flatMap(([activity, members]) => {
    const suffix = members.length === 1 ? '' : ' (aggregated)'
    const side = (label: string, key: 'used' | 'generated'): string[] => {
      const found = fieldLines(members, key, { activity, insights, pad: '    ' })
      return found.length > 0 ? [`  - ${label}${suffix}:`, ...found] : []
    }
    return [activityHead(activity, members), ...tagLines(members), ...side('Used', 'used'), ...side('Generated', 'generated'), ...(hosts ? hostLines(members) : [])]
  })
  const insightLines = insights.lines()
  return [...(heading === null ? [] : [`${heading} Per Activity Details`]), ...lines, '', ...(insightLines.length > 0 ? [`${level}# Interpretation & Insights`, ...insightLines] : []), '']
}

function hostLines(tasks: readonly CardTask[]): string[] {
  const hosts = commonest(hostCounts(tasks))
  if (hosts.length === 0) return []
  const rest = hosts.length - mostHosts
  return ['  - Hosts (tasks per host):', ...hosts.slice(0, mostHosts).map(([host, count]) => `    - \`${host}\`: ${count} task(s)`), ...(rest > 0 ? [`    - _...and ${rest} other host(s) also executed tasks in this activity_`] : [])]
}

export function hostCounts(tasks: readonly CardTask[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { host } of tasks) if (host !== null) counts.set(host, (counts.get(host) ?? 0) + 1)
  return counts
}
