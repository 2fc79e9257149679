#!/usr/bin/env node
/**
 * `node bench/export/run.mjs FILE.jsonl [--mongodb URI] [--mongodb-lines 100000]`: all tasks and columns of a buffer as CSV and Parquet beside
 * DuckDB's own COPY and pandas, and its first lines into MongoDB beside the bare driver and `mongoimport`. Each in a process of its own,
 * one after the other.
 */
import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { bundle } from '../bundle.mjs'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { mongodb: { type: 'string' }, 'mongodb-lines': { type: 'string', default: '100000' } } })
const [file] = positionals
if (file === undefined) {
  process.stderr.write('Usage: node bench/export/run.mjs FILE.jsonl [--mongodb URI] [--mongodb-lines 100000]\n')
  process.exit(2)
}
const out = await bundle('export', { ours: 'bench/export/ours.ts', duckdb: 'bench/export/duckdb.ts', driver: 'bench/export/driver.ts', readerWorker: 'src/engine/session/load/readerWorker.ts' })
const folder = mkdtempSync(join(tmpdir(), 'provscope-bench-export-'))

/** What a process prints last, as JSON; null if it ends badly. */
function run(command, ...args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 })
  return status === 0 ? JSON.parse(stdout.trim().split('\n').at(-1)) : null
}
const node = (script, ...args) => run(process.execPath, resolve(out, `${script}.js`), ...args)
const hasCommand = (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0

const files = node('ours', 'files', resolve(file), folder)
if (files === null) process.exit(1)
const number = (value) => value.toLocaleString('en')
const print = (line) => process.stdout.write(`${line}\n`)
print(`${number(files.tasks)} tasks, ${number(files.columns)} columns; opened in ${files.openSeconds.toFixed(1)} s, ${(files.restingBytes / 1e6).toFixed(0)} MB at rest\n`)
head()

function head() {
  print('| | seconds | of ours | processor, s | of ours | MB written | peak memory, MB | of ours |')
  print('| --- | --- | --- | --- | --- | --- | --- | --- |')
}

function row(name, figures, ours = null) {
  if (figures === null) return print(`| ${name} | failed | | | | | | |`)
  const share = (what) => (ours === null || !(figures[what] > 0) ? '' : (figures[what] / ours[what]).toFixed(2))
  const { bytes, cpuSeconds, peakBytes, seconds } = figures
  print(`| ${name} | ${seconds.toFixed(1)} | ${share('seconds')} | ${cpuSeconds === null ? '' : cpuSeconds.toFixed(1)} | ${share('cpuSeconds')} | ${bytes === null ? '' : (bytes / 1e6).toFixed(0)} | ${(peakBytes / 1e6).toFixed(0)} | ${share('peakBytes')} |`)
}

const python = process.env.PROVSCOPE_PYTHON ?? 'python3'
const pandas = spawnSync(python, ['-c', 'import pandas, pyarrow'], { stdio: 'ignore' }).status === 0
const typed = join(folder, 'tasks.parquet')
for (const format of ['csv', 'parquet']) {
  const ours = files[format]
  row(`Provscope, ${format}`, ours)
  row(`Provscope, ${format}, read back and compared, with its manifest`, files[`${format}Verified`], ours)
  row(`DuckDB COPY, ${format}`, node('duckdb', format, typed, join(folder, `duckdb.${format}`)), ours)
  if (pandas) row(`pandas to_${format}`, run(python, join(import.meta.dirname, 'peer.py'), format, typed, join(folder, `pandas.${format}`)), ours)
}

if (values.mongodb !== undefined) {
  const first = join(folder, 'first.jsonl')
  await firstLines(resolve(file), first, Number(values['mongodb-lines']))
  const database = `provscope_bench_${process.pid}`
  const ours = node('ours', 'mongodb', first, folder, values.mongodb, `${database}_ours`)
  const lines = join(folder, 'documents.jsonl')
  if (ours !== null) {
    print(`\n${number(ours.tasks)} tasks into MongoDB (${(statSync(lines).size / 1e6).toFixed(0)} MB as JSON Lines)\n`)
    head()
    row('Provscope, new, merged by id, read back', ours.created)
    row('Provscope, dry run of the same', ours.forecast, ours.created)
    row('Provscope, the same again', ours.again, ours.created)
    for (const how of ['insertMany', 'bulkWrite']) row(`the driver's ${how}${how === 'bulkWrite' ? ' of upserts by task_id' : ''}`, node('driver', how, lines, values.mongodb, `${database}_${how}`), ours.created)
    if (hasCommand('mongoimport')) row('mongoimport', imported(lines, `${database}_import`), ours.created)
  }
}
rmSync(folder, { recursive: true, force: true })
rmSync(out, { recursive: true, force: true })

async function firstLines(from, to, count) {
  let left = count
  const lines = createInterface({ input: createReadStream(from), crlfDelay: Infinity })
  await pipeline(async function* () {
    for await (const line of lines) {
      if (left-- <= 0) return
      yield `${line}\n`
    }
  }, createWriteStream(to))
}

/** Its memory is that of another program, which is asked of GNU time where it is there. */
function imported(lines, database) {
  const start = performance.now()
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', 'KB %M', 'mongoimport', '--quiet', '--uri', values.mongodb, '--db', database, '--collection', 'tasks', '--file', lines], { encoding: 'utf8' })
  const peak = /KB (\d+)/.exec(stderr ?? '')?.[1]
  return status === 0 ? { seconds: (performance.now() - start) / 1000, cpuSeconds: null, peakBytes: Number(peak ?? 0) * 1024, bytes: null } : null
}
