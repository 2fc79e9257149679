import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSegments, openSegmentsFrom } from './openSegments.ts'
import type { FileProblem, Segment, Segments, SegmentsChange } from './segments.ts'

const fixtures = join(import.meta.dirname, '../../testing/fixtures')
let folder: string
let spool: string
const opened: Segments[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
  spool = join(folder, 'spool')
})
afterEach(async () => {
  for (const segments of opened.splice(0)) await segments.close()
  rmSync(folder, { recursive: true, force: true })
})

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function open(...paths: string[]): Promise<Segments> {
  const segments = await openSegments({ paths, folder: spool })
  opened.push(segments)
  return segments
}

async function openPipe(stream: Readable): Promise<Segments> {
  const segments = await openSegmentsFrom({ paths: ['-'], folder: spool }, () => stream)
  opened.push(segments)
  return segments
}

async function all(segments: Segments, maxBytes = 1000): Promise<Segment[]> {
  const found: Segment[] = []
  for (let segment = await segments.next(maxBytes); segment !== null; segment = await segments.next(maxBytes)) found.push(segment)
  return found
}

const textOf = (segments: readonly Segment[]): string => Buffer.concat(segments.map((segment) => segment.bytes)).toString()
const problemsOf = (segments: readonly Segment[]): FileProblem[] => segments.flatMap((segment) => segment.problems ?? [])

/** The next change that a watch tells of. */
function change(segments: Segments): Promise<SegmentsChange> {
  return new Promise((resolve) => {
    const stop = segments.watch((told) => {
      stop()
      resolve(told)
    })
  })
}

test('segments are whole lines with their true places, whatever the size asked for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '\r', '{', '\u2028', '😀'), maxLength: 40 }), { maxLength: 30 }),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom('plain', 'gzip'),
      fc.integer({ min: 1, max: 200 }),
      async (lines, endsOpen, mark, how, maxBytes) => {
        const text = (mark ? '\ufeff' : '') + lines.map((line) => `${line}\n`).join('') + (endsOpen ? 'open end' : '')
        const path = put('a.jsonl', how === 'gzip' ? gzipSync(text) : text)
        const segments = await openSegments({ paths: [path], folder: spool })
        const found = await all(segments, maxBytes)
        const bytes = Buffer.from(text)
        let byte = mark ? 3 : 0
        let line = 1
        for (const segment of found) {
          expect(segment.byte).toBe(byte)
          expect(segment.line).toBe(line)
          expect(bytes.subarray(byte, byte + segment.bytes.length).equals(Buffer.from(segment.bytes))).toBe(true)
          expect(await segments.readText(0, byte, segment.bytes.length)).toEqual(new Uint8Array(segment.bytes))
          byte += segment.bytes.length
          line += Buffer.from(segment.bytes).toString().split('\n').length - 1
          if (byte < bytes.length) expect(segment.bytes.at(-1)).toBe(10)
        }
        expect(byte).toBe(mark ? Math.max(3, bytes.length) : bytes.length)
        expect(found.at(-1)?.readBytes ?? 0).toBe(found.length === 0 ? 0 : statSync(path).size)
        await segments.close()
      }
    ),
    { numRuns: 150 }
  )
})

test('segments keep to the size asked for where lines allow', async () => {
  const path = put('a.jsonl', 'x'.repeat(99).concat('\n').repeat(1000))
  const found = await all(await open(path), 1024)
  expect(Math.max(...found.map((segment) => segment.bytes.length))).toBe(1000)
  expect(found).toHaveLength(100)
  for (const segment of found) expect(segment.bytes.buffer.byteLength, 'owned, not pooled').toBeLessThanOrEqual(1024)
})

test('a file of nothing, and one of nothing but a byte order mark', async () => {
  expect(await all(await open(put('a.jsonl', '')))).toEqual([])
  expect(await all(await open(put('b.jsonl', '\ufeff')))).toEqual([])
  expect(await all(await open(put('c.jsonl', gzipSync(''))))).toEqual([])
})

test('several files, one after the other, as one; what is on disk stays as it was', async () => {
  mkdirSync(join(folder, 'set'))
  for (const name of readdirSync(join(fixtures, 'split'))) writeFileSync(join(folder, 'set', name), readFileSync(join(fixtures, 'split', name)))
  const paths = readdirSync(join(folder, 'set')).sort().map((name) => join(folder, 'set', name))
  const before = paths.map((path) => statSync(path).mtimeMs)
  chmodSync(join(folder, 'set'), 0o555)
  const segments = await open(...paths)
  const found = await all(segments)
  expect(segments.files.map((file) => file.name)).toEqual(paths.map((path) => basename(path)))
  expect(segments.totalBytes).toBe(paths.reduce((sum, path) => sum + statSync(path).size, 0))
  expect(found.at(-1)?.readBytes).toBe(segments.totalBytes)
  expect(textOf(found)).toBe(paths.map((path) => readFileSync(path, 'utf8')).join(''))
  expect([...new Set(found.map((segment) => segment.file))]).toEqual(paths.map((_, i) => i))
  expect(paths.map((path) => statSync(path).mtimeMs)).toEqual(before)
  expect(readdirSync(join(folder, 'set'))).toHaveLength(paths.length)
  chmodSync(join(folder, 'set'), 0o755)
})

test('more files than are kept open at once', async () => {
  const paths = Array.from({ length: 200 }, (_, i) => put(`f${i}.jsonl`, `line of ${i + 100}\n`))
  const segments = await open(...paths)
  const found = await all(segments)
  expect(found).toHaveLength(200)
  const texts = await Promise.all(paths.map((_, i) => segments.readText(i, 8, 3)))
  expect(texts.map((text) => Buffer.from(text).toString())).toEqual(paths.map((_, i) => String(i + 100)))
})

test('compressed by its bytes, not its name; progress counts bytes on disk', async () => {
  const text = readFileSync(join(fixtures, 'jsonl/11_status_updates.jsonl'), 'utf8')
  const zst = readFileSync(join(fixtures, 'compressed/frames.jsonl.zst'))
  const paths = [put('a.jsonl', gzipSync(text)), put('b.gz', zst), put('c.jsonl.zst', text)]
  const segments = await open(...paths)
  const found = await all(segments)
  for (const file of [0, 1, 2]) expect(textOf(found.filter((segment) => segment.file === file))).toBe(text)
  expect(segments.totalBytes).toBe(paths.reduce((sum, path) => sum + statSync(path).size, 0))
  expect(found.at(-1)?.readBytes).toBe(segments.totalBytes)
  expect(problemsOf(found)).toEqual([])
  // Another instance, as the one that looks texts up, reads the text that the first one wrote.
  const other = await open(...paths)
  for (const file of [0, 1, 2]) expect(Buffer.from(await other.readText(file, 100, 50)).toString()).toBe(text.slice(100, 150))
})

test.each(['gzip', 'zstd'])('%s cut off: the text that is there, and one problem', async (how) => {
  const text = readFileSync(join(fixtures, 'jsonl/11_status_updates.jsonl'), 'utf8')
  const data = how === 'gzip' ? gzipSync(text) : readFileSync(join(fixtures, 'compressed/frames.jsonl.zst'))
  const segments = await open(put('a', data.subarray(0, data.length - 30)))
  const found = await all(segments)
  const got = textOf(found)
  expect(got.length).toBeGreaterThan(3000)
  expect(text.startsWith(got)).toBe(true)
  expect(problemsOf(found)).toMatchObject([{ kind: 'truncated-compression', byte: Buffer.byteLength(got) }])
  expect(await segments.next(1000)).toBeNull()
})

test('gzip damaged: what came before it, and the byte', async () => {
  const data = Buffer.concat([gzipSync('{"a":1}\n{"b":'), Buffer.from('garbage')])
  const found = await all(await open(put('a', data)))
  expect(textOf(found)).toBe('{"a":1}\n{"b":')
  expect(problemsOf(found)).toMatchObject([{ kind: 'damaged-compression', byte: 13, message: expect.stringContaining(`byte ${data.length - 7} on`) }])
})

test('a compressed file that nothing can be read of is a problem, not a crash', async () => {
  const found = await all(await open(put('a', Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9]))))
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ file: 0, byte: 0, line: 1 })
  expect(found[0]?.bytes).toHaveLength(0)
  expect(problemsOf(found)).toHaveLength(1)
})

test.each([
  ['a zip archive', Buffer.from('PK\u0003\u0004....')],
  ['UTF-16 text', Buffer.from('\ufeff{}', 'utf16le')],
  ['a Parquet file', Buffer.from('PAR1....')]
])('%s is refused with a sentence', async (what, data) => {
  await expect(openSegments({ paths: [put('a.jsonl', data)], folder: spool })).rejects.toThrow(what)
})

test('a file that is not there is refused with a sentence', async () => {
  await expect(openSegments({ paths: [join(folder, 'none')], folder: spool })).rejects.toThrow(/There is no file or folder/)
})

test('growth: an open last line is handed out, and anew once it goes on', async () => {
  const path = put('a.jsonl', '{"a":1}\n{"b"')
  const segments = await open(path)
  expect(textOf(await all(segments))).toBe('{"a":1}\n{"b"')
  const grown = change(segments)
  appendFileSync(path, ':2}\n{"c":3}')
  expect(await grown).toEqual({ kind: 'grew', bytes: 11 })
  const more = await all(segments)
  expect(more).toMatchObject([{ byte: 8, line: 2 }])
  expect(textOf(more)).toBe('{"b":2}\n{"c":3}')
  appendFileSync(path, '\n')
  expect(await all(segments)).toMatchObject([{ byte: 16, line: 3, readBytes: 24 }])
  expect(await all(segments)).toEqual([])
  expect(segments.totalBytes).toBe(24)
})

test('growth of any of several files is read in its file', async () => {
  const paths = ['a', 'b', 'c'].map((name) => put(name, `${name}1\n`))
  const segments = await open(...paths)
  await all(segments)
  appendFileSync(paths[1] ?? '', 'b2\n')
  appendFileSync(paths[0] ?? '', 'a2\n')
  expect((await all(segments)).map((segment) => [segment.file, segment.line, Buffer.from(segment.bytes).toString()])).toEqual([[0, 2, 'a2\n'], [1, 2, 'b2\n']])
})

test('a compressed file that is appended to goes on', async () => {
  const path = put('a.gz', gzipSync('one\n'))
  const segments = await open(path)
  expect(textOf(await all(segments))).toBe('one\n')
  appendFileSync(path, gzipSync('two\n'))
  const more = await all(segments)
  expect(more).toMatchObject([{ byte: 4, line: 2 }])
  expect(textOf(more)).toBe('two\n')
})

test('growth is told once, and not what has been read already', async () => {
  const path = put('a.jsonl', 'one\n')
  const segments = await open(path)
  await all(segments)
  appendFileSync(path, 'two\n')
  await all(segments)
  const told = change(segments)
  await new Promise((resolve) => setTimeout(resolve, 600))
  appendFileSync(path, 'three\n')
  expect(await told).toEqual({ kind: 'grew', bytes: 6 })
})

test.each([
  ['truncated', (path: string) => truncateSync(path, 4)],
  ['replaced', (path: string) => {
    writeFileSync(`${path}.new`, 'a new file, longer than the old one\n'.repeat(3))
    renameSync(`${path}.new`, path)
  }],
  ['replaced', (path: string) => writeFileSync(path, 'written over, longer than the old one\n'.repeat(3))],
  ['gone', (path: string) => rmSync(path)]
] as const)('%s: told, and read anew', async (reason, happen) => {
  const path = put('a.jsonl', 'one\ntwo\nthree\n')
  const segments = await open(path)
  expect(textOf(await all(segments))).toBe('one\ntwo\nthree\n')
  const told = change(segments)
  happen(path)
  expect(await told).toEqual({ kind: 'replaced', file: 0, reason })
  if (reason === 'gone') {
    expect(Buffer.from(await segments.readText(0, 4, 3)).toString(), 'what is open stays readable').toBe('two')
    await expect(segments.restart()).rejects.toThrow(/There is no file/)
    return
  }
  await segments.restart()
  expect(textOf(await all(segments))).toBe(readFileSync(path, 'utf8'))
  expect(segments.totalBytes).toBe(statSync(path).size)
})

test('deleted and written again soon: replaced; the watch goes on over a restart', async () => {
  const path = put('a.jsonl', 'one\n')
  const segments = await open(path)
  await all(segments)
  const changes: SegmentsChange[] = []
  let tell: () => void = () => undefined
  segments.watch((told) => {
    changes.push(told)
    tell()
  })
  const nextChange = (): Promise<void> => new Promise((resolve) => (tell = resolve))
  let told = nextChange()
  rmSync(path)
  writeFileSync(path, 'another\n')
  await told
  expect(changes).toEqual([{ kind: 'replaced', file: 0, reason: expect.stringMatching(/replaced|truncated/) }])
  await segments.restart()
  expect(textOf(await all(segments))).toBe('another\n')
  told = nextChange()
  appendFileSync(path, 'more\n')
  await told
  expect(changes.at(-1)).toEqual({ kind: 'grew', bytes: 5 })
})

test('compressed text is written anew after a restart', async () => {
  const path = put('a.gz', gzipSync('one\ntwo\nthree\n'))
  const segments = await open(path)
  await all(segments)
  writeFileSync(path, gzipSync('1\n2\n'))
  await segments.restart()
  expect(textOf(await all(segments))).toBe('1\n2\n')
  await expect(segments.readText(0, 0, 10)).rejects.toThrow(/no longer there/)
})

test('a pipe: lines are handed out as they come, an open line only at the end', async () => {
  const pipe = new PassThrough()
  const segments = await openPipe(pipe)
  expect(segments.totalBytes).toBeNull()
  expect(segments.files).toEqual([{ name: 'standard input', path: '-' }])
  pipe.write('one\ntw')
  expect(await segments.next(1000)).toMatchObject({ byte: 0, line: 1, readBytes: 6, bytes: Buffer.from('one\n') })
  const waiting = segments.next(1000)
  pipe.write('o\nthr')
  expect(await waiting).toMatchObject({ byte: 4, line: 2, bytes: Buffer.from('two\n') })
  pipe.end('ee')
  expect(await segments.next(1000)).toMatchObject({ byte: 8, line: 3, bytes: Buffer.from('three') })
  expect(await segments.next(1000)).toBeNull()
  expect(Buffer.from(await segments.readText(0, 4, 3)).toString()).toBe('two')
  await segments.restart()
  expect(textOf(await all(segments))).toBe('one\ntwo\nthree')
})

test('a pipe: giving up a wait loses nothing', async () => {
  const pipe = new PassThrough()
  const segments = await openPipe(pipe)
  const controller = new AbortController()
  const waiting = segments.next(1000, controller.signal)
  controller.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  pipe.end('one\n')
  expect(textOf(await all(segments))).toBe('one\n')
})

test('a pipe may carry compressed data, in pieces of any size', async () => {
  const text = 'a line\n'.repeat(5000)
  const pipe = new PassThrough()
  const segments = await openPipe(pipe)
  for (const byte of gzipSync(text)) pipe.write(Uint8Array.of(byte))
  pipe.end()
  expect(textOf(await all(segments, 10_000))).toBe(text)
})

test('a pipe of nothing, and closing one that still waits', async () => {
  const pipe = new PassThrough()
  const segments = await openPipe(pipe)
  pipe.end()
  expect(await segments.next(1000)).toBeNull()
  const other = await openPipe(new PassThrough())
  const waiting = other.next(1000).catch((error: unknown) => error)
  await Promise.resolve()
  await other.close()
  await waiting
})
