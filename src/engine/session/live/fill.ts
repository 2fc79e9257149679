/** Brings messages that a live source has missed from files of the same run: only those that it does not have, through the log like any other. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { field, isJsonObject, JsonSyntaxError, parseJson, type JsonObject } from '#contract/json'
import type { Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { expandSources } from '#engine/sources/expand'
import { openSegments } from '#engine/sources/openSegments'
import { earliestTime, latestTime } from '../overview/taskColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { fillChannel } from './fillChannel.ts'
import { jsonFrame } from './jsonFrame.ts'
import { messageKey } from './knownMessages.ts'
import type { LiveEntry } from './liveEntry.ts'

type Filled = Result<'live.fill'>
type Line = { readonly file: string; readonly text: string; readonly message: JsonObject }

const readBytes = 1 << 20
const framesAtOnce = 500
/** Flowcept keeps messages for some seconds before it sends them: their times lie so far before the gap they fell into. */
const sentWithinSeconds = 15

/** @param named absolute paths, folders and globs. @throws Refusal if none of their workflows is one that the source has seen */
export async function fillFrom(entry: LiveEntry, named: readonly string[], signal: AbortSignal): Promise<Filled> {
  const folder = await mkdtemp(join(entry.options.folder, 'fill-'))
  try {
    const lines = await linesOf(named, folder, signal)
    const rule = await ruleOf(entry, lines)
    await entry.known.readOn(entry.taken.messagesBytes)
    const filling = new Filling(entry)
    for await (const line of lines()) {
      if (rule(line.message)) await filling.take(line)
    }
    return await filling.finish(signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Workflows that messages of a source name. */
export async function workflowsOf(table: SourceTable): Promise<Set<string>> {
  const column = table.column('messages', 'workflow_id')
  if (!column) return new Set()
  const rows = await table.query({ text: `SELECT DISTINCT CAST(${column.sql} AS VARCHAR) FROM ${table.rows} r WHERE r.is_message`, values: [] })
  return new Set(rows.flatMap(([id]) => (id === null || id === undefined ? [] : [String(id)])))
}

/** Messages of the same run: those of its workflows; and those of no workflow, if the files hold no other run. */
async function ruleOf(entry: LiveEntry, lines: () => AsyncIterable<Line>): Promise<(message: JsonObject) => boolean> {
  const seen = await workflowsOf(await entry.table())
  const there = new Set<string>()
  for await (const { message } of lines()) {
    const id = workflowOf(message)
    if (id !== null) there.add(id)
  }
  const shared = new Set([...there].filter((id) => seen.has(id)))
  if (seen.size === 0) return () => true
  if (shared.size === 0) throw new Refusal('bad-request', 'These files are of another run: they have no workflow in common with the queue.')
  const isOneRun = shared.size === there.size
  return (message) => {
    const id = workflowOf(message)
    return id === null ? isOneRun : shared.has(id)
  }
}

/** Can be read more than once; other work gets its turn in between. */
async function linesOf(named: readonly string[], folder: string, signal: AbortSignal): Promise<() => AsyncGenerator<Line>> {
  const { files } = await expandSources(named, '/', signal)
  const spec = { paths: files.map(({ path }) => path), folder }
  return async function* () {
    const segments = await openSegments(spec)
    try {
      for (let segment = await segments.next(readBytes, signal); segment; segment = await segments.next(readBytes, signal)) {
        const file = segments.files[segment.file]?.name ?? ''
        for (const text of segment.tooLongBytes === undefined ? Buffer.from(segment.bytes).toString().split('\n') : []) {
          const message = messageIn(text)
          if (message) yield { file, text, message }
        }
      }
    } finally {
      await segments.close()
    }
  }
}

/** Lines that are none are told of where the file is opened as a source. */
function messageIn(text: string): JsonObject | null {
  try {
    const value = text.trim() === '' ? null : parseJson(text)
    return isJsonObject(value ?? undefined) ? (value as JsonObject) : null
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null
    throw error
  }
}

class Filling {
  private read = 0
  private added = 0
  private waiting: { file: string; frames: Uint8Array[] } = { file: '', frames: [] }
  /** Times of what was added, by the file it came from. */
  private readonly times = new Map<string, (number | null)[]>()
  private readonly shownBefore: number

  constructor(private readonly entry: LiveEntry) {
    this.shownBefore = entry.taken.filled
  }

  async take({ file, message, text }: Line): Promise<void> {
    this.read++
    const key = messageKey(message)
    const { known } = this.entry
    if (known.has(key)) return
    const frame = frameOf(text)
    if (frame === null) return
    known.add(key)
    if (this.waiting.file !== file || this.waiting.frames.length >= framesAtOnce) await this.send()
    this.waiting.file = file
    this.waiting.frames.push(frame)
    const times = this.times.get(file) ?? []
    this.times.set(file, times)
    times.push(timeOf(message))
    this.added++
  }

  /** Once everything is shown, unless that is held back. */
  async finish(signal: AbortSignal): Promise<Filled> {
    await this.send()
    const { entry } = this
    entry.readRest()
    while (entry.taken.filled < this.shownBefore + this.added && entry.showsOn && !signal.aborted) await entry.change(signal)
    let gapsFilled = 0
    for (const [file, times] of this.times) gapsFilled += entry.ledger.heal(times, file, { attachedAt: entry.attachedAt, sentWithinSeconds })
    if (this.added > 0) entry.tellHealed()
    return { read: this.read, added: this.added, gapsFilled }
  }

  private async send(): Promise<void> {
    const { file, frames } = this.waiting
    this.waiting = { file: '', frames: [] }
    if (frames.length > 0) await this.entry.append(fillChannel.of(file), frames)
  }
}

/** Null for what no queue could have sent. */
function frameOf(text: string): Uint8Array | null {
  try {
    return jsonFrame(text)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function workflowOf(message: JsonObject): string | null {
  const id = field(message, 'workflow_id')
  return typeof id === 'string' && id !== '' ? id : null
}

/** The latest of its times: about when it was sent. */
function timeOf(message: JsonObject): number | null {
  const times = ['utc_timestamp', 'ended_at', 'started_at', 'submitted_at', 'registered_at'].flatMap((name) => {
    const value = field(message, name)
    return typeof value === 'number' && value >= earliestTime && value < latestTime ? [value] : []
  })
  return times.length === 0 ? null : Math.max(...times)
}
