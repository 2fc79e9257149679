/** What one check of the data found, and the pieces that checks share. */
import type { Result } from '#contract/methods'
import type { SqlResult } from '../table/sourceTable.ts'

/** A count of 0 means that it was looked for and not found. */
export type Finding = Result<'overview.quality'>['checks'][number]

/** A filter that names each record stays short enough to be shown and edited up to here. */
export const mostNamed = 500

/** Leaves just these tasks; null for none or too many. */
export function tasksNamed(ids: readonly string[]): Record<string, unknown> | null {
  return ids.length === 0 || ids.length > mostNamed ? null : { task_id: { $in: [...ids] } }
}

/** Rows `(what, value)` as lists of values by what they are. */
export function valuesBy(rows: readonly SqlResult[]): (what: string) => string[] {
  return (what) => rows.filter((row) => row[0] === what).map((row) => String(row[1]))
}

/** `a, b and 4 more`; `total` where there are more than were listed. */
export function listed(names: readonly string[], { shown = 3, total = names.length }: { shown?: number; total?: number } = {}): string {
  const rest = total - Math.min(shown, names.length)
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${grouped(rest)} more` : names.join(', ')
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 host`, `2 hosts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}
