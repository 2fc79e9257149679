/** Critical tasks: how many tasks in scope can be judged by each rule, how many it marks, and the filter that leaves them. */
import type { Result } from '#contract/methods'
import { type RuleTag, ruleTag } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { defaultThresholds } from '#engine/records/criticalTags'
import { countIn, queryTasks } from '../overview/taskColumns.ts'
import { literal } from '../overview/timeHistogram.ts'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'
import type { KeptRules } from './keptRules.ts'

type Filter = Record<string, unknown>
type Rule = {
  readonly expression: string
  readonly unit: string | null
  readonly below: boolean
  readonly column: string
  /** The size of a change counts, whichever way it went. */
  readonly either: boolean
}

/** What records/criticalTags.ts says of one task, said of columns. */
const rules: Readonly<Record<RuleTag, Rule>> = {
  high_cpu: { expression: '|Δ percent_all|', unit: '%', below: false, column: 'telemetry_summary.cpu.percent_all_diff', either: true },
  high_mem: { expression: 'Δ virtual.used', unit: 'bytes', below: false, column: 'telemetry_summary.memory.used_mem_diff', either: false },
  high_disk: { expression: 'Δ read + write', unit: 'bytes', below: false, column: 'telemetry_summary.disk.bytes_diff', either: false },
  long_duration: { expression: 'duration', unit: 's', below: false, column: 'telemetry_summary.duration_sec', either: false },
  low_output: { expression: 'generated.result', unit: null, below: true, column: 'generated.result', either: false },
  high_output: { expression: 'generated.result', unit: null, below: false, column: 'generated.result', either: false }
}

export async function telemetryRules(table: SourceTable, scope: Scope, kept: KeptRules, signal: AbortSignal): Promise<Result<'telemetry.rules'>> {
  const tags = ruleTag.options
  const fields = Object.fromEntries(tags.map((tag) => [`v_${tag}`, valueOf(table.column('tasks', rules[tag].column))]))
  const beyond = (tag: RuleTag): string => {
    const value = rules[tag].either ? `abs(v_${tag})` : `v_${tag}`
    return `(${value} ${rules[tag].below ? '<' : '>'} ${literal(kept[tag].threshold)})`
  }
  const on = tags.filter((tag) => kept[tag].on)
  const any = on.length === 0 ? 'FALSE' : on.map((tag) => `coalesce(${beyond(tag)}, FALSE)`).join(' OR ')
  const [row = []] = await queryTasks(table, scope, fields, `SELECT count(*), count(*) FILTER (${any}), ${tags.map((tag) => `count(v_${tag}), count(*) FILTER (${beyond(tag)})`).join(', ')} FROM t`, { signal })
  const filters = new Map(tags.map((tag) => [tag, filterOf(table, tag, kept[tag].threshold)]))
  const usable = on.map((tag) => filters.get(tag) as Filter)
  return {
    tasks: countIn(row[0]),
    marked: countIn(row[1]),
    filter: usable.length === 0 ? null : usable.length === 1 ? (usable[0] as Filter) : { $or: usable },
    rules: tags.map((tag, index) => ({
      tag,
      expression: rules[tag].expression,
      below: rules[tag].below,
      unit: rules[tag].unit,
      threshold: kept[tag].threshold,
      standard: defaultThresholds[tag],
      on: kept[tag].on,
      judged: countIn(row[2 + index * 2]),
      marked: countIn(row[3 + index * 2]),
      filter: filters.get(tag) as Filter
    }))
  }
}

/** Infinities are beyond a threshold, NaN is not; true and false count as 1 and 0. */
function valueOf(column: NamedColumn | undefined): string {
  const orNull = (sql: string): string => `CASE WHEN NOT isnan(${sql}) THEN ${sql} END`
  switch (column?.storage) {
    case 'DOUBLE':
      return orNull(`(${column.sql})`)
    case 'BIGINT':
    case 'BOOLEAN':
      return `CAST(${column.sql} AS DOUBLE)`
    case 'JSON':
      return orNull(`CASE ${column.sql} WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 ELSE TRY_CAST(${column.sql} AS DOUBLE) END`)
    default:
      return 'NULL::DOUBLE'
  }
}

function filterOf(table: SourceTable, tag: RuleTag, threshold: number): Filter {
  const { below, column, either } = rules[tag]
  const storage = table.column('tasks', column)?.storage
  const isNumber: Filter = { [column]: { [below ? '$lt' : '$gt']: threshold } }
  // The filter language orders numbers among numbers only.
  const isTruth = storage === 'BOOLEAN' || storage === 'JSON' ? [true, false].filter((truth) => (below ? Number(truth) < threshold : Number(truth) > threshold)).map((truth): Filter => ({ [column]: truth })) : []
  const cases = [isNumber, ...(either ? [{ [column]: { $lt: -threshold } }] : []), ...isTruth]
  return cases.length === 1 ? isNumber : { $or: cases }
}
