/** `exports.secrets`: what looks like a secret in what would leave. */
import type { Params, Result } from '#contract/methods'
import type { SourceTable } from '../table/sourceTable.ts'
import { recordsOf } from './recordLines.ts'
import { selectForStore } from './storeSelection.ts'
import { secretsInTable, type FieldSecrets } from './tableSecrets.ts'

/** Whole tasks take along what they belong to, where the environment of a machine lies, for one. */
export async function secretsAsked(table: SourceTable, { columns, limit, records, scope }: Params<'exports.secrets'>, signal: AbortSignal): Promise<Result<'exports.secrets'>> {
  const fields: FieldSecrets[] = await secretsInTable(table, { records, scope, columns }, signal)
  if (columns === undefined && records === 'tasks') fields.push(...(await inRelated(table, { records, scope }, signal)))
  return { total: fields.length, values: fields.reduce((sum, { values }) => sum + values, 0), fields: fields.slice(0, limit) }
}

async function inRelated(table: SourceTable, { records, scope }: Pick<Params<'exports.secrets'>, 'records' | 'scope'>, signal: AbortSignal): Promise<FieldSecrets[]> {
  const selection = await selectForStore(table, { records, scope, related: true }, signal)
  try {
    const fields: FieldSecrets[] = []
    for (const kind of ['workflow', 'agent', 'object'] as const) {
      const { table: taken, total } = selection.kinds[kind]
      if (total > 0) fields.push(...(await secretsInTable(within(table, taken), { records: recordsOf[kind], scope: { filter: {}, search: '' } }, signal)))
    }
    return fields
  } finally {
    await selection.close()
  }
}

/** The same table, with only the rows that were taken. */
function within(table: SourceTable, taken: string): SourceTable {
  return new Proxy(table, {
    get: (target, name) => {
      if (name === 'recordsPredicate') return (records: Params<'exports.secrets'>['records']) => `(${target.recordsPredicate(records)} AND r.line IN (SELECT line FROM ${taken}))`
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value
    }
  })
}
