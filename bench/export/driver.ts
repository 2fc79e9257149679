/**
 * The bare driver: `insertMany|bulkWrite DOCUMENTS.jsonl URI DATABASE`. Batches of 1,000, acknowledged as Provscope has it, Flowcept's indexes
 * made before; nothing is merged, nothing read back. Prints seconds and peak memory as JSON.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { MongoClient, type Document } from 'mongodb'
import { measured } from './peakMemory.ts'

const [how = '', file = '', uri = '', database = ''] = process.argv.slice(2)
const durably = { ordered: false, writeConcern: { w: 'majority', journal: true } } as const
const batchSize = 1000
const times = ['started_at', 'ended_at', 'submitted_at', 'registered_at', 'utc_timestamp']

const client = new MongoClient(uri)
const tasks = client.db(database).collection('tasks')
try {
  process.stdout.write(`${JSON.stringify(await measured(write))}\n`)
} finally {
  await client.db(database).dropDatabase()
  await client.close()
}

async function write(): Promise<null> {
  await tasks.createIndex({ task_id: 1 }, { unique: true })
  for (const name of ['workflow_id', 'parent_task_id', 'campaign_id']) await tasks.createIndex({ [name]: 1 })
  let batch: Document[] = []
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const document = JSON.parse(line) as Document
    if (document['type'] !== 'task' && document['task_id'] === undefined) continue
    for (const name of times) if (typeof document[name] === 'number') document[name] = new Date(document[name] * 1000)
    batch.push(document)
    if (batch.length < batchSize) continue
    await send(batch)
    batch = []
  }
  if (batch.length > 0) await send(batch)
  return null
}

async function send(batch: Document[]): Promise<void> {
  if (how === 'insertMany') await tasks.insertMany(batch, durably)
  else await tasks.bulkWrite(batch.map((document) => ({ updateOne: { filter: { task_id: document['task_id'] as string }, update: { $set: document }, upsert: true } })), durably)
}
