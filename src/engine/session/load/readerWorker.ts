/** The thread that reads a source: answers one call after the other, as readerPort.ts asks. */
import { parentPort, workerData } from 'node:worker_threads'
import { openSourceSegments } from './openReader.ts'
import type { Reader } from './reader.ts'
import { newReader, type ReaderAnswer, type ReaderCall, type ReaderSpec } from './readerPort.ts'

const spec = workerData as ReaderSpec
const reader: Promise<Reader> = openSourceSegments(spec.segments).then((segments) => newReader(segments, spec.folder, spec.name))
let abort = new AbortController()
let turn: Promise<unknown> = Promise.resolve()

async function answer(call: Extract<ReaderCall, { call: 'next' | 'merge' }>): Promise<ReaderAnswer> {
  try {
    abort = new AbortController()
    return { batch: await (call.call === 'next' ? (await reader).next(call.maxBytes, abort.signal) : (await reader).merge(call.groups)) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (call: ReaderCall) => {
  if (call.call === 'interrupt') abort.abort()
  else if (call.call === 'finish') void reader.then((open) => open.finish(call.isFinishing))
  else turn = turn.then(async () => parentPort?.postMessage(await answer(call)))
})
