/** The thread that reads a source: answers one call after the other, as readerPort.ts asks. */
import { parentPort, workerData } from 'node:worker_threads'
import { openSourceSegments } from './openReader.ts'
import type { Reader } from './reader.ts'
import { newReader, type ReaderAnswer, type ReaderCall, type ReaderSpec } from './readerPort.ts'

let reader = openReader(workerData as ReaderSpec)
let abort = new AbortController()
let turn: Promise<unknown> = Promise.resolve()

async function openReader(spec: ReaderSpec): Promise<Reader> {
  return newReader(await openSourceSegments(spec.segments), spec.folder, spec.name)
}

async function answer(call: Extract<ReaderCall, { call: 'next' | 'merge' | 'reopen' }>): Promise<ReaderAnswer> {
  try {
    abort = new AbortController()
    if (call.call === 'reopen') {
      await (await reader).close()
      reader = openReader(call.spec)
      await reader
      return { reopened: true }
    }
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
