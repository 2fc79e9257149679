/** Stored objects (models, datasets): their versions, and the bytes of one written to a file as they are. */
import { createHash } from 'node:crypto'
import { field, isJsonObject, parseJson, stringifyJson, type JsonValue } from '#contract/json'
import type { Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { listObjectVersions, openObject, type ObjectVersion } from '#engine/stores/mongoObjects'
import type { MongoStore } from '#engine/stores/mongoStore'
import type { Writing } from '../export/exports.ts'
import { getRecord } from '../query/record.ts'
import type { SourceTable } from '../table/sourceTable.ts'

type Versions = Result<'objects.versions'>
type Version = Versions['versions'][number]

export async function mongoObjectVersions(store: MongoStore, objectId: string): Promise<Versions> {
  const versions = await store.connection.run(async () => await listObjectVersions(store.connection.db, objectId))
  if (versions.length === 0) throw new Refusal('not-found', `There is no object ${JSON.stringify(objectId.slice(0, 200))} in this database.`)
  const hasBytes = versions.some(({ storage }) => storage !== 'none')
  return { withoutBytes: hasBytes ? null : 'Only what is known of it was stored, not its bytes.', versions: versions.map(described) }
}

/** Of a source that holds metadata alone: the one version that it knows. */
export async function knownObjectVersions(table: SourceTable, objectId: string, signal: AbortSignal): Promise<Versions> {
  const { document } = await getRecord(table, { sourceId: table.sourceId, records: 'objects', id: objectId, messagesOffset: 0, messagesLimit: 1 }, signal)
  const parsed = parseJson(document)
  const metadata = isJsonObject(parsed) ? parsed : {}
  const sizeBytes = numberOf(field(metadata, 'object_size_bytes'))
  const version = { version: numberOf(field(metadata, 'version')) ?? 0, isLatest: true, sizeBytes, storage: 'none', isPickled: false, metadata } as const
  return { withoutBytes: 'This source holds what is known of objects, not their bytes: those lie in MongoDB.', versions: [described(version)] }
}

/** The latest version unless told. */
export type ObjectWanted = { readonly objectId: string; readonly version?: number | undefined; readonly name: string; readonly handle?: string | undefined }

/** The bytes as they were stored, never unpickled; compared with the hash and the size that were stored with them. */
export function objectWriting(store: MongoStore, { handle, name, objectId, version }: ObjectWanted): Writing {
  return {
    kind: 'bytes',
    name,
    handle,
    countRows: async () => 0,
    write: async (sink, { signal, onProgress }) => {
      const object = await store.connection.run(async () => await openObject(store.connection.db, objectId, version))
      const hash = createHash('sha256')
      let bytes = 0
      for await (const piece of object.bytes) {
        if (signal.aborted) throw new Refusal('cancelled', 'The download was cancelled.')
        hash.update(piece)
        await sink(piece)
        bytes += piece.length
        onProgress({ rows: 0, bytes })
      }
      if (object.sizeBytes !== null && bytes !== object.sizeBytes) throw new Refusal('unavailable', `${bytes.toLocaleString('en')} of ${object.sizeBytes.toLocaleString('en')} bytes are in the database: the object is damaged.`)
      if (object.sha256 !== null && hash.digest('hex') !== object.sha256) throw new Refusal('unavailable', 'The bytes do not match the SHA-256 that was stored with them: the object is damaged.')
      return { rows: 0, bytes }
    }
  }
}

function described({ metadata, sizeBytes, storage, version }: ObjectVersion): Version {
  const sha256 = field(metadata, 'data_sha256')
  // Each change of an object keeps the day of its first version, and is dated by `updated_at`.
  const createdAt = timeOf(field(metadata, 'updated_at')) ?? timeOf(field(metadata, 'created_at'))
  const type = field(metadata, 'object_type') ?? field(metadata, 'type')
  return {
    version,
    sizeBytes,
    sha256: typeof sha256 === 'string' ? sha256 : null,
    createdAt,
    storage: storage === 'document' ? 'in-document' : storage,
    type: typeof type === 'string' ? type : null,
    document: stringifyJson(metadata)
  }
}

/** Epoch seconds of a number, a date of MongoDB, or a time in ISO's form. */
function timeOf(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return value
  const text = isJsonObject(value) ? field(value, '$date') : value
  const parsed = typeof text === 'string' ? Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`) : Number.NaN
  return Number.isFinite(parsed) ? parsed / 1000 : null
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

