/**
 * Keeps provenance in PostgreSQL, merged as Provscope merges it. After `npm install pg`:
 * PGHOST=localhost PGDATABASE=provenance npx provscope consume examples/postgresConsumer.ts redis://localhost:6379/interception
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool, type PoolClient } from 'pg'
import { BaseConsumer, type JsonObject, mergeRecord, type Message, parseJson, type RecordKind, stringifyJson } from 'provscope'
import { type Gathered, RecordBuffer } from './recordBuffer.ts'

const tables = { task: 'tasks', workflow: 'workflows', agent: 'agents', object: 'objects' } as const
const kinds = Object.keys(tables) as RecordKind[]
const folder = fileURLToPath(new URL('.', import.meta.url))

export default class PostgresConsumer extends BaseConsumer {
  // PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE say where.
  readonly #pool = new Pool()
  readonly #buffer = new RecordBuffer(kinds)

  protected override async subscribe(): Promise<void> {
    await this.#pool.query(await readFile(join(folder, 'postgresSchema.sql'), 'utf8'))
    await super.subscribe()
  }

  override messageHandler(message: Message): boolean {
    this.#buffer.add(message)
    return true
  }

  /** All that came together is written together or, if that fails, not at all; the same again would change nothing. */
  protected override async flush(): Promise<void> {
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN')
      for (const kind of kinds) await merge(client, kind, this.#buffer.take(kind))
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }

  protected override async unsubscribe(): Promise<void> {
    await super.unsubscribe()
    await this.#pool.end()
  }
}

/** Rows are locked from reading to writing, so that several consumers may write at once. */
async function merge(client: PoolClient, kind: RecordKind, records: readonly Gathered[]): Promise<void> {
  if (records.length === 0) return
  const [table, id] = [tables[kind], `${kind}_id`]
  const ids = records.map((record) => text(record.id))
  await client.query(`INSERT INTO ${table} (${id}, document) SELECT unnest($1::text[]), '{}' ON CONFLICT DO NOTHING`, [ids])
  const { rows } = await client.query<{ id: string; document: string }>(`SELECT ${id} AS id, document::text AS document FROM ${table} WHERE ${id} = ANY ($1) ORDER BY 1 FOR UPDATE`, [ids])
  const known = new Map(rows.map((row) => [row.id, row.document]))
  const documents = records.map((record, at) => {
    const before = known.get(ids[at] ?? '') ?? '{}'
    const messages = before === '{}' ? record.messages : [parseJson(before) as JsonObject, ...record.messages]
    return json(mergeRecord(kind, messages, { newId: () => record.id }).document)
  })
  await client.query(`UPDATE ${table} SET document = new.document::jsonb FROM unnest($1::text[], $2::text[]) AS new (id, document) WHERE ${id} = new.id`, [ids, documents])
}

/** jsonb has every digit of every number, but no NaN, no infinities, no character NUL and no half surrogate pairs. */
function json(document: JsonObject): string {
  return stringifyJson(document)
    .replace(/"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g, (token) => (token.startsWith('"') ? token : 'null'))
    .replace(/\\(?:\\|u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})/g, (escape) => (escape === '\\\\' ? escape : '\\ufffd'))
}

const text = (value: string): string => value.replace(/\0|\p{Cs}/gu, '\ufffd')
