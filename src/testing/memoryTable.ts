/** A SourceTable made of nested records in memory, by the plainest way from a record to a row: what the real loader is measured against. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { Records } from '#contract/values'
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '#contract/json'
import type { Leaf, LeafKind, Shape } from '#engine/session/table/shape'
import type { NamedColumn, SourceTable, Sql, SqlResult, SqlValue, Storage } from '#engine/session/table/sourceTable'

type Cell = { leaf: Leaf; value: JsonValue }
let tables = 0

/** Rows get the ids 0, 1, 2, … of their records in `line`. Close it when done. */
export async function openMemory(): Promise<{ table: (records: readonly JsonObject[], options?: { derived?: (column: (name: string) => string) => NamedColumn[] }) => Promise<SourceTable>; close: () => void }> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  return {
    table: async (records, options) => await load(connection, records, options?.derived),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    }
  }
}

async function load(connection: DuckDBConnection, records: readonly JsonObject[], derived?: (column: (name: string) => string) => NamedColumn[]): Promise<SourceTable> {
  const names: string[] = []
  const shapes: Shape[] = []
  const byText = new Map<string, Shape>()
  const rows = records.map((record) => {
    const cells = leavesOf(record, [], names)
    // As the loader's: a shape is the keys and which of them are empty dicts; its leaves' kinds are those of its first record.
    const text = JSON.stringify(cells.map(({ leaf }) => [leaf.path, leaf.kind === 'dict']))
    const shape = byText.get(text) ?? { id: shapes.length, leaves: cells.map(({ leaf }) => leaf) }
    if (!byText.has(text)) shapes.push(shape)
    byText.set(text, shape)
    return { shape: shape.id, cells: new Map(cells.map((cell) => [cell.leaf.column, cell])) }
  })
  const columns = names.map((name, index) => columnOf(name, index, rows.map(({ cells }) => cells.get(index)?.value ?? null)))
  const name = `memory${tables++}`
  const types = columns.map(({ physical, storage }) => `, c${physical} ${storage === 'JSON' ? 'VARCHAR' : storage}`).join('')
  await connection.run(`CREATE TABLE ${name} (line BIGINT, shape INTEGER, kind UTINYINT, record_id VARCHAR${types})`)
  const inserts = rows.map(({ shape }, line) => `(${line}, ${shape}, 0, 'record ${line}'${columns.map(({ storage }) => `, CAST(? AS ${storage === 'JSON' ? 'VARCHAR' : storage})`).join('')})`)
  const values = rows.flatMap(({ cells }) => columns.map(({ storage }, index) => stored(cells.get(index)?.value ?? null, storage)))
  if (rows.length > 0) await connection.run(`INSERT INTO ${name} VALUES ${inserts.join(', ')}`, values)
  const sqlOf = (column: string): string => columns.find((candidate) => candidate.name === column)?.sql ?? 'NULL'
  return new MemoryTable(connection, name, shapes, [...columns, ...(derived?.(sqlOf) ?? [])])
}

class MemoryTable implements SourceTable {
  readonly sourceId = 'memory'
  readonly revision = 1
  private readonly byName: ReadonlyMap<string, NamedColumn>

  constructor(
    private readonly connection: DuckDBConnection,
    readonly rows: string,
    readonly shapes: readonly Shape[],
    private readonly all: readonly NamedColumn[]
  ) {
    this.byName = new Map(all.map((column) => [column.name, column]))
  }

  recordsPredicate(records: Records): string {
    return records === 'tasks' ? 'r.kind = 0' : 'FALSE'
  }

  columns(): readonly NamedColumn[] {
    return this.all
  }

  column(_records: Records, name: string): NamedColumn | undefined {
    return this.byName.get(name)
  }

  async query({ text, values }: Sql): Promise<SqlResult[]> {
    const reader = await this.connection.runAndReadAll(text, [...values])
    return reader.getRowsJS() as SqlResult[]
  }

  text(): Promise<string> {
    throw new Error('A table in memory has no text')
  }

  fileName(): string {
    return 'memory'
  }
}

function leavesOf(dict: JsonObject, above: readonly string[], names: string[]): Cell[] {
  return Object.entries(dict).flatMap(([key, value]) => {
    const path = [...above, key]
    if (isJsonObject(value) && Object.keys(value).length > 0) return leavesOf(value, path, names)
    const name = path.join('.')
    const kind = kindOf(value)
    if (kind !== 'dict' && !names.includes(name)) names.push(name)
    return [{ leaf: { path, name, kind, column: kind === 'dict' ? -1 : names.indexOf(name) }, value }]
  })
}

function kindOf(value: JsonValue): LeafKind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? 'long' : 'wide'
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'number'
  if (typeof value === 'object') return 'dict'
  return typeof value === 'string' ? 'text' : 'boolean'
}

function columnOf(name: string, physical: number, values: readonly JsonValue[]): NamedColumn {
  const present = values.filter((value) => value !== null)
  const storage = storageOf(new Set(present.map(kindOf)))
  return { name, prefix: '', type: 'mixed', unit: null, derived: false, filled: present.length, storage, sql: `r.c${physical}`, physical }
}

function storageOf(kinds: ReadonlySet<LeafKind>): Storage {
  const only = (...some: LeafKind[]): boolean => [...kinds].every((kind) => some.includes(kind))
  if (only('boolean')) return 'BOOLEAN'
  if (only('integer', 'long')) return 'BIGINT'
  if (only('integer', 'number')) return 'DOUBLE'
  return only('text') ? 'VARCHAR' : 'JSON'
}

function stored(value: JsonValue, storage: Storage): SqlValue {
  if (value === null) return null
  if (storage === 'JSON') return stringifyJson(value)
  // As text: the binding takes a number without a fraction for an integer of 64 bits.
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : (value as SqlValue)
}
