/** Gives a source its reader: in a worker where the built script of one lies beside this module, in this thread elsewhere. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSegments } from '#engine/sources/openSegments'
import type { SegmentsSpec } from '#engine/sources/segments'
import { LocalReader, type ReaderPort, WorkerReader } from './readerPort.ts'

/** @param folder for the reader's segment files and merged records; exists */
export type OpenReader = (segments: SegmentsSpec, folder: string, name: string) => Promise<ReaderPort>

const script = join(import.meta.dirname, 'readerWorker.js')

export const openReader: OpenReader = async (segments, folder, name) => {
  if (existsSync(script)) return new WorkerReader({ segments, folder, name }, script)
  return new LocalReader(await openSegments(segments), folder, name)
}
