/** Frames on disk between the thread that receives them and those that need them: see frames.ts for what it promises, frameBlock.ts for how it lies there. */
import { FileFrameLogReader } from './frameLogReader.ts'
import { FileFrameLogWriter } from './frameLogWriter.ts'
import type { OpenFrameLogReader, OpenFrameLogWriter } from './frames.ts'

/** Throws a Refusal `unavailable` if somebody else writes there. */
export const openFrameLogWriter: OpenFrameLogWriter = async (options) => await FileFrameLogWriter.open(options)

/** @param cursor one reader a cursor at a time */
export const openFrameLogReader: OpenFrameLogReader = async (folder, cursor) => await FileFrameLogReader.open(folder, cursor)
