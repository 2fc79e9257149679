/** Lines of several buffer files as one, in the order of time: each file's own order stays, and of those that are next the earliest comes first. */
import { isJsonObject, JsonSyntaxError, parseJson } from '#contract/json'
import { bufferLines, type BufferLine, type FileMark } from './bufferLines.ts'

export type TimedLine = { readonly bytes: Buffer; readonly input: string }

type Reader = { readonly input: string; readonly pieces: AsyncGenerator<BufferLine[]>; lines: BufferLine[]; at: number; time: number }

const timeFields = ['ended_at', 'started_at', 'submitted_at', 'registered_at', 'utc_timestamp']

export async function* inOrderOfTime(inputs: readonly string[], onMark: (input: string, mark: FileMark) => void, signal?: AbortSignal): AsyncGenerator<TimedLine> {
  const readers: Reader[] = []
  try {
    for (const input of inputs) {
      const reader: Reader = { input, pieces: bufferLines(input, (mark) => onMark(input, mark), signal), lines: [], at: -1, time: -Infinity }
      if (await step(reader)) readers.push(reader)
    }
    for (;;) {
      let next: Reader | undefined
      for (const reader of readers) if (next === undefined || reader.time < next.time) next = reader
      if (next === undefined) return
      yield { bytes: (next.lines[next.at] as BufferLine).bytes, input: next.input }
      if (!(await step(next))) readers.splice(readers.indexOf(next), 1)
    }
  } finally {
    for (const { pieces } of readers) await pieces.return(undefined)
  }
}

/** To the next line; false at the end. A line without a time, or of an earlier one, belongs behind the line before it. */
async function step(reader: Reader): Promise<boolean> {
  reader.at++
  while (reader.at >= reader.lines.length) {
    const { done, value } = await reader.pieces.next()
    if (done === true) return false
    reader.lines = value
    reader.at = 0
  }
  reader.time = Math.max(reader.time, timeOf((reader.lines[reader.at] as BufferLine).bytes))
  return true
}

/** The latest time that stands in the message: it was sent then or later. */
function timeOf(bytes: Buffer): number {
  try {
    const message = parseJson(bytes.toString('utf8'))
    if (!isJsonObject(message)) return -Infinity
    return Math.max(-Infinity, ...timeFields.map((name) => message[name]).filter((time) => typeof time === 'number' && !Number.isNaN(time)) as number[])
  } catch (error) {
    if (error instanceof JsonSyntaxError) return -Infinity
    throw error
  }
}
