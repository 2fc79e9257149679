/**
 * What comes from a message queue as the lines of a source: takes frames from the log, writes each as one line to a file of the session's
 * own, and hands the lines out. Control messages go to a second file, so that the first is what Flowcept's buffer of the run would be,
 * line numbers included.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { readFully } from '#engine/sources/openFiles'
import type { Frame, FrameLogReader, LinkEvent, LogEntry } from '#engine/sources/queue/frames'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import type { FileProblem, LiveNews, Segment, Segments, SourceFile } from '#engine/sources/segments'
import { fillChannel } from './fillChannel.ts'
import { type Changed, FrameJson, Undecodable } from './frameJson.ts'

/** Survives a structured clone. */
export type LiveSpec = {
  /** The frame log's folder. */
  readonly log: string
  readonly cursor: string
  /** For the lines; private, and removed with the session. */
  readonly folder: string
  /** For people: the queue's channel, and its address without a password. */
  readonly name: string
  readonly address: string
  /** Frames from before are of an earlier recording; epoch seconds. */
  readonly since: number
}

type Lines = { readonly path: string; byte: number; line: number; descriptor: number | null; reader: Promise<FileHandle> | null }

const kinds = ['message', 'control'] as const
const commitEveryMs = 200
const commitEveryBytes = 8 << 20

/** Paths of the two files of lines. */
export const linesPaths = (folder: string): readonly [string, string] => [join(folder, 'messages.jsonl'), join(folder, 'control.jsonl')]

/** The one that calls `next` writes; others look texts up. */
export class LiveSegments implements Segments {
  readonly files: readonly SourceFile[]
  readonly totalBytes = null
  private readonly lines: readonly [Lines, Lines]
  private readonly json = new FrameJson()
  private readonly ready: Segment[] = []
  private log: FrameLogReader | null = null
  private isFinishing = false
  private waiting: AbortController | null = null
  private readBytes = 0
  private uncommitted: { seq: number; bytes: number } | null = null
  private committedMs = 0

  private constructor(private readonly spec: LiveSpec) {
    const [messages, control] = linesPaths(spec.folder)
    this.files = [
      { name: spec.name, path: spec.address },
      { name: `${spec.name}, control messages`, path: spec.address }
    ]
    const begin = (path: string): Lines => ({ path, byte: 0, line: 1, descriptor: null, reader: null })
    this.lines = [begin(messages), begin(control)]
  }

  static async open(spec: LiveSpec): Promise<LiveSegments> {
    await mkdir(spec.folder, { recursive: true, mode: 0o700 })
    return new LiveSegments(spec)
  }

  async next(maxBytes: number, signal?: AbortSignal): Promise<Segment | null> {
    const ready = this.ready.shift()
    if (ready) return ready
    this.log ??= await openFromStart(this.spec)
    const entries = await this.entries(this.log, maxBytes, signal)
    if (entries.length === 0) return null
    this.decode(entries)
    await this.commitAfter(entries)
    return this.ready.shift() ?? null
  }

  finish(isFinishing: boolean): void {
    this.isFinishing = isFinishing
    if (isFinishing) this.waiting?.abort()
  }

  async readText(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    const bytes = await this.readSome(file, byte, sizeBytes)
    if (bytes.length < sizeBytes) throw new Error(`The lines of ${this.spec.name} end before byte ${byte + sizeBytes}.`)
    return bytes
  }

  /** As `readText`, but gives what there is where the text ends earlier. */
  async readSome(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    const lines = this.lines[file]
    if (!lines) throw new Error(`This source has no file ${file}.`)
    lines.reader ??= open(lines.path, 'r')
    const target = new Uint8Array(sizeBytes)
    return target.subarray(0, await readFully(await lines.reader, target, byte))
  }

  restart(): Promise<void> {
    return Promise.reject(new Error('A queue cannot be read again from its beginning.'))
  }

  watch(): () => void {
    return () => undefined
  }

  async close(): Promise<void> {
    this.waiting?.abort()
    if (this.log) {
      // Nobody goes on where this reading ends: what it has not passed must not be kept for its sake.
      await this.log.release()
    }
    for (const lines of this.lines) {
      if (lines.descriptor !== null) closeSync(lines.descriptor)
      const reader = await lines.reader?.catch(() => null)
      await reader?.close()
    }
  }

  private async entries(log: FrameLogReader, maxBytes: number, signal?: AbortSignal): Promise<readonly LogEntry[]> {
    if (!this.isFinishing) {
      const waiting = new AbortController()
      this.waiting = waiting
      try {
        return await log.next(maxBytes, signal ? AbortSignal.any([waiting.signal, signal]) : waiting.signal)
      } catch (error) {
        if (!this.isFinishing || signal?.aborted === true) throw error
      } finally {
        this.waiting = null
      }
    }
    return await log.rest(maxBytes)
  }

  /** Runs of lines of one file become a segment each, in the order of arrival. */
  private decode(entries: readonly LogEntry[]): void {
    const news = new News(this.spec.since)
    let file: 0 | 1 = 0
    let count = 0
    const cut = (): void => {
      if (count > 0) this.put(file, count, this.json.take())
      count = 0
    }
    for (const entry of entries) {
      if (entry.kind === 'event') {
        news.event(entry)
        continue
      }
      try {
        const start = this.json.length
        const kind = kinds.indexOf(this.json.add(entry.payload)) as 0 | 1
        if (kind !== file) {
          // The line just written begins the next run.
          if (count > 0) this.put(file, count, this.json.takeUpTo(start))
          file = kind
          count = 0
        }
        count++
        news.line(kind, entry.at)
        news.frame(entry)
      } catch (error) {
        if (!(error instanceof Undecodable)) throw error
        news.undecodable(entry, error.message)
      }
    }
    cut()
    const last = this.ready.pop() ?? { file: 0, byte: this.lines[0].byte, line: this.lines[0].line, bytes: new Uint8Array(), readBytes: this.readBytes }
    const problems = changedProblems(this.json.takeChanged(), last)
    this.ready.push({ ...last, hasMore: false, live: news.told(entries.at(-1)?.seq ?? 0, this.lines[0]), ...(problems.length > 0 && { problems }) })
  }

  private put(file: 0 | 1, count: number, bytes: Uint8Array): void {
    const lines = this.lines[file]
    lines.descriptor ??= openSync(lines.path, 'w', 0o600)
    for (let at = 0; at < bytes.length; ) at += writeSync(lines.descriptor, bytes, at)
    this.readBytes += bytes.length
    this.ready.push({ file, byte: lines.byte, line: lines.line, bytes, readBytes: this.readBytes, hasMore: true })
    lines.byte += bytes.length
    lines.line += count
  }

  private async commitAfter(entries: readonly LogEntry[]): Promise<void> {
    const bytes = entries.reduce((sum, entry) => sum + (entry.kind === 'frame' ? entry.payload.length : 0), this.uncommitted?.bytes ?? 0)
    this.uncommitted = { seq: entries.at(-1)?.seq ?? 0, bytes }
    if (bytes < commitEveryBytes && performance.now() - this.committedMs < commitEveryMs) return
    await this.log?.commit(this.uncommitted.seq)
    this.uncommitted = null
    this.committedMs = performance.now()
  }
}

/** An earlier process may have left a cursor: its lines went with it, so reading begins with the first frame that is still kept. */
async function openFromStart({ cursor, log }: LiveSpec): Promise<FrameLogReader> {
  const left = await openFrameLogReader(log, cursor)
  await left.release()
  return await openFrameLogReader(log, cursor)
}

class News {
  private arrived = 0
  private earlier = 0
  private filled = 0
  private lastAt: number | null = null
  private readonly events: LiveNews['events'][number][] = []
  private readonly failed: LiveNews['undecodable'][number][] = []
  private readonly lineTimes: readonly [number[], number[]] = [[], []]

  constructor(private readonly since: number) {}

  event(event: LinkEvent): void {
    this.events.push({ ...event, previousAt: this.lastAt })
  }

  line(file: 0 | 1, at: number): void {
    this.lineTimes[file].push(at)
  }

  frame({ at, channel }: Frame): void {
    if (fillChannel.is(channel)) this.filled++
    else {
      if (at < this.since) this.earlier++
      else this.arrived++
      this.lastAt = at
    }
  }

  undecodable(frame: Frame, reason: string): void {
    this.frame(frame)
    const { at, payload, seq } = frame
    this.failed.push({ seq, at, reason, sample: Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.length, 40)).toString('hex') })
  }

  told(lastSeq: number, messages: Lines): LiveNews {
    return { lastSeq, messagesBytes: messages.byte, messagesLines: messages.line - 1, arrived: this.arrived, earlier: this.earlier, filled: this.filled, lastAt: this.lastAt, lineTimes: [Float64Array.from(this.lineTimes[0]), Float64Array.from(this.lineTimes[1])], events: this.events, undecodable: this.failed }
  }
}

function changedProblems(changed: Changed, { byte, line }: Pick<Segment, 'byte' | 'line'>): FileProblem[] {
  const told = [
    ['nan-null', changed.nan, 'A number that JSON cannot hold.'],
    ['bytes-as-text', changed.bytes, 'Bytes, which JSON cannot hold.'],
    ['text-changed', changed.text, 'Some bytes of a text are no UTF-8.'],
    ['data-left-out', changed.data, 'Flowcept keeps it out of its buffers too.']
  ] as const
  return told.filter(([, count]) => count > 0).map(([kind, count, message]) => ({ kind, count, message, byte, line }))
}
