/** Flowcept's own Python, where there is one: as a producer, as a reader, and as another writer of the same stores. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseJson, type JsonValue } from '#contract/json'
import { python } from './python.ts'

/** Begins a script that queries: Flowcept imports these there, and needs them for tables and their files only. */
export const withoutTables = `
import sys, types
for name in ("pandas", "pyarrow", "pyarrow.parquet"):
    try:
        __import__(name)
    except ImportError:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].DataFrame = object
        if "." in name:
            setattr(sys.modules["pyarrow"], "parquet", sys.modules[name])
`

/** Null if it can be run; else why not. A peer, not a part: it may be missing anywhere. */
export function whyNoFlowcept(): string | null {
  const looked = spawnSync(python, ['-c', 'import flowcept, redis, lmdb, omegaconf, pymongo'])
  return looked.status === 0 ? null : `${python} has no flowcept with redis, lmdb and pymongo`
}

/**
 * Runs a script with a settings file of its own, and gives back what it prints last, as JSON.
 * @param settings YAML
 */
export async function runFlowcept(settings: string, script: string, args: readonly string[] = []): Promise<JsonValue> {
  const folder = mkdtempSync(join(tmpdir(), 'provscope-flowcept-'))
  writeFileSync(join(folder, 'settings.yaml'), `log: {log_file_level: disable, log_stream_level: disable}\n${settings}`)
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:MQ|KVDB|MONGO|LMDB|DB|DUMP|FLOWCEPT)_/.test(name)))
  const child = spawn(python, ['-c', script, ...args], { cwd: folder, env: { ...env, FLOWCEPT_SETTINGS_PATH: join(folder, 'settings.yaml') }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => void (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => void (err += data.toString()))
  const code = await new Promise((resolve) => child.once('close', resolve))
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0) throw new Error(`Python ended with code ${String(code)}: ${err.slice(-3000)}`)
  return parseJson(out.trim().split('\n').at(-1) ?? '')
}

/** Settings of an online producer that stores nothing itself. */
export function producerSettings(redisPort: number): string {
  return `
project: {db_flush_mode: online, enrich_messages: false, dump_buffer: {enabled: false}}
mq: {enabled: true, type: redis, host: 127.0.0.1, port: ${redisPort}, channel: interception, buffer_size: 20, insertion_buffer_time_secs: 1}
kv_db: {enabled: true, host: 127.0.0.1, port: ${redisPort}}
databases: {lmdb: {enabled: false}, mongodb: {enabled: false}}
instrumentation: {enabled: true}
telemetry_capture: {}
`
}

/** Settings of a reader of one database: that is all that Flowcept looks at when both are there. */
export function readerSettings(database: { lmdb: string } | { mongodb: string; name?: string }): string {
  const lmdb = 'lmdb' in database ? `{enabled: true, path: ${JSON.stringify(database.lmdb)}}` : '{enabled: false}'
  const mongodb = 'mongodb' in database ? `{enabled: true, uri: ${JSON.stringify(database.mongodb)}, db: ${database.name ?? 'flowcept'}, create_collection_index: false}` : '{enabled: false}'
  return `
project: {db_flush_mode: online, dump_buffer: {enabled: false}}
mq: {enabled: true}
kv_db: {enabled: false}
databases: {lmdb: ${lmdb}, mongodb: ${mongodb}}
telemetry_capture: {}
`
}
