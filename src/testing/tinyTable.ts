/** A SourceTable over a few given records, for tests of queries alone: no reader, no merging, every storage. */
import { DuckDBInstance } from '@duckdb/node-api'
import { type JsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'
import type { Records } from '#contract/values'
import type { NamedColumn, SourceTable, Sql, SqlResult, Storage } from '../engine/session/table/sourceTable.ts'

const kinds = ['task', 'workflow', 'agent', 'object']
type Cells = { sql: string; values: (null | boolean | number | bigint | string)[] }
const kindOf: Record<Records, number> = { tasks: 0, workflows: 1, agents: 2, objects: 3, messages: -1 }

export async function tinyTable(records: (JsonObject | string)[]): Promise<SourceTable & { close(): void; touch(): void }> {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const lines = records.map((record) => (typeof record === 'string' ? record : stringifyJson(record)))
  const flat = lines.map((line) => leavesOf(parseJson(line) as JsonObject))
  const names = [...new Set(flat.flatMap((leaves) => [...leaves.keys()]))]
  const storages = names.map((name) => storageOf(flat.map((leaves) => leaves.get(name) ?? null)))
  await connection.run('CREATE SCHEMA "tiny"')
  await connection.run(
    `CREATE TABLE "tiny"."rows" (line BIGINT, file INTEGER, byte BIGINT, size INTEGER, file_line BIGINT, shape INTEGER, kind UTINYINT, is_message BOOLEAN, is_record BOOLEAN,
      record_id VARCHAR, messages INTEGER, first_line BIGINT, ${names.map((_, index) => `c${index} ${storages[index] === 'JSON' ? 'VARCHAR' : storages[index]}`).join(', ')})`
  )
  const rows = flat.map((leaves, line): Cells => {
    const type = leaves.get('type')
    const kind = typeof type === 'string' ? kinds.indexOf(type) : 0
    const id = leaves.get(`${kinds[kind]}_id`) ?? null
    const record = records[line]
    const cells = names.map((name, index) => {
      const value = stored(leaves.get(name) ?? null, storages[index] ?? 'VARCHAR')
      // As it was written: parsing and writing again would make 1 of 1.0.
      const isRaw = typeof record === 'string' && storages[index] === 'JSON' && value !== null
      return isRaw ? { sql: 'CAST(json_extract(?, ?) AS VARCHAR)', values: [record, `/${name.replaceAll('.', '/')}`] } : { sql: '?', values: [value] }
    })
    const text = Buffer.byteLength(lines[line] ?? '')
    return {
      sql: `(?, 0, ?, ?, ?, 0, ?, true, true, ?, 1, ?${cells.map((cell) => `, ${cell.sql}`).join('')})`,
      values: [BigInt(line), BigInt(line), text, BigInt(line + 1), kind, id === null ? null : String(id), BigInt(line), ...cells.flatMap((cell) => cell.values)]
    }
  })
  for (let at = 0; at < rows.length; at += 200) {
    const batch = rows.slice(at, at + 200)
    await connection.run(`INSERT INTO "tiny"."rows" VALUES ${batch.map((row) => row.sql).join(', ')}`, batch.flatMap((row) => row.values))
  }
  let revision = 1
  const columns = names.map((name, index): NamedColumn => ({
    name, prefix: name.includes('.') ? name.slice(0, name.indexOf('.') + 1) : '', type: typeOf(name, storages[index] ?? 'VARCHAR'), unit: null, derived: false,
    filled: flat.filter((leaves) => (leaves.get(name) ?? null) !== null).length, storage: storages[index] ?? 'VARCHAR', sql: `r.c${index}`, physical: index
  }))
  const started = columns.find((column) => column.name === 'started_at')
  const ended = columns.find((column) => column.name === 'ended_at')
  if (started && ended) columns.push({ ...ended, name: 'duration', type: 'number', derived: true, physical: null, sql: `(${ended.sql} - ${started.sql})` })
  return {
    sourceId: 'tiny',
    rows: '"tiny"."rows"',
    get revision() { return revision },
    touch() { revision += 1 },
    recordsPredicate: (of) => (of === 'messages' ? 'r.is_message' : `r.is_record AND r.kind = ${kindOf[of]}`),
    columns: () => columns,
    column: (_, name) => columns.find((column) => column.name === name),
    shapes: [],
    async query(sql: Sql, signal?: AbortSignal): Promise<SqlResult[]> {
      signal?.throwIfAborted()
      const result = await connection.runAndReadAll(sql.text, [...sql.values])
      return result.getRows() as SqlResult[]
    },
    text: async ({ byte }) => lines[byte] ?? '',
    fileName: () => 'tiny.jsonl',
    close() { connection.closeSync(); database.closeSync() }
  }
}

function leavesOf(record: JsonObject, prefix = ''): Map<string, JsonValue> {
  const leaves = new Map<string, JsonValue>()
  for (const [key, value] of Object.entries(record)) {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) for (const [name, leaf] of leavesOf(value, `${prefix}${key}.`)) leaves.set(name, leaf)
    else leaves.set(prefix + key, value)
  }
  return leaves
}

const wide = (value: JsonValue): boolean => typeof value === 'bigint' && BigInt.asIntN(64, value) !== value

function storageOf(values: JsonValue[]): Storage {
  const present = values.filter((value) => value !== null)
  if (present.every((value) => typeof value === 'boolean')) return 'BOOLEAN'
  if (present.every((value) => typeof value === 'string')) return 'VARCHAR'
  if (present.some((value) => typeof value === 'object' || wide(value))) return 'JSON'
  if (present.every((value) => typeof value === 'bigint' || (Number.isSafeInteger(value) && !Object.is(value, -0)))) return 'BIGINT'
  return present.every((value) => typeof value === 'number') ? 'DOUBLE' : 'JSON'
}

function stored(value: JsonValue, storage: Storage): null | boolean | number | bigint | string {
  if (value === null) return null
  if (storage === 'JSON') return stringifyJson(value)
  if (storage === 'DOUBLE') return Object.is(value, -0) ? '-0.0' : String(value as number)
  return storage === 'BIGINT' ? BigInt(value as number | bigint) : (value as boolean | number | string)
}

function typeOf(name: string, storage: Storage): NamedColumn['type'] {
  if (name === 'status') return 'status'
  if (name.endsWith('_at')) return 'time'
  if (name.endsWith('_id')) return 'id'
  return ({ BOOLEAN: 'boolean', BIGINT: 'integer', DOUBLE: 'number', VARCHAR: 'text', JSON: 'mixed' } as const)[storage]
}
