/** One measured run in a process of its own, printed as JSON: `provscope FILE` or `duckdb FILE`. Started by open.mjs. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Call } from '#contract/dispatch'
import type { Method, Params, Result } from '#contract/methods'
import { createEngine } from '#engine/session/engine'

const [what = '', file = ''] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'provscope-bench-'))
try {
  process.stdout.write(JSON.stringify(await (what === 'duckdb' ? duckdb() : provscope())))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function cpuSeconds(): number {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1e6
}

async function duckdb(): Promise<object> {
  const instance = await DuckDBInstance.create(join(folder, 'peer.duckdb'), { memory_limit: '900MB', threads: '2', temp_directory: join(folder, 'spill') })
  const connection = await instance.connect()
  const start = performance.now()
  await connection.run(`CREATE TABLE t AS SELECT * FROM read_ndjson('${file.replaceAll("'", "''")}', sample_size = -1)`)
  return { seconds: (performance.now() - start) / 1000, cpu: cpuSeconds(), peakBytes: process.resourceUsage().maxRSS * 1024 }
}

async function provscope(): Promise<object> {
  const engine = await createEngine({ host: 'served', version: 'bench', configDir: join(folder, 'config'), tempDir: folder, remember: false })
  const call: Call = engine.call('host')
  const ask = async <M extends Method>(method: M, params: object): Promise<Result<M>> => {
    const reply = await call(method, params as Params<M> as never)
    if (!reply.ok) throw new Error(`${method}: ${reply.error.message}`)
    return reply.value
  }
  const start = performance.now()
  const seconds = (): number => (performance.now() - start) / 1000
  const { sourceId } = await ask('sources.openPaths', { paths: [file] })
  const source = async (): Promise<Result<'sources.list'>['sources'][number]> => (await ask('sources.list', {})).sources[0] as Result<'sources.list'>['sources'][number]
  let first = 0
  let core = 0
  for (let cursor = ''; ; cursor = (await ask('changes.next', { cursor, waitMs: 10_000 })).cursor) {
    const { error, stage, state } = await source()
    if (first === 0 && (await ask('rows.page', { sourceId, columns: ['task_id'], limit: 100 })).rows.length > 0) first = seconds()
    if (core === 0 && stage !== 'first') core = seconds()
    if (state === 'failed') throw new Error(error ?? 'failed')
    if (state === 'ready') break
  }
  const all = seconds()
  const cpu = cpuSeconds()
  const openPeakBytes = process.resourceUsage().maxRSS * 1024
  const { counts } = await source()
  const columns = (await ask('columns.list', { sourceId, records: 'tasks' })).columns
  const timed = async (job: () => Promise<unknown>): Promise<number> => {
    const from = performance.now()
    await job()
    return performance.now() - from
  }
  const shown = columns.slice(0, 20).map((column) => column.name)
  const scope = { filter: { status: 'ERROR' }, search: '' }
  const sort = [{ column: 'duration', descending: true }]
  const queries = {
    'first page': await timed(async () => await ask('rows.page', { sourceId, columns: shown })),
    'page at the middle, sorted': await timed(async () => await ask('rows.page', { sourceId, columns: shown, sort, offset: counts.tasks >> 1 })),
    'page at the end, same order': await timed(async () => await ask('rows.page', { sourceId, columns: shown, sort, offset: Math.max(0, counts.tasks - 100) })),
    'filter and count': await timed(async () => await ask('filter.counts', { sourceId, scopes: [scope] })),
    'histogram over time': await timed(async () => await ask('time.histogram', { sourceId })),
    'statistics of five columns': await timed(async () => await ask('columns.stats', { sourceId, columns: shown.slice(0, 5) }))
  }
  const csv = await exportCsv(ask, sourceId, columns.map((column) => column.name))
  await engine.close()
  return { bytes: statSync(file).size, messages: counts.messages, tasks: counts.tasks, columns: columns.length, first, core, all, cpu, openPeakBytes, peakBytes: process.resourceUsage().maxRSS * 1024, queries, csv }
}

async function exportCsv(ask: <M extends Method>(method: M, params: object) => Promise<Result<M>>, sourceId: string, columns: string[]): Promise<{ seconds: number; bytes: number }> {
  const start = performance.now()
  const { handle } = await ask('paths.grant', { path: join(folder, 'tasks.csv'), use: 'write' })
  await ask('exports.start', { sourceId, format: 'csv', columns, name: 'tasks.csv', handle })
  for (let cursor = ''; ; cursor = (await ask('changes.next', { cursor, waitMs: 10_000 })).cursor) {
    const job = (await ask('exports.list', {})).exports[0]
    if (job?.state === 'failed') throw new Error(job.error ?? 'failed')
    if (job?.state === 'done') return { seconds: (performance.now() - start) / 1000, bytes: job.bytes }
  }
}
