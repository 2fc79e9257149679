/** The numbers of a source's tasks: both snapshots of telemetry merged by path, list elements too, inputs, outputs and durations, as SQL over `r`. */
import { field, isJsonObject, type JsonValue, parseJson } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { MetricForm } from '#contract/telemetry'
import { numberOf, taskColumns } from '../overview/taskColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'
import { quoteText } from '../table/fieldTree.ts'

export type ListedMetric = {
  readonly id: string
  readonly prefix: string
  readonly name: string
  readonly telemetry: boolean
  readonly counter: boolean
  readonly unit: string | null
  /** The captured value as DOUBLE, null where it is missing or no finite number; what has no snapshots has only an `end`. */
  readonly start: string | null
  readonly end: string | null
}

/** Sections that Flowcept can capture, in the order of its settings, and what the setting of each is called. */
export const sections = [
  ['cpu.', 'cpu'],
  ['memory.', 'mem'],
  ['disk.', 'disk'],
  ['network.', 'network'],
  ['process.', 'process_info'],
  ['gpu.', 'gpu']
] as const

const lists = new RevisionCache<ListedMetric[]>(1)

/** By section, then as first captured; inputs, outputs and the duration follow. */
export function metricList(table: SourceTable, signal: AbortSignal): Promise<ListedMetric[]> {
  return lists.get(table, 'all', async () => {
    const columns = table.columns('tasks')
    const [telemetry, fields] = await Promise.all([telemetryMetrics(table, columns, signal), fieldMetrics(table, columns, signal)])
    const { seconds } = taskColumns(table)
    const duration = table.column('tasks', 'duration') ? [{ id: 'duration', prefix: '', name: 'duration', telemetry: false, counter: false, unit: 's', start: null, end: seconds }] : []
    return [...telemetry.toSorted((a, b) => sectionRank(a) - sectionRank(b)), ...fields, ...duration]
  })
}

/** @throws Refusal for a number that no task has */
export async function metricOf(table: SourceTable, id: string, signal: AbortSignal): Promise<ListedMetric> {
  const found = (await metricList(table, signal)).find((metric) => metric.id === id)
  if (!found) throw new Refusal('not-found', `No task of this source has a number ${JSON.stringify(id).slice(0, 200)}.`)
  return found
}

/** What is drawn of a metric; null for tasks that cannot say. */
export function valueSql(table: SourceTable, { counter, end, start }: ListedMetric, form: MetricForm): string {
  if (form === 'level' && !counter) return end ?? 'NULL::DOUBLE'
  if (start === null || end === null) return 'NULL::DOUBLE'
  const growth = counter ? `CASE WHEN (${end}) >= (${start}) THEN (${end}) - (${start}) END` : `((${end}) - (${start}))`
  return form === 'difference' ? growth : `(${growth}) / nullif(${taskColumns(table).seconds}, 0)`
}

/** What a task counts for in a mean: the mean of rates is all growth over all the time it took, so that a task of a millisecond does not count like one of an hour. */
export function weightSql(table: SourceTable, { counter }: ListedMetric, form: MetricForm): string {
  return counter && form === 'level' ? taskColumns(table).seconds : '1'
}

export function unitIn({ counter, unit }: ListedMetric, form: MetricForm): string | null {
  return counter && form === 'level' ? `${unit ?? ''}/s` : unit
}

type Pair = { path: string; start?: NamedColumn; end?: NamedColumn }

async function telemetryMetrics(table: SourceTable, columns: readonly NamedColumn[], signal: AbortSignal): Promise<ListedMetric[]> {
  const pairs = new Map<string, Pair>()
  for (const column of columns) {
    const [, when, path] = /^telemetry_at_(start|end)\.(.+)$/.exec(column.name) ?? []
    if (path === undefined || column.type === 'empty') continue
    const pair = pairs.get(path) ?? { path }
    pair[when as 'start' | 'end'] = column
    pairs.set(path, pair)
  }
  const plain = [...pairs.values()].filter(({ start, end }) => isNumber(start) || isNumber(end)).map((pair) => telemetryMetric(pair.path, pair, numberOf))
  const inLists = [...pairs.values()].filter(({ start, end }) => (end ?? start)?.type === 'list')
  const elements = await Promise.all(inLists.map((pair) => elementsOf(table, pair, signal)))
  const all = [...plain, ...elements.flat()]
  return [...all, ...sums.flatMap((sum) => sumOf(all, sum))]
}

function telemetryMetric(path: string, { end, start }: Pair, read: (column: NamedColumn) => string): ListedMetric {
  const dot = path.indexOf('.')
  const prefix = dot < 0 ? `${path}.` : path.slice(0, dot + 1)
  return { id: `telemetry.${path}`, prefix, name: dot < 0 ? path : path.slice(dot + 1), telemetry: true, counter: isCounter(path), unit: (end ?? start)?.unit ?? unitOf(path), start: start ? `(${read(start)})` : null, end: end ? `(${read(end)})` : null }
}

function fieldMetric(column: NamedColumn): ListedMetric {
  const dot = column.name.indexOf('.')
  return { id: column.name, prefix: column.name.slice(0, dot + 1), name: column.name.slice(dot + 1), telemetry: false, counter: false, unit: column.unit, start: null, end: `(${numberOf(column)})` }
}

/** A column of several kinds may hold numbers in records of other kinds only. */
async function fieldMetrics(table: SourceTable, columns: readonly NamedColumn[], signal: AbortSignal): Promise<ListedMetric[]> {
  const candidates = columns.filter((column) => /^(used|generated)\./.test(column.name) && isNumber(column))
  const mixed = candidates.filter(({ storage }) => storage === 'JSON')
  if (mixed.length === 0) return candidates.map(fieldMetric)
  const [row = []] = await table.query({ text: `SELECT ${mixed.map((column) => `count(${numberOf(column)})`).join(', ')} FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')}`, values: [] }, signal)
  const without = new Set(mixed.filter((_, index) => Number(row[index]) === 0))
  return candidates.filter((column) => !without.has(column)).map(fieldMetric)
}

/** A metric for each element of a list of numbers, and for each key of each element of a list of dicts. */
async function elementsOf(table: SourceTable, pair: Pair, signal: AbortSignal): Promise<ListedMetric[]> {
  const column = (pair.end ?? pair.start) as NamedColumn
  const lists = await sampleLists(table, column, signal)
  const indices = Array.from({ length: Math.max(0, ...lists.map((list) => list.length)) }, (_, index) => index)
  const elements = lists.flat()
  if (elements.some((element) => typeof element === 'number')) {
    return indices.map((index) => telemetryMetric(`${pair.path}[${index}]`, pair, (of) => finite(`TRY_CAST(${of.sql} AS DOUBLE[])[${index + 1}]`)))
  }
  const keys = [...new Set(elements.flatMap((element) => (isJsonObject(element) ? Object.keys(element).filter((key) => typeof field(element, key) === 'number') : [])))]
  const structure = quoteText(JSON.stringify([Object.fromEntries(keys.map((key) => [key, 'DOUBLE']))]))
  const read = (of: NamedColumn, index: number, key: string): string => finite(`json_transform(${validJson(of)}, ${structure})[${index + 1}][${quoteText(key)}]`)
  return indices.flatMap((index) => keys.map((key) => telemetryMetric(`${pair.path}[${index}].${key}`, pair, (of) => read(of, index, key))))
}

/** Of each host one list and the longest: how many CPUs a host has, and what is counted of each, does not change from task to task. */
async function sampleLists(table: SourceTable, column: NamedColumn, signal: AbortSignal): Promise<JsonValue[][]> {
  const rows = await table.query(
    {
      text: `SELECT any_value(${column.sql}), arg_max(${column.sql}, length(${column.sql})) FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND ${column.sql} IS NOT NULL GROUP BY ${taskColumns(table).host}`,
      values: []
    },
    signal
  )
  return rows.flat().flatMap((text) => {
    const list = typeof text === 'string' ? parseJson(text) : null
    return Array.isArray(list) ? [list] : []
  })
}

/** Two counters that people read as one. */
const sums = [
  { path: 'disk.io_sum.bytes_*', of: ['disk.io_sum.read_bytes', 'disk.io_sum.write_bytes'] },
  { path: 'network.netio_sum.bytes_*', of: ['network.netio_sum.bytes_sent', 'network.netio_sum.bytes_recv'] }
] as const

function sumOf(all: readonly ListedMetric[], { path, of }: (typeof sums)[number]): ListedMetric[] {
  const parts = of.map((part) => all.find(({ id }) => id === `telemetry.${part}`))
  const [first, second] = parts
  if (!first || !second) return []
  const both = (a: string | null, b: string | null): string | null => (a === null || b === null ? null : `(${a} + ${b})`)
  return [{ ...first, id: `telemetry.${path}`, name: path.slice(path.indexOf('.') + 1), start: both(first.start, second.start), end: both(first.end, second.end) }]
}

/** As psutil has them: what the system counts since it booted, or the process since it began. */
const counters = /^(cpu\.times_(avg|per_cpu)\b|disk\.io_(sum|per_disk)\.|network\.netio_|process\.(cpu_times|io_counters|num_ctx_switches)\.|memory\.swap\.s(in|out)$)/
export const isCounter = (path: string): boolean => counters.test(path)

function unitOf(path: string): string | null {
  if (path.startsWith('cpu.times')) return 's'
  return path.includes('percent') ? '%' : null
}

const isNumber = (column: NamedColumn | undefined): boolean =>
  column !== undefined && (column.storage === 'BIGINT' || column.storage === 'DOUBLE' || (column.storage === 'JSON' && (column.type === 'integer' || column.type === 'mixed')))
const finite = (sql: string): string => `CASE WHEN isfinite(${sql}) THEN ${sql} END`
/** Captured text may hold NaN, which is no JSON. */
const validJson = (column: NamedColumn): string => `CASE WHEN json_valid(${column.sql}) THEN ${column.sql} END`

function sectionRank({ prefix }: ListedMetric): number {
  const at = sections.findIndex(([known]) => known === prefix)
  return at < 0 ? sections.length : at
}
