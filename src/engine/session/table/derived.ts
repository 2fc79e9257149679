/** Columns of tasks that no message holds: computed from those that it does, null where one of those is. */
import { telemetryDifferences } from '#engine/records/telemetrySummary'

export type Derived = { readonly name: string; readonly unit: string | null; readonly sql: string }

/** A column's values as DOUBLE, null for values that are no numbers; undefined if there is no such column. */
export type NumberOf = (name: string) => string | undefined

/** Seconds from start to end. */
export function durationSql(numberOf: NumberOf): string | undefined {
  return difference(numberOf, 'started_at', 'ended_at')
}

/** As engine/records/telemetrySummary makes it, a column each: a section of which a value is missing is left out whole. */
export function telemetrySummaryColumns(numberOf: NumberOf): Derived[] {
  const columns: Derived[] = []
  const duration = durationSql(numberOf)
  if (duration !== undefined) columns.push({ name: 'telemetry_summary.duration_sec', unit: 's', sql: duration })
  for (const [section, differences] of Object.entries(telemetryDifferences)) {
    const values = differences.map(([name, path]) => {
      const of = [section, ...path].join('.')
      return { name, sql: difference(numberOf, `telemetry_at_start.${of}`, `telemetry_at_end.${of}`) }
    })
    const whole = values.map(({ sql }) => sql)
    if (whole.includes(undefined)) continue
    for (const { name, sql } of values) {
      const others = whole.filter((other) => other !== sql).map((other) => `${other} IS NOT NULL`)
      columns.push({ name: `telemetry_summary.${section}.${name}`, unit: unitOf(name), sql: `(CASE WHEN ${others.join(' AND ')} THEN ${sql} END)` })
    }
  }
  return columns
}

function difference(numberOf: NumberOf, from: string, to: string): string | undefined {
  const start = numberOf(from)
  const end = numberOf(to)
  return start === undefined || end === undefined ? undefined : `(${end} - ${start})`
}

function unitOf(name: string): string | null {
  if (name.startsWith('percent')) return '%'
  if (name.endsWith('time_diff')) return 's'
  return name.includes('bytes') || name.includes('mem') || name.includes('swap') ? 'bytes' : null
}
