#!/usr/bin/env node
/** `node bench/open.mjs FILE.jsonl`: opens a buffer with Provscope, with DuckDB alone and, where it is installed, with Flowcept; one run each. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { bundle } from './bundle.mjs'

const file = process.argv[2]
if (file === undefined) {
  process.stderr.write('Usage: node bench/open.mjs FILE.jsonl\n')
  process.exit(2)
}
const out = await bundle('open', { open: 'bench/open.ts', readerWorker: 'src/engine/session/load/readerWorker.ts' })

function run(what) {
  const { status, stdout } = spawnSync(process.execPath, [resolve(out, 'open.js'), what, resolve(file)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  if (status !== 0) return null
  return JSON.parse(stdout)
}

function flowcept() {
  const script = `
import json, resource, sys, time
from flowcept import Flowcept
start = time.time()
frame = Flowcept.read_buffer_file(sys.argv[1], return_df=True, normalize_df=True)
print(json.dumps({"seconds": time.time() - start, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "rows": len(frame)}))`
  if (spawnSync('python3', ['-c', 'import flowcept'], { stdio: 'ignore' }).status !== 0) return null
  const { status, stdout } = spawnSync('python3', ['-c', script, resolve(file)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  return status === 0 ? JSON.parse(stdout.trim().split('\n').at(-1)) : null
}

const seconds = (value) => `${value.toFixed(2)} s`
const line = (name, value, note = '') => process.stdout.write(`${name.padEnd(34)}${value.padStart(12)}  ${note}\n`)

const ours = run('provscope')
const peer = run('duckdb')
const other = flowcept()
rmSync(out, { recursive: true, force: true })
if (ours === null) process.exit(1)

line('file', `${(ours.bytes / 1e6).toFixed(1)} MB`, `${ours.messages.toLocaleString('en')} messages, ${ours.tasks.toLocaleString('en')} tasks, ${ours.columns} columns`)
line('first rows', seconds(ours.first))
line('every message flattened', seconds(ours.core), peer ? `${(ours.core / peer.seconds).toFixed(2)} × DuckDB's own load` : '')
line('records merged too', seconds(ours.all), peer ? `${(ours.all / peer.seconds).toFixed(2)} × DuckDB's own load` : '')
line('processor time', seconds(ours.cpu), peer ? `${(ours.cpu / peer.cpu).toFixed(2)} × DuckDB's own load` : '')
line('peak memory until then', `${(ours.openPeakBytes / 1e6).toFixed(0)} MB`, peer ? `${(ours.openPeakBytes / peer.peakBytes).toFixed(2)} × DuckDB's own load` : '')
line('peak memory with all below', `${(ours.peakBytes / 1e6).toFixed(0)} MB`)
for (const [name, value] of Object.entries(ours.queries)) line(name, `${value.toFixed(0)} ms`)
line('CSV of every task and column', seconds(ours.csv.seconds), `${(ours.csv.bytes / 1e6).toFixed(1)} MB`)
if (peer) line('DuckDB read_ndjson(sample_size=-1)', seconds(peer.seconds), `${(peer.peakBytes / 1e6).toFixed(0)} MB; nested columns, nothing merged`)
if (other) line('Flowcept read_buffer_file', seconds(other.seconds), `${(other.peakBytes / 1e6).toFixed(0)} MB; ours takes ${(ours.core / other.seconds).toFixed(3)} of its time`)
else line('Flowcept', 'not here', 'python3 cannot import it')
