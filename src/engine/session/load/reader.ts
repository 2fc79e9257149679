/** Turns segments of lines into batches that DuckDB can load: scans, names shapes and columns, writes segment files, lists problems. */
import { isUtf8 } from 'node:buffer'
import { isJsonObject, JsonSyntaxError, parseJson } from '#contract/json'
import { longestLineBytes, type LiveNews, type Segment, type Segments } from '#engine/sources/segments'
import { BatchWriter, type RowPlace } from './batchWriter.ts'
import type { LoadPart } from './loadPlan.ts'
import { mergeRows, type MergeGroups } from './mergeRows.ts'
import { ProblemList, type LineProblem, type LineProblemKind } from './readerProblems.ts'
import { SeenIds } from './seenIds.ts'
import { lineFlag, Scanner, type ScanResult } from './scanner.ts'
import { Shapes } from './shapes.ts'
import { ShapeNews, type Vocabulary } from './shapeNews.ts'
import { Spool } from './spool.ts'

/** Survives a structured clone. */
export type Batch = {
  readonly parts: readonly LoadPart[]
  readonly rows: number
  /** Messages by kind. */
  readonly kinds: readonly number[]
  readonly news: Vocabulary
  readonly problems: readonly LineProblem[]
  /** An unfinished last line has gone on: rows of this file from this byte on are void, before this batch is loaded. */
  readonly replaces: readonly { readonly file: number; readonly byte: number }[]
  readonly readBytes: number
  /** Nothing more to read for now. */
  readonly atEnd: boolean
  /** In the order of their arrival. */
  readonly live: readonly LiveNews[]
}

const segmentBytes = 32 << 20

export class Reader {
  readonly shapes = new Shapes()
  readonly scanner = new Scanner()
  readonly news = new ShapeNews(this.shapes)
  /** Number of the next row of the session. */
  nextLine = 0
  private batches = 0
  private readonly seenIds = new SeenIds()
  private readonly problems = new ProblemList()
  private readonly ends = new Map<number, number>()
  private spool: Spool | null = null

  constructor(
    private readonly segments: Segments,
    private readonly spoolPath: string,
    /** Begins the paths of its segment files. */
    private readonly path: string
  ) {}

  /** About `maxBytes` of lines, or what there is; once the signal is aborted, what has been taken by then. */
  async next(maxBytes: number, signal?: AbortSignal): Promise<Batch> {
    const writer = this.writer()
    const replaces: { file: number; byte: number }[] = []
    let readBytes = 0
    let atEnd = false
    const live: LiveNews[] = []
    for (let taken = 0; taken < maxBytes; ) {
      const segment = await this.segments.next(Math.min(segmentBytes, maxBytes - taken), signal).catch((error: unknown) => {
        if (signal?.aborted) return null
        throw error
      })
      if (!segment) {
        atEnd = !signal?.aborted
        break
      }
      taken += segment.bytes.length
      readBytes = segment.readBytes
      if (segment.byte < (this.ends.get(segment.file) ?? 0)) replaces.push({ file: segment.file, byte: segment.byte })
      this.ends.set(segment.file, segment.byte + segment.bytes.length)
      this.take(segment, writer)
      for (const { byte, count, kind, line, message } of segment.problems ?? []) this.problems.add(kind, { file: segment.file, fileLine: line, byte }, message, new Uint8Array(), count)
      if (segment.live) live.push(segment.live)
      // Standard input and queues: what has come is shown before more is waited for.
      if (this.segments.totalBytes === null && segment.hasMore !== true) break
    }
    for (const place of writer.namedHere) this.problems.add('missing-id', place, 'No task_id, and no group_id and used.i to make one of.', new Uint8Array())
    const parts = writer.finish(false)
    return { parts, rows: writer.rows, kinds: writer.kinds, news: this.news.take(), problems: this.problems.take(), replaces, readBytes, atEnd, live }
  }

  /** Merges the messages of each group, and writes the records for DuckDB to load. */
  async merge(groups: MergeGroups): Promise<Batch> {
    const writer = this.writer()
    this.spool ??= await Spool.create(this.spoolPath)
    const { spool } = this
    await mergeRows(groups, this.segments, (place) => this.nameFor(place), (kind, id, messages, firstLine, text) => {
      const bytes = Buffer.from(`${text}\n`)
      const place = { line: this.nextLine++, file: -1, fileLine: 0, byte: spool.write(bytes) }
      const record = { kind, id, messages, firstLine }
      if (this.scanner.scan(bytes, 0, bytes.length - 1) === 'object') writer.addScanned(bytes, 0, bytes.length - 1, place, record)
      else writer.addDeep(text, place, bytes.length - 1, record)
    })
    await spool.flush()
    const parts = writer.finish(true)
    return { parts, rows: writer.rows, kinds: writer.kinds, news: this.news.take(), problems: [], replaces: [], readBytes: 0, atEnd: true, live: [] }
  }

  finish(isFinishing: boolean): void {
    this.segments.finish?.(isFinishing)
  }

  async close(): Promise<void> {
    await this.spool?.close()
    await this.segments.close()
  }

  /** Names a record without an id by where its message stands: the same whenever the file is opened. */
  private nameFor(place: { readonly file: number; readonly fileLine: number }): string {
    return `${this.segments.files[place.file]?.name ?? 'line'}:${place.fileLine}`
  }

  private writer(): BatchWriter {
    const nameFor = (place: RowPlace): string => this.nameFor(place)
    this.batches++
    return new BatchWriter(`${this.path}-${this.batches}`, this.shapes, this.scanner, this.seenIds, nameFor)
  }

  private take(segment: Segment, writer: BatchWriter): void {
    if (segment.bytes.length === 0) return
    if (segment.tooLongBytes !== undefined) {
      const message = `${segment.tooLongBytes.toLocaleString('en')} bytes; a line may have ${longestLineBytes.toLocaleString('en')}.`
      this.problems.add('too-long', { file: segment.file, fileLine: segment.line, byte: segment.byte }, message, segment.bytes)
      return
    }
    const bytes = withLineFeed(segment.bytes)
    const allUtf8 = isUtf8(bytes)
    let fileLine = segment.line
    let start = 0
    if (segment.byte === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) start = 3
    while (start < bytes.length) {
      const end = bytes.indexOf(10, start)
      const place = { line: this.nextLine, file: segment.file, fileLine, byte: segment.byte + start }
      if (!allUtf8 && !isUtf8(bytes.subarray(start, end))) {
        this.problems.add('invalid-utf8', place, 'Some bytes are no UTF-8 text.', bytes.subarray(start, end))
      } else {
        this.line(bytes, start, end, place, writer)
      }
      start = end + 1
      fileLine++
    }
  }

  private line(bytes: Uint8Array, start: number, lineEnd: number, place: RowPlace, writer: BatchWriter): void {
    const result = this.scanner.scan(bytes, start, lineEnd)
    let end = lineEnd
    while (end > start && isSpace(bytes[end - 1] as number)) end--
    if (result === 'object') {
      if ((this.scanner.flags & lineFlag.nanToken) !== 0 && this.segments.holdsOddNumbers !== true) this.problems.add('nan-token', place, 'Not JSON, though Python writes it.', bytes.subarray(start, end))
      writer.addScanned(bytes, start, end, place, null)
      this.nextLine++
    } else if (end === start) {
      this.problems.add('blank-line', place, 'Nothing on the line.', new Uint8Array())
    } else {
      this.unusual(result, bytes.subarray(start, end), place, writer)
    }
  }

  private unusual(result: Exclude<ScanResult, 'object'>, line: Uint8Array, place: RowPlace, writer: BatchWriter): void {
    const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString()
    let kind: LineProblemKind = result === 'deep' ? 'not-json' : result
    let message = 'The record goes on behind the end of the line.'
    try {
      const value = parseJson(text)
      if (isJsonObject(value)) {
        writer.addDeep(text, place, line.length, null)
        this.nextLine++
        return
      }
      kind = 'not-an-object'
      message = `A message is an object; this is ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value === 'string' ? 'text' : typeof value}`}.`
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error
      if (kind !== 'truncated') message = kind === 'two-objects' ? 'A second object begins where the line should end.' : `${error.message}.`
    }
    this.problems.add(kind, place, message, line)
  }
}

function isSpace(c: number): boolean {
  return c === 32 || c === 9 || c === 13
}

function withLineFeed(bytes: Uint8Array): Uint8Array {
  if (bytes[bytes.length - 1] === 10) return bytes
  const whole = Buffer.allocUnsafeSlow(bytes.length + 1)
  whole.set(bytes)
  whole[bytes.length] = 10
  return whole
}
