/** The messages of a live source as the buffer file that Flowcept would have dumped: all so far, or also those that are still to come. */
import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Params } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import type { Writing } from '../export/exports.ts'
import { FrameJson, Undecodable } from './frameJson.ts'
import { gapsStamp } from './gapsStamp.ts'
import type { LiveEntry } from './liveEntry.ts'
import { linesPaths } from './liveSegments.ts'

type Sink = Parameters<Writing['write']>[0]
type Context = Parameters<Writing['write']>[1]
type Dumping = { readonly sink: Sink; readonly context: Context; readonly progress: { rows: number; bytes: number } }

const pieceBytes = 4 << 20

export function dumpWriting(entry: LiveEntry, { handle, name, online }: Pick<Params<'live.dump'>, 'handle' | 'name' | 'online'>): Writing {
  if (online && handle === undefined) throw new Refusal('bad-request', 'A dump that goes on growing needs a place on disk; choose a file.')
  return {
    name,
    handle,
    kind: 'bytes',
    isGrowing: online,
    countRows: async () => await Promise.resolve(entry.taken.messagesLines),
    gaps: async () => await gapsStamp(entry),
    write: async (sink, context) => {
      const dumping = { sink, context, progress: { rows: 0, bytes: 0 } }
      await (online ? follow(entry, dumping) : copyAll(entry, dumping))
      return dumping.progress
    }
  }
}

/** What is shown, and what has arrived since, which may be held back. */
async function copyAll(entry: LiveEntry, dumping: Dumping): Promise<void> {
  const log = await openFrameLogReader(entry.options.log, `dump-${randomUUID()}`)
  try {
    // Only now, with a cursor of our own: nothing behind this place is removed any more.
    const { lastSeq, messagesBytes } = entry.taken
    const [path] = linesPaths(entry.linesFolder)
    await copyLines(path, 0, messagesBytes, dumping)
    const json = new FrameJson()
    for (let entries = await log.rest(pieceBytes); entries.length > 0; entries = await log.rest(pieceBytes)) {
      for (const one of entries) {
        if (one.kind === 'frame' && one.seq > lastSeq) addMessage(json, one.payload)
      }
      await put(json.take(), dumping)
    }
  } finally {
    await log.release()
  }
}

function addMessage(json: FrameJson, payload: Uint8Array): void {
  const before = json.length
  try {
    if (json.add(payload) === 'control') json.length = before
  } catch (error) {
    // It is in the ledger, or will be as soon as it is shown.
    if (!(error instanceof Undecodable)) throw error
  }
}

/** Until nothing arrives any more, or somebody has enough of it. */
async function follow(entry: LiveEntry, dumping: Dumping): Promise<void> {
  const [path] = linesPaths(entry.linesFolder)
  for (let from = 0; ; ) {
    const isLast = entry.isAtRest || dumping.context.signal.aborted
    const to = entry.taken.messagesBytes
    if (to > from) await copyLines(path, from, to, dumping)
    from = to
    if (isLast) return
    await entry.change(dumping.context.signal)
  }
}

async function copyLines(path: string, from: number, to: number, dumping: Dumping): Promise<void> {
  if (to === from) return
  const file = await open(path, 'r')
  try {
    for (let at = from; at < to; ) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(pieceBytes, to - at)), 0, Math.min(pieceBytes, to - at), at)
      if (bytesRead === 0) throw new Error(`${path} ends before byte ${to}.`)
      await put(buffer.subarray(0, bytesRead), dumping)
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}

async function put(bytes: Uint8Array, { context, progress, sink }: Dumping): Promise<void> {
  if (bytes.length === 0) return
  await sink(bytes)
  progress.bytes += bytes.length
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) progress.rows++
  context.onProgress({ ...progress })
}
