/** What looks like a secret in the cells of a table: DuckDB finds the few values that may be one, and they are looked at one by one. */
import type { SecretTreatment } from '#contract/exports'
import { type JsonValue, parseJson, stringifyJson } from '#contract/json'
import type { Scope } from '#contract/values'
import type { Records } from '#contract/values'
import { rowsIn } from '../table/rowsIn.ts'
import type { NamedColumn, SourceTable, SqlResult, Storage } from '../table/sourceTable.ts'
import { nameStrength } from './secretNames.ts'
import { secretsOf, treatSecrets } from './secrets.ts'
import { mayHold } from './secretTexts.ts'

export type FieldSecrets = { readonly records: Records; readonly field: string; readonly values: number; readonly masked: string; readonly why: string }
type Column = Pick<NamedColumn, 'name' | 'sql' | 'storage'>

/** Values that are looked at in one go; with more, a column is read in pieces. */
const valuesAtOnce = 20_000
const columnsAtOnce = 40

/** By column, in their order. @param names none: all that this kind of record has, listed or not */
export async function secretsInTable(table: SourceTable, { columns: names, records, scope }: { records: Records; scope: Scope; columns?: readonly string[] | undefined }, signal: AbortSignal): Promise<FieldSecrets[]> {
  const columns = names === undefined || names.length === 0 ? table.columns(records) : names.flatMap((name) => table.column(records, name) ?? [])
  const rows = rowsIn(table, records, scope)
  const found: FieldSecrets[] = []
  for (const column of await suspects(table, columns, rows, signal)) {
    let values = 0
    let first: { masked: string; why: string } | null = null
    await eachCandidate(table, column, rows, signal, (value, count) => {
      const secrets = secretsOf(valueOf(value, column.storage), column.name)
      values += secrets.length * count
      first ??= secrets[0] ?? null
    })
    if (first) found.push({ records, field: column.name, values, ...(first as { masked: string; why: string }) })
  }
  return found
}

export type Replacements = ReadonlyMap<string, { readonly table: string; readonly values: number }>

/**
 * What stands for each secret, as a table `(value, instead)` a column that has any: `instead` is null where the cell is to be empty.
 * @param name of those tables, with a number behind
 */
export async function replacementTables(table: SourceTable, { columns, records, scope, treatment, name }: { columns: readonly Column[]; records: Records; scope: Scope; treatment: SecretTreatment; name: (index: number) => string }, signal: AbortSignal): Promise<Replacements> {
  const made = new Map<string, { table: string; values: number }>()
  if (treatment === 'keep') return made
  const rows = rowsIn(table, records, scope)
  for (const column of await suspects(table, columns, rows, signal)) {
    let place: string | null = null
    let values = 0
    let batch: (string | null)[] = []
    const flush = async (): Promise<void> => {
      if (batch.length === 0 || place === null) return
      await table.query({ text: `INSERT INTO ${place} VALUES ${Array.from({ length: batch.length / 2 }, () => '(CAST(? AS VARCHAR), CAST(? AS VARCHAR))').join(', ')}`, values: batch }, signal)
      batch = []
    }
    await eachCandidate(table, column, rows, signal, async (value, count) => {
      const { count: treated, document } = treatSecrets(valueOf(value, column.storage), treatment, column.name)
      if (treated === 0) return
      values += treated * count
      if (place === null) {
        place = name(made.size)
        await table.query({ text: `CREATE TABLE ${place} (value VARCHAR, instead VARCHAR)`, values: [] }, signal)
      }
      batch.push(String(value), insteadOf(document, column.storage))
      if (batch.length >= 1000) await flush()
    })
    await flush()
    if (place !== null) made.set(column.name, { table: place, values })
  }
  return made
}

/** Of a column that holds numbers a mark cannot stand: the cell is empty. */
function insteadOf(document: JsonValue, storage: Storage): string | null {
  if (document === null) return null
  if (storage === 'VARCHAR') return typeof document === 'string' ? document : null
  return storage === 'JSON' ? stringifyJson(document) : null
}

function valueOf(value: NonNullable<SqlResult[number]>, storage: Storage): JsonValue {
  return storage === 'JSON' ? parseJson(String(value)) : value
}

/** Columns of which any value may be a secret, by their name or by what stands in one. */
async function suspects(table: SourceTable, columns: readonly Column[], rows: { text: string; values: readonly SqlResult[number][] }, signal: AbortSignal): Promise<Column[]> {
  const named = columns.filter(isNamed)
  const texts = columns.filter((column) => !isNamed(column) && isText(column))
  const some: Column[] = named.filter(({ storage }) => storage !== 'BOOLEAN')
  for (let at = 0; at < texts.length; at += columnsAtOnce) {
    const batch = texts.slice(at, at + columnsAtOnce)
    const [row] = await table.query({ text: `SELECT ${batch.map(({ sql }) => `bool_or(${mayHoldSql(sql)})`).join(', ')} ${rows.text}`, values: rows.values }, signal)
    some.push(...batch.filter((_, index) => row?.[index] === true))
  }
  const wanted = new Set(some.map(({ name }) => name))
  return columns.filter(({ name }) => wanted.has(name))
}

/** Distinct values, with how many records have each. */
async function eachCandidate(
  table: SourceTable,
  column: Column,
  rows: { text: string; values: readonly SqlResult[number][] },
  signal: AbortSignal,
  use: (value: NonNullable<SqlResult[number]>, count: number) => void | Promise<void>
): Promise<void> {
  const filter = isNamed(column) ? `${column.sql} IS NOT NULL` : mayHoldSql(column.sql)
  const text = `SELECT ${column.sql} AS v, count(*) AS n ${rows.text} AND ${filter} GROUP BY v ORDER BY v`
  for (let offset = 0; ; offset += valuesAtOnce) {
    const found = await table.query({ text: `${text} LIMIT ${valuesAtOnce} OFFSET ${offset}`, values: rows.values }, signal)
    for (const [value, count] of found) if (value !== null && value !== undefined) await use(value, Number(count))
    if (found.length < valuesAtOnce) return
  }
}

/** The name of the column, or of a dict above it. */
function isNamed({ name }: Column): boolean {
  if (nameStrength(name) !== null) return true
  return name.includes('.') && name.split('.').some((key) => nameStrength(key) !== null)
}

const isText = ({ storage }: Column): boolean => storage === 'VARCHAR' || storage === 'JSON'
const pattern = `'(?i)${mayHold.source.replaceAll(String.raw`\/`, '/').replaceAll("'", "''")}'`
const mayHoldSql = (sql: string): string => `regexp_matches(${sql}, ${pattern})`
