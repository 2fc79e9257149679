/** Gives a source its reader: in a worker where the built script of one lies beside this module, in this thread elsewhere. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSegments } from '#engine/sources/openSegments'
import type { Segments, SegmentsSpec } from '#engine/sources/segments'
import { LiveSegments, type LiveSpec } from '../live/liveSegments.ts'
import { openStoreSegments, type StoreSpec } from '../stores/storeSegments.ts'
import { LocalReader, type ReaderPort, WorkerReader } from './readerPort.ts'

/** Files, a message queue, or a store. Survives a structured clone. */
export type SourceSpec = SegmentsSpec | LiveSpec | StoreSpec

export async function openSourceSegments(spec: SourceSpec): Promise<Segments> {
  if ('store' in spec) return await openStoreSegments(spec)
  return 'log' in spec ? await LiveSegments.open(spec) : await openSegments(spec)
}

/** @param folder for the reader's segment files and merged records; exists */
export type OpenReader = (segments: SourceSpec, folder: string, name: string) => Promise<ReaderPort>

const script = join(import.meta.dirname, 'readerWorker.js')

export const openReader: OpenReader = async (segments, folder, name) => {
  if (existsSync(script)) return new WorkerReader({ segments, folder, name }, script)
  return new LocalReader(await openSourceSegments(segments), folder, name)
}
