/** The objects (models, datasets) that Flowcept keeps in MongoDB: their versions and sizes, and the bytes of any version. Never unpickled. */
import { Binary, GridFSBucket, ObjectId, type Db, type Document } from 'mongodb'
import type { JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import { fromMongo } from './mongoDocuments.ts'

export type ObjectVersion = {
  readonly version: number
  readonly isLatest: boolean
  /** Null where neither the document nor the file tells. */
  readonly sizeBytes: number | null
  /** `none`: metadata alone. */
  readonly storage: 'document' | 'gridfs' | 'none'
  readonly isPickled: boolean
  /** Everything but the bytes. */
  readonly metadata: JsonObject
}

export type ObjectBytes = {
  readonly sizeBytes: number | null
  /** In hex, as whoever stored it computed it; null if nobody did. */
  readonly sha256: string | null
  readonly bytes: AsyncIterable<Uint8Array>
}

/** An object can have been changed thousands of times. */
const maxVersions = 10_000
const withoutBytes = { data: 0 }

/** The latest first. Empty if there is no such object. */
export async function listObjectVersions(db: Db, objectId: string, page: { offset?: number; limit?: number } = {}): Promise<ObjectVersion[]> {
  const { offset = 0, limit = maxVersions } = page
  const latest = await db.collection('objects').findOne({ object_id: objectId }, { projection: withoutBytes })
  const history = await db
    .collection('object_history')
    .find({ object_id: objectId }, { projection: withoutBytes, sort: { version: -1 }, limit: Math.min(offset + limit, maxVersions) })
    .toArray()
  const documents = latest ? [latest, ...history.filter(({ version }) => Number(version) !== Number(latest.version ?? 0))] : history
  return await Promise.all(documents.slice(offset, offset + Math.min(limit, maxVersions)).map(async (document) => await describe(db, document, document === latest)))
}

/**
 * The bytes of one version, the latest unless told, in pieces as they come.
 * @throws Refusal `not-found` for an object, a version or a file that is not there
 */
export async function openObject(db: Db, objectId: string, version?: number): Promise<ObjectBytes> {
  const document = await findVersion(db, objectId, version)
  const data: unknown = document.data
  const sha256 = typeof document.data_sha256 === 'string' ? document.data_sha256.toLowerCase() : null
  if (data !== undefined && data !== null) {
    const bytes = data instanceof Binary ? data.buffer.subarray(0, data.length()) : typeof data === 'string' ? Buffer.from(data) : null
    if (!bytes) throw new Refusal('not-found', `${named(objectId, version)} holds no bytes, but ${typeof data === 'object' ? 'a document' : `a ${typeof data}`}.`)
    return { sizeBytes: bytes.length, sha256, bytes: onePiece(bytes) }
  }
  if (!(document.grid_fs_file_id instanceof ObjectId)) throw new Refusal('not-found', `${named(objectId, version)} is metadata alone; its bytes are not in MongoDB.`)
  const file = await fileOf(db, document.grid_fs_file_id)
  if (!file) throw new Refusal('not-found', `The bytes of ${named(objectId, version)} are gone from GridFS.`)
  return { sizeBytes: Number(file.length), sha256, bytes: new GridFSBucket(db).openDownloadStream(document.grid_fs_file_id) }
}

async function findVersion(db: Db, objectId: string, version: number | undefined): Promise<Document> {
  const latest = await db.collection('objects').findOne({ object_id: objectId })
  if (version === undefined || Number(latest?.version ?? -1) === version) {
    if (latest) return latest
    throw new Refusal('not-found', `There is no object ${objectId}.`)
  }
  const older = await db.collection('object_history').findOne({ object_id: objectId, version })
  if (!older) throw new Refusal('not-found', `There is no ${named(objectId, version)}.`)
  return older
}

async function describe(db: Db, document: Document, isLatest: boolean): Promise<ObjectVersion> {
  const metadata = fromMongo(document)
  const fileId: unknown = document.grid_fs_file_id
  const file = fileId instanceof ObjectId ? await fileOf(db, fileId) : null
  const known = document.object_size_bytes === undefined || document.object_size_bytes === null ? null : Number(document.object_size_bytes)
  const hasBytes = fileId instanceof ObjectId ? false : (await bytesExist(db, document, isLatest))
  return {
    version: Number(document.version ?? 0),
    isLatest,
    sizeBytes: known ?? (file ? Number(file.length) : null),
    storage: fileId instanceof ObjectId ? 'gridfs' : hasBytes ? 'document' : 'none',
    isPickled: document.pickle === true,
    metadata
  }
}

async function bytesExist(db: Db, { _id }: Document, isLatest: boolean): Promise<boolean> {
  const found = await db.collection(isLatest ? 'objects' : 'object_history').countDocuments({ _id, data: { $exists: true } }, { limit: 1 })
  return found > 0
}

async function fileOf(db: Db, id: ObjectId): Promise<Document | null> {
  return await db.collection('fs.files').findOne({ _id: id })
}

function named(objectId: string, version: number | undefined): string {
  return version === undefined ? `object ${objectId}` : `version ${version} of object ${objectId}`
}

async function* onePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
