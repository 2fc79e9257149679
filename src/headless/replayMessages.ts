/** Messages of a buffer, or of a recording of a channel, in order, ready to be published. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { field, isJsonObject, type JsonObject, JsonSyntaxError, parseJson } from '#contract/json'
import { Refusal } from '#contract/reply'
import { expandSources } from '#engine/sources/expand'
import { openSegments } from '#engine/sources/openSegments'
import { encodeLine, Unpublishable } from './replayEncoding.ts'
import { messageTimes } from './replayRewriting.ts'

export type ReplayMessage = {
  /** Seconds since the first message, as recorded; null where the file does not say, and its times have to. */
  readonly after: number | null
  /** Of the message itself: its first and last time, epoch seconds; null if it has none. */
  readonly times: { readonly first: number; readonly last: number } | null
  readonly payload: Uint8Array
  /** Where it was published; null where the file does not say. */
  readonly channel: string | null
}
export type ReplayFile = {
  readonly name: string
  readonly totalBytes: number | null
  readBytes: number
  /** Begins anew each time; several must not go on at once. */
  messages(): AsyncGenerator<ReplayMessage>
  close(): Promise<void>
}

const segmentBytes = 1024 * 1024

/** @param onProblem told of each line that cannot be published, with its place. @throws Refusal */
export async function openReplayFile(path: string, { signal, onProblem }: { signal: AbortSignal; onProblem: (problem: string) => void }): Promise<ReplayFile> {
  const found = await expandSources([path], process.cwd(), signal)
  const folder = await mkdtemp(join(tmpdir(), 'provscope-replay-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const segments = await openSegments({ paths: found.kind === 'stdin' ? ['-'] : found.files.map((file) => file.path), folder }).catch(async (error: Error) => {
    await remove()
    throw new Refusal('unavailable', error.message)
  })
  const file: ReplayFile = {
    name: found.name,
    totalBytes: segments.totalBytes,
    readBytes: 0,
    async *messages() {
      if (file.readBytes > 0) await segments.restart()
      for (let segment = await segments.next(segmentBytes, signal); segment !== null; segment = await segments.next(segmentBytes, signal)) {
        file.readBytes = segment.readBytes
        const name = segments.files[segment.file]?.name ?? found.name
        for (const { message } of segment.problems ?? []) onProblem(`${name}: ${message}`)
        if (segment.tooLongBytes !== undefined) onProblem(`${name}:${segment.line}: a line of ${segment.tooLongBytes} bytes is not taken into memory`)
        else yield* messagesOf(segment.bytes, (line, why) => onProblem(`${name}:${segment.line + line}: ${why}`))
      }
    },
    async close() {
      await segments.close()
      await remove()
    }
  }
  return file
}

function* messagesOf(bytes: Uint8Array, onProblem: (line: number, why: string) => void): Generator<ReplayMessage> {
  let line = -1
  for (const text of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').split('\n')) {
    line++
    if (text.trim() === '') continue
    try {
      yield recorded(text) ?? buffered(text)
    } catch (error) {
      if (!(error instanceof JsonSyntaxError || error instanceof Unpublishable || error instanceof RangeError)) throw error
      onProblem(line, error instanceof JsonSyntaxError ? `no JSON: ${error.message}` : `not published: ${error.message}`)
    }
  }
}

function buffered(text: string): ReplayMessage {
  const payload = encodeLine(text)
  return { after: null, times: messageTimes(payload), payload, channel: null }
}

/** Null for a line that is none of a recording. */
function recorded(text: string): ReplayMessage | null {
  if (!text.includes('"payload_b64"')) return null
  const line = parseJson(text)
  if (!isJsonObject(line) || !isRecorded(line)) return null
  const payload = Buffer.from(String(field(line, 'payload_b64')), 'base64')
  return { after: Number(field(line, 't')), times: timesOfAnything(payload), payload, channel: String(field(line, 'channel')) }
}

const isRecorded = (line: JsonObject): boolean => Object.keys(line).length === 3 && typeof field(line, 't') === 'number' && typeof field(line, 'channel') === 'string' && typeof field(line, 'payload_b64') === 'string'

/** What was published is published again, be it a message or not. */
function timesOfAnything(payload: Uint8Array): ReplayMessage['times'] {
  try {
    return messageTimes(payload)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return null
  }
}
