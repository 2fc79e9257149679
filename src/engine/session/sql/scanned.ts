/** How much of the source a statement read, from what DuckDB measured as it ran. */
import type { SqlTable } from '#contract/sql'

export type Scanned = { table: SqlTable; rows: number; of: number } | null
type Step = { readonly operator_name?: string; readonly operator_type?: string; readonly operator_cardinality?: number; readonly extra_info?: Readonly<Record<string, unknown>>; readonly children?: readonly Step[] }

/**
 * Rows that were left of the one table a statement reads before anything else was done with them; null if it is read in more ways than
 * one, or not at all.
 * @param isNarrowed the scope's rows are joined to those of the table: what is left comes behind that
 */
export function readScanned(profile: string, rows: string, table: SqlTable, of: number, isNarrowed: boolean): Scanned {
  const ways: number[] = []
  const visit = (step: Step, left: number | null): void => {
    const name = step.operator_name ?? ''
    const isScan = (step.operator_type ?? '') === 'TABLE_SCAN' && String(step.extra_info?.['Table'] ?? '').replaceAll('"', '') === rows.replaceAll('"', '')
    const passes = name.trim() === 'FILTER' || (isNarrowed && name.includes('HASH_JOIN'))
    if (isScan) ways.push(left ?? step.operator_cardinality ?? 0)
    const onlyReduces = passes || name.trim() === 'PROJECTION'
    const next = onlyReduces ? (left ?? step.operator_cardinality ?? null) : null
    for (const child of step.children ?? []) visit(child, next)
  }
  visit(JSON.parse(profile) as Step, null)
  const [only, second] = ways
  return only === undefined || second !== undefined ? null : { table, rows: Math.min(only, of), of }
}
