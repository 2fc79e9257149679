/** Objects as Flowcept stores them: in the document or in GridFS, with a history. */
import { GridFSBucket, MongoClient, type Db, type ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mongoFlavours, startMongo, testWithoutMongo, type MongoServer } from '../../testing/servers/mongo.ts'
import { listObjectVersions, openObject } from './mongoObjects.ts'

const flavours = mongoFlavours()
if (flavours.length === 0) testWithoutMongo()

describe.each(flavours)('%s', (flavour) => {
  let server: MongoServer
  let client: MongoClient
  let db: Db
  let fileId: ObjectId
  // Not a whole number of GridFS's pieces.
  const large = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * 31) % 251))
  beforeAll(async () => {
    server = await startMongo(flavour)
    client = new MongoClient(server.uri, { useBigInt64: true })
    db = client.db('flowcept')
    const upload = new GridFSBucket(db).openUploadStream('model')
    await new Promise<void>((resolve, reject) => upload.once('finish', resolve).once('error', reject).end(large))
    fileId = upload.id
    const shared = { object_id: 'model-1', object_type: 'ml_model', custom_metadata: { class: 'MyNet' }, pickle: true }
    await db.collection('objects').insertOne({ ...shared, version: 2, prev_version: 1, grid_fs_file_id: fileId, object_size_bytes: large.length })
    await db.collection('object_history').insertMany([
      { ...shared, version: 0, data: Buffer.from('first'), object_size_bytes: 5 },
      { ...shared, version: 1, data: Buffer.from('second version') }
    ])
    await db.collection('objects').insertOne({ object_id: 'bare', type: 'object', version: 0 })
  }, 900_000)
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  test('versions, the latest first, without their bytes', async () => {
    const versions = await listObjectVersions(db, 'model-1')
    expect(versions.map(({ version, isLatest, sizeBytes, storage, isPickled }) => ({ version, isLatest, sizeBytes, storage, isPickled }))).toEqual([
      { version: 2, isLatest: true, sizeBytes: large.length, storage: 'gridfs', isPickled: true },
      { version: 1, isLatest: false, sizeBytes: null, storage: 'document', isPickled: true },
      { version: 0, isLatest: false, sizeBytes: 5, storage: 'document', isPickled: true }
    ])
    expect(versions[0]?.metadata).toEqual({ object_id: 'model-1', object_type: 'ml_model', custom_metadata: { class: 'MyNet' }, pickle: true, version: 2, prev_version: 1, grid_fs_file_id: { $oid: fileId.toHexString() }, object_size_bytes: large.length })
    expect((await listObjectVersions(db, 'model-1', { offset: 1, limit: 1 })).map(({ version }) => version)).toEqual([1])
    expect(await listObjectVersions(db, 'nothing')).toEqual([])
  })

  test('any version can be had, whole', async () => {
    expect((await read('model-1')).equals(large)).toBe(true)
    expect((await read('model-1', 2)).equals(large)).toBe(true)
    expect((await read('model-1', 1)).toString()).toBe('second version')
    expect((await read('model-1', 0)).toString()).toBe('first')
  })

  test('what is not there is said', async () => {
    await expect(openObject(db, 'nothing')).rejects.toThrow('There is no object nothing.')
    await expect(openObject(db, 'model-1', 9)).rejects.toThrow('There is no version 9 of object model-1.')
    await expect(openObject(db, 'bare')).rejects.toThrow(/metadata alone/)
    await db.collection('objects').insertOne({ object_id: 'gone', version: 0, grid_fs_file_id: new (fileId.constructor as new () => ObjectId)() })
    await expect(openObject(db, 'gone')).rejects.toThrow(/gone from GridFS/)
  })

  async function read(objectId: string, version?: number): Promise<Buffer> {
    const { bytes, sizeBytes } = await openObject(db, objectId, version)
    const pieces: Uint8Array[] = []
    for await (const piece of bytes) pieces.push(piece)
    const whole = Buffer.concat(pieces)
    expect(whole.length).toBe(sizeBytes)
    return whole
  }
})
