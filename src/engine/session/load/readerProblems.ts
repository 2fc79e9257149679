/** Lines that are no messages: what is wrong with each kind, in words, and a bounded list of where. */
import type { Problem } from '#contract/overview'
import type { Culprit } from './loaderCulprits.ts'

export const lineProblems = {
  'not-json': { level: 'error', title: 'Line is not JSON', did: 'Kept as text, read on at the next line' },
  'not-an-object': { level: 'error', title: 'Line is not an object', did: 'Left out' },
  'two-objects': { level: 'error', title: 'Two objects on one line', did: 'Not split; left out' },
  truncated: { level: 'error', title: 'Line is cut off', did: 'Left out; everything before it was read' },
  'invalid-utf8': { level: 'error', title: 'Line is not valid UTF-8', did: 'Left out; its bytes stay in the file' },
  'too-long': { level: 'error', title: 'Line is too long', did: 'Left out, read on at the next line' },
  'damaged-compression': { level: 'error', title: 'Compressed data are damaged', did: 'Read the text before it' },
  'truncated-compression': { level: 'error', title: 'Compressed file is cut off', did: 'Read the text that is there' },
  'not-loaded': { level: 'error', title: 'Line could not be loaded', did: 'Left out, read on at the next line' },
  'blank-line': { level: 'note', title: 'Blank line', did: 'Skipped' },
  'nan-token': { level: 'note', title: 'NaN or Infinity in JSON', did: 'Read as the number it means' },
  'nan-null': { level: 'note', title: 'NaN or Infinity in a message', did: 'Shown as null, as buffers have it; stores keep it' },
  'bytes-as-text': { level: 'note', title: 'Bytes in a message', did: 'Shown as base64 text' },
  'data-left-out': { level: 'note', title: 'Field "data" in a message', did: 'Left out, as buffers leave it out; stores keep it' },
  'text-changed': { level: 'warning', title: 'Text is not valid UTF-8', did: 'What could not be read is shown as \ufffd' },
  'missing-id': { level: 'note', title: 'Task without an id', did: 'Named by its place in the file' }
} as const satisfies Record<string, { level: Problem['level']; title: string; did: string }>

export type LineProblemKind = keyof typeof lineProblems

/** A problem before it has an id and knows what its source is called. */
export type LineProblem = {
  readonly kind: LineProblemKind
  readonly file: number
  readonly line: number
  readonly byte: number
  readonly count: number
  readonly message: string
  readonly sample: string
  /** Counts together with others of its kind (and file, for kinds that say the same of every line). */
  readonly joins: boolean
}

export const longestSample = 160

/** A line that DuckDB alone refuses. */
export function notLoaded({ byte, file, fileLine, message, text }: Culprit): LineProblem {
  return { kind: 'not-loaded', file, line: fileLine, byte, count: 1, message, sample: sampleOf(Buffer.from(text)), joins: false }
}

/** The beginning of a line, readable: cut, and without what cannot be shown. */
export function sampleOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestSample * 4)).toString().replaceAll(/[\p{Cc}]/gu, '·')
  return text.length > longestSample ? `${text.slice(0, longestSample)}…` : text
}

/** Kinds that say the same of every line: one counted entry a file. */
const joined: ReadonlySet<LineProblemKind> = new Set(['nan-token', 'missing-id', 'nan-null', 'bytes-as-text', 'data-left-out', 'text-changed'])
const mostEach = 1000

/** What has been found since the last `take`; beyond the first thousand of a kind one counted entry. */
export class ProblemList {
  private list: LineProblem[] = []
  private readonly seen = new Map<string, number>()

  add(kind: LineProblemKind, place: { file: number; fileLine: number; byte: number }, message: string, line: Uint8Array, times = 1): void {
    const last = this.list.at(-1)
    if (kind === 'blank-line' && last?.kind === kind && last.file === place.file && last.line + last.count === place.fileLine) {
      this.list[this.list.length - 1] = { ...last, count: last.count + 1, message: 'Nothing on these lines.' }
      return
    }
    const count = (this.seen.get(kind) ?? 0) + times
    this.seen.set(kind, count)
    const isJoined = joined.has(kind)
    if (isJoined || count > mostEach) {
      const at = this.list.findIndex((problem) => problem.kind === kind && problem.joins && (!isJoined || problem.file === place.file))
      const known = this.list[at]
      if (known) {
        this.list[at] = { ...known, count: known.count + times }
        return
      }
    }
    this.list.push({ kind, file: place.file, line: place.fileLine, byte: place.byte, count: times, message, sample: sampleOf(line), joins: isJoined || count > mostEach })
  }

  take(): LineProblem[] {
    const taken = this.list
    this.list = []
    return taken
  }
}
