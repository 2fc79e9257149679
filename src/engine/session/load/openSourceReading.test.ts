/** Broken lines, growing files, stopping and going on: what is read, what is a problem, and what stays. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSegments } from '#engine/sources/openSegments'
import { Database } from '../table/database.ts'
import { Loader } from './loader.ts'
import { removeCulprits } from './loaderCulprits.ts'
import { OpenSource } from './openSource.ts'
import { LocalReader } from './readerPort.ts'
import type { SqlResult } from '../table/sourceTable.ts'

let database: Database
let folder: string
beforeAll(async () => {
  database = await Database.create()
  folder = await mkdtemp(join(tmpdir(), 'open-reading-test-'))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

let opened = 0
async function openPath(path: string, onChange?: (source: OpenSource) => void): Promise<OpenSource> {
  const sourceId = `r${++opened}`
  const spec = { paths: [path], folder: join(folder, sourceId) }
  let source: OpenSource | null = null
  const reader = new LocalReader(await openSegments(spec), database.folder, sourceId)
  source = await OpenSource.open({ sourceId, database, segments: await openSegments(spec), reader, onChange: () => source && onChange?.(source) })
  return source
}
async function open(content: string | Uint8Array): Promise<OpenSource> {
  const path = join(folder, `file${opened + 1}.jsonl`)
  writeFileSync(path, content)
  const source = await openPath(path)
  await source.done
  return source
}
const rowsOf = async (source: OpenSource, select: string, where: string): Promise<SqlResult[]> =>
  await source.query({ text: `SELECT ${select} FROM ${source.rows} r WHERE ${where} ORDER BY r.line`, values: [] })

test('each kind of broken line is a problem with its place; the lines around it are read', async () => {
  const lines: (string | Uint8Array)[] = ['{"task_id":"a"}', 'Traceback (most recent call last):', '{"task_id":"b"}{"task_id":"c"}', 'null', '[1,2]', '"text"', '', '  ', '{"task_id":"d","v":NaN}', Buffer.from([0x7b, 0xff, 0x7d]), '{"task_id":"e","used":{"x":1', '{"task_id":"f"}', '{"task_id":"g"']
  const source = await open(Buffer.concat(lines.flatMap((line, index) => [Buffer.from(line), Buffer.from(index < lines.length - 1 ? '\n' : '')])))
  const byteOf = (index: number): number => lines.slice(0, index).reduce((sum, line) => sum + Buffer.from(line).length + 1, 0)
  expect(source.problems.list.map(({ byte, count, kind, level, line }) => ({ kind, level, line, byte, count }))).toEqual([
    { kind: 'not-json', level: 'error', line: 2, byte: byteOf(1), count: 1 },
    { kind: 'two-objects', level: 'error', line: 3, byte: byteOf(2), count: 1 },
    { kind: 'not-an-object', level: 'error', line: 4, byte: byteOf(3), count: 1 },
    { kind: 'not-an-object', level: 'error', line: 5, byte: byteOf(4), count: 1 },
    { kind: 'not-an-object', level: 'error', line: 6, byte: byteOf(5), count: 1 },
    { kind: 'blank-line', level: 'note', line: 7, byte: byteOf(6), count: 2 },
    { kind: 'nan-token', level: 'note', line: 9, byte: byteOf(8), count: 1 },
    { kind: 'invalid-utf8', level: 'error', line: 10, byte: byteOf(9), count: 1 },
    { kind: 'truncated', level: 'error', line: 11, byte: byteOf(10), count: 1 },
    { kind: 'truncated', level: 'error', line: 13, byte: byteOf(12), count: 1 }
  ])
  expect(source.problems.list[0]).toMatchObject({ title: 'Line is not JSON', sample: 'Traceback (most recent call last):', source: `file${opened}.jsonl` })
  expect(await rowsOf(source, 'r.record_id, r.file_line, r.byte', 'r.is_message')).toEqual([['a', 1n, 0n], ['d', 9n, BigInt(byteOf(8))], ['f', 12n, BigInt(byteOf(11))]])
  await source.close()
})

test('a thousand problems of a kind are listed, the rest counted', async () => {
  const source = await open('nonsense\n'.repeat(2500))
  expect(source.problems.list).toHaveLength(1001)
  expect(source.problems.list.reduce((sum, problem) => sum + problem.count, 0)).toBe(2500)
  expect(source.state()).toMatchObject({ state: 'ready', counts: { messages: 0 } })
  await source.close()
})

test('a byte order mark and CRLF are no part of a line; its text can be had again', async () => {
  const source = await open('\ufeff{"task_id":"ä","status":"RUNNING"}\r\n{"task_id":"ä","status":"FINISHED","ended_at":5}\r\n')
  expect(source.problems.list).toEqual([])
  const places = await rowsOf(source, 'r.file, r.byte, r.size', 'r.is_message')
  const texts = await Promise.all(places.map(async ([file, byte, size]) => await source.text({ file: Number(file), byte: Number(byte), size: Number(size) })))
  expect(texts).toEqual(['{"task_id":"ä","status":"RUNNING"}', '{"task_id":"ä","status":"FINISHED","ended_at":5}'])
  const [record] = await rowsOf(source, 'r.file, r.byte, r.size, r.messages, r.first_line', 'r.is_record')
  expect(record?.slice(3)).toEqual([2, 0n])
  expect(JSON.parse(await source.text({ file: Number(record?.[0]), byte: Number(record?.[1]), size: Number(record?.[2]) }))).toEqual({ task_id: 'ä', status: 'FINISHED', running: true, finished: true, ended_at: 5 })
  await source.close()
})

test('what is appended is read on: new rows, records merged anew, a last line that goes on', async () => {
  const path = join(folder, 'growing.jsonl')
  writeFileSync(path, '{"task_id":"a","status":"RUNNING","used":{"x":1}}\n{"task_id":"b","status":"FINISHED"}\n{"task_id":"c","sta')
  const source = await openPath(path)
  await source.done
  expect(source.state().counts).toMatchObject({ messages: 2, tasks: 2 })
  expect(source.problems.list.map((problem) => problem.kind)).toEqual(['truncated'])
  const revision = source.revision
  appendFileSync(path, 'tus":"FINISHED"}\n{"task_id":"a","status":"FINISHED","generated":{"y":2}}\n')
  source.readOn()
  await source.done
  expect(source.problems.list).toEqual([])
  expect(source.state()).toMatchObject({ state: 'ready', counts: { messages: 4, tasks: 3 } })
  expect(source.revision).toBeGreaterThan(revision)
  const cells = ['task_id', 'status', 'used.x', 'generated.y', 'running', 'finished'].map((name) => source.column('tasks', name)?.sql)
  const tasks = await source.query({ text: `SELECT ${cells.join(', ')}, r.messages FROM ${source.rows} r WHERE ${source.recordsPredicate('tasks')} ORDER BY r.first_line`, values: [] })
  expect(tasks).toEqual([['a', 'FINISHED', 1n, 2n, true, true, 2], ['b', 'FINISHED', null, null, null, true, 1], ['c', 'FINISHED', null, null, null, true, 1]])
  appendFileSync(path, '{"task_id":"a","generated":{"z":"third"}}\n')
  source.readOn()
  await source.done
  expect(await rowsOf(source, `r.messages, ${source.column('tasks', 'generated.z')?.sql}, ${source.column('tasks', 'generated.y')?.sql}`, `${source.recordsPredicate('tasks')} AND r.record_id = 'a'`)).toEqual([[3, 'third', 2n]])
  expect(source.state().counts).toMatchObject({ messages: 5, tasks: 3 })
  await source.close()
})

test('a last line without a line end counts once when it gets one', async () => {
  const path = join(folder, 'tail.jsonl')
  writeFileSync(path, '{"task_id":"a","x":1}\n{"task_id":"b","x":2}')
  const source = await openPath(path)
  await source.done
  expect(source.state().counts).toMatchObject({ messages: 2, tasks: 2 })
  appendFileSync(path, '\n{"task_id":"c"}\n')
  source.readOn()
  await source.done
  expect(source.state().counts).toMatchObject({ messages: 3, tasks: 3 })
  expect(await rowsOf(source, 'r.record_id, r.file_line', 'r.is_message')).toEqual([['a', 1n], ['b', 2n], ['c', 3n]])
  expect((await rowsOf(source, 'r.record_id', 'r.is_record')).flat().toSorted()).toEqual(['a', 'b', 'c'])
  expect(source.columns('messages').map((column) => [column.name, column.filled])).toEqual([['task_id', 3], ['x', 2]])
  await source.close()
})

test('reading can be stopped and gone on with; nothing is read twice or left out', async () => {
  const path = join(folder, 'long.jsonl')
  const filler = 'x'.repeat(400)
  const ids = Array.from({ length: 40_000 }, (_, index) => `t${index % 30_000}`)
  writeFileSync(path, ids.map((id, index) => `{"task_id":"${id}","status":"${index < 30_000 ? 'RUNNING' : 'FINISHED'}","used":{"filler":"${filler}"}}\n`).join(''))
  let stopped: Promise<void> | null = null
  const source = await openPath(path, (changed) => {
    if (changed.state().counts.messages > 0) stopped ??= changed.stop()
  })
  await source.done
  const { counts, state } = source.state()
  expect(state).toBe('stopped')
  expect(counts.messages).toBeGreaterThan(0)
  expect(counts.messages).toBeLessThan(40_000)
  expect(counts.tasks).toBe(Math.min(counts.messages, 30_000))
  source.readOn()
  await source.done
  expect(source.state()).toMatchObject({ state: 'ready', counts: { messages: 40_000, tasks: 30_000 } })
  const statuses = await source.query({ text: `SELECT ${source.column('tasks', 'status')?.sql} AS s, count(*) FROM ${source.rows} r WHERE ${source.recordsPredicate('tasks')} GROUP BY s ORDER BY s`, values: [] })
  expect(statuses).toEqual([['FINISHED', 10_000n], ['RUNNING', 20_000n]])
  expect(source.column('tasks', 'finished')?.filled).toBe(10_000)
  await source.close()
})

test('a query can be cancelled, and values are bound by their types', async () => {
  const source = await open('{"task_id":"a","n":9223372036854775807,"x":0.5}\n')
  const abort = new AbortController()
  const slow = source.query({ text: 'SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range + b.range < 0', values: [] }, abort.signal)
  setTimeout(() => abort.abort(), 50)
  await expect(slow).rejects.toMatchObject({ code: 'cancelled' })
  const bound = await source.query({ text: `SELECT ?, ?, ?, ?, ? FROM ${source.rows} r WHERE ${source.column('messages', 'n')?.sql} = ?`, values: [null, true, 1.5, 9223372036854775807n, 'ü', 9223372036854775807n] })
  expect(bound).toEqual([[null, true, 1.5, 9223372036854775807n, 'ü']])
  await source.close()
})

test('lines that DuckDB alone refuses are found, and the others can be loaded', async () => {
  const loader = await Loader.create(database, 'culprits')
  const path = join(folder, 'part.jsonl')
  const line = (n: number, value: string): string => `{"n":${n},"f":0,"l":${n + 1},"o":${n * 10},"z":9,"s":0,"k":0,"i":"t${n}","d":{"v":${value}}}\n`
  writeFileSync(path, Array.from({ length: 100 }, (_, n) => line(n, n === 13 || n === 70 ? '{"no":"number"}' : String(n))).join(''))
  const columns = `{'n': 'BIGINT', 'f': 'INTEGER', 'l': 'BIGINT', 'o': 'BIGINT', 'z': 'INTEGER', 's': 'INTEGER', 'k': 'UTINYINT', 'q': 'BOOLEAN', 'i': 'VARCHAR', 'g': 'INTEGER', 't': 'BIGINT', 'd': 'STRUCT(v BIGINT)'}`
  const part = { path, rows: 100, longestBytes: 200, columns, values: [{ column: 'c0', expression: 'd.v' }], id: 'i' }
  await expect(loader.tryPart(part)).rejects.toThrow()
  const { culprits, part: rest } = await removeCulprits(part, async (some) => await loader.tryPart(some))
  expect(culprits.map(({ byte, fileLine, text }) => [fileLine, byte, text])).toEqual([[14, 130, '{"v":{"no":"number"}}'], [71, 700, '{"v":{"no":"number"}}']])
  await loader.transaction(async () => await loader.load([rest], [{ index: 0, storage: 'BIGINT' }], false))
  expect(await database.query({ text: `SELECT count(*), sum(c0)::BIGINT FROM ${loader.rows}`, values: [] })).toEqual([[98n, BigInt((99 * 100) / 2 - 83)]])
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(99)
  await loader.close()
})
