/** The plan of a statement, step by step, with what each step took if it is run for that. */
import type { Result } from '#contract/methods'
import type { SqlStep } from '#contract/sql'
import { columnsOfPlan } from './planStatement.ts'
import { type StatementOf, withStatement } from './statementSession.ts'

/** As DuckDB writes a plan as JSON: with figures if it was run. */
type PlanStep = {
  readonly name?: string
  readonly operator_name?: string
  readonly operator_timing?: number
  readonly operator_cardinality?: number
  readonly latency?: number
  readonly extra_info?: Readonly<Record<string, string | readonly string[]>>
  readonly children?: readonly PlanStep[]
}

export async function explainStatement(of: StatementOf, analyze: boolean, signal: AbortSignal): Promise<Result<'sql.explain'>> {
  const names = columnNames(of)
  return await withStatement(of, signal, async (connection, plan) => {
    await columnsOfPlan(connection, plan)
    const prefix = `EXPLAIN (${analyze ? 'ANALYZE, ' : ''}FORMAT json) `
    const reader = await connection.runAndReadAll(`${prefix}${plan.sql}`).catch((error: unknown) => {
      throw plan.refusalOf(error, prefix)
    })
    const told = JSON.parse(String(reader.getRows()[0]?.[1] ?? '[]')) as PlanStep | readonly PlanStep[]
    const root = Array.isArray(told) ? (told as readonly PlanStep[]) : ((told as PlanStep).children ?? [])
    const steps: SqlStep[] = []
    for (const step of root) visit(step, 0, steps, names)
    const elapsed = Array.isArray(told) ? undefined : (told as PlanStep).latency
    return { elapsedMs: elapsed === undefined ? null : elapsed * 1000, steps }
  })
}

function visit(step: PlanStep, depth: number, steps: SqlStep[], names: (text: string) => string): void {
  const name = (step.operator_name ?? step.name ?? '').trim()
  const isShown = name !== 'EXPLAIN_ANALYZE' && name !== 'QUERY'
  if (isShown) {
    const { 'Estimated Cardinality': estimated, ...extra } = step.extra_info ?? {}
    const details = Object.entries(extra).map(([key, value]) => ({ key, values: (typeof value === 'string' ? [value] : [...value]).filter((one) => one !== '').map(names) }))
    const estimatedRows = estimated === undefined ? null : Number(estimated)
    steps.push({ depth, name: name.toLowerCase().replaceAll('_', ' '), details: details.filter(({ values }) => values.length > 0), estimatedRows: Number.isNaN(estimatedRows) ? null : estimatedRows, rows: step.operator_cardinality ?? null, seconds: step.operator_timing ?? null })
  }
  for (const child of step.children ?? []) visit(child, isShown ? depth + 1 : depth, steps, names)
}

/** How fields are stored is nobody's concern: their names instead. */
function columnNames({ table }: StatementOf): (text: string) => string {
  const byPhysical = new Map<string, string>(table.columns('messages').flatMap(({ name, physical }) => (physical === null ? [] : [[`c${physical}`, name] as const])))
  const within = table.rows.replaceAll('"', '')
  return (text) => text.replaceAll('"', '').replaceAll(within, 'rows').replaceAll(/\bc\d{1,3}\b/g, (column) => byPhysical.get(column) ?? column)
}
