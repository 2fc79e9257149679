/** Gives a source its reader. */
import { openSegments } from '#engine/sources/openSegments'
import type { SegmentsSpec } from '#engine/sources/segments'
import { LocalReader, type ReaderPort } from './readerPort.ts'

/** @param folder for the reader's segment files and merged records; exists */
export type OpenReader = (spec: SegmentsSpec, folder: string, name: string) => Promise<ReaderPort>

export const openLocalReader: OpenReader = async (spec, folder, name) => new LocalReader(await openSegments(spec), folder, name)
