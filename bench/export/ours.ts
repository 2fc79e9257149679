/** Provscope's part: `files FILE FOLDER`, or `mongodb FILE FOLDER URI DATABASE`; prints its figures as JSON. Started by run.mjs. */
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import type { ExportJob } from '#contract/exports'
import type { Given, Method, Result } from '#contract/methods'
import { createEngine } from '#engine/session/engine'
import { measured } from './peakMemory.ts'

const [what = '', file = '', folder = '', uri = '', database = ''] = process.argv.slice(2)
const engine = await createEngine({ host: 'served', version: 'bench', configDir: join(folder, 'config'), tempDir: folder, remember: false })
const call = engine.call('host')
try {
  process.stdout.write(`${JSON.stringify(await (what === 'files' ? files() : mongodb()))}\n`)
} finally {
  await engine.close()
}

async function ask<M extends Method>(method: M, params: Given<M>): Promise<Result<M>> {
  const reply = await call(method, params)
  if (!reply.ok) throw new Error(`${method}: ${reply.error.message}`)
  return reply.value
}

async function open(): Promise<{ sourceId: string; tasks: number; columns: string[]; openSeconds: number }> {
  const start = performance.now()
  const { sourceId } = await ask('sources.openPaths', { paths: [file] })
  for (let cursor = ''; ; cursor = (await ask('changes.next', { cursor, waitMs: 10_000 })).cursor) {
    const [source] = (await ask('sources.list', {})).sources
    if (source?.state === 'failed') throw new Error(source.error ?? 'failed')
    if (source?.state !== 'ready') continue
    const { columns } = await ask('columns.list', { sourceId, records: 'tasks', limit: 10_000 })
    return { sourceId, tasks: source.counts.tasks, columns: columns.map(({ name }) => name), openSeconds: (performance.now() - start) / 1000 }
  }
}

async function ended(exportId: string): Promise<ExportJob> {
  for (let cursor = ''; ; cursor = (await ask('changes.next', { cursor, waitMs: 10_000 })).cursor) {
    const job = (await ask('exports.list', {})).exports.find((one) => one.exportId === exportId)
    if (job?.state === 'failed') throw new Error(job.error ?? 'failed')
    if (job?.state === 'done') return job
  }
}

async function files(): Promise<object> {
  const { columns, openSeconds, sourceId, tasks } = await open()
  const restingBytes = process.memoryUsage.rss()
  const written = async (format: 'csv' | 'parquet', name: string, isVerified: boolean) =>
    await measured(async () => {
      const { handle } = await ask('paths.grant', { path: join(folder, name), use: 'write' })
      const { exportId } = await ask('exports.start', { sourceId, format, columns, name, handle, verify: isVerified, manifest: isVerified })
      return (await ended(exportId)).bytes
    })
  return {
    tasks,
    columns: columns.length,
    openSeconds,
    restingBytes,
    parquet: await written('parquet', 'tasks.parquet', false),
    csv: await written('csv', 'tasks.csv', false),
    parquetVerified: await written('parquet', 'verified.parquet', true),
    csvVerified: await written('csv', 'tasks.csv', true)
  }
}

async function mongodb(): Promise<object> {
  const { sourceId, tasks } = await open()
  const { handle } = await ask('paths.grant', { path: join(folder, 'documents.jsonl'), use: 'write' })
  await ended((await ask('exports.start', { sourceId, format: 'jsonl', columns: [], name: 'documents.jsonl', handle, verify: false, manifest: false })).exportId)
  const to = { type: 'mongodb', uri: withDatabase(uri, database) } as const
  const written = async (dryRun: boolean) => await measured(async () => (await ended((await ask('exports.store', { sourceId, to, dryRun, related: false, manifest: false })).exportId)).bytes)
  try {
    return { tasks, created: await written(false), again: await written(false), forecast: await written(true) }
  } finally {
    const client = new MongoClient(uri)
    await client.db(database).dropDatabase()
    await client.close()
  }
}

function withDatabase(address: string, name: string): string {
  const url = new URL(address)
  url.pathname = `/${name}`
  return url.href
}
