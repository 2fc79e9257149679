/** What every source of lines offers the session: whole lines in segments, text by place, and word of growth. */

import type { LinkEvent } from './queue/frames.ts'

export type SourceFile = {
  /** For people: the file's name, `standard input`. */
  readonly name: string
  /** Where it lies, for people. */
  readonly path: string
}

/** What a queue's frames hold beyond lines. */
export type LiveNews = {
  /** Messages as they came from the broker: those that arrived since this reading began, those that had arrived before, those filled in from files. */
  readonly arrived: number
  readonly earlier: number
  readonly filled: number
  /** When the newest of them arrived; epoch seconds. */
  readonly lastAt: number | null
  /** Of the last entry taken; and how long the file of messages is up to there, control messages not among them. */
  readonly lastSeq: number
  readonly messagesBytes: number
  readonly messagesLines: number
  /** When each line came that was written: of messages, and of control messages; epoch seconds. */
  readonly lineTimes: readonly [Float64Array, Float64Array]
  /** With when the message before it arrived, if it came with this news. */
  readonly events: readonly (LinkEvent & { readonly previousAt: number | null })[]
  /** Frames that are no messages, with the first bytes of each. */
  readonly undecodable: readonly { readonly seq: number; readonly at: number; readonly reason: string; readonly sample: string }[]
}

/** What is wrong with a file as such (damaged or cut off compressed data), or with messages that a line cannot hold as they are. */
export type FileProblem = {
  readonly kind: 'damaged-compression' | 'truncated-compression' | 'nan-null' | 'bytes-as-text' | 'text-changed' | 'data-left-out'
  /** Offset in the decompressed text up to which it could be read, and the line that is in. */
  readonly byte: number
  readonly line: number
  readonly message: string
  /** 1 unless told. */
  readonly count?: number
}

/** Whole lines of one file, in order. */
export type Segment = {
  /** Index into `Segments.files`. */
  readonly file: number
  /** Offset of the first byte in the file's decompressed text (a byte order mark counts). */
  readonly byte: number
  /** 1-based number of the first line in its file. */
  readonly line: number
  /**
   * Whole lines with their line ends; owned by whoever receives them. Only the last line of a file may lack its line end;
   * if it goes on later, the next segment of that file begins with it anew (its `byte` lies before the end of this one).
   */
  readonly bytes: Uint8Array
  /** Set for a line longer than `longestLineBytes`: `bytes` is its head alone, and this its whole length. */
  readonly tooLongBytes?: number
  /** What came to light about the file with this segment; then `bytes` may be empty. */
  readonly problems?: readonly FileProblem[]
  /** Bytes of all files taken so far, as they lie on disk (compressed ones as such). */
  readonly readBytes: number
  /** More is there already: `next` will not have to wait. */
  readonly hasMore?: boolean
  readonly live?: LiveNews
}

/** A longer line is not taken into memory; it becomes a problem. */
export const longestLineBytes = 256 * 1024 * 1024

export type SegmentsChange =
  /** There is more to read: call `next` again. */
  | { readonly kind: 'grew'; readonly bytes: number }
  /** Truncated or replaced: everything read from this source is void, and reading begins anew with `restart`. */
  | { readonly kind: 'replaced'; readonly file: number; readonly reason: 'truncated' | 'replaced' | 'gone' }

/** Survives a structured clone: the reader's worker opens the same files by it. */
export type SegmentsSpec = {
  /** Absolute paths in order; `-` is standard input. */
  readonly paths: readonly string[]
  /** Private folder for what has to be kept: the text of compressed files and of standard input. */
  readonly folder: string
}

export interface Segments {
  readonly files: readonly SourceFile[]
  /** Bytes on disk as far as known; null with standard input. */
  readonly totalBytes: number | null
  /** NaN and the infinities are no mistake of these lines, and not told as one. */
  readonly holdsOddNumbers?: boolean
  /**
   * The next whole lines, at most about `maxBytes` (more only if a single line is longer), or null at the end of what there is.
   * Standard input: waits for more, but hands out what has come after a moment. Never called again before it has answered.
   */
  next(maxBytes: number, signal?: AbortSignal): Promise<Segment | null>
  /** Bytes by place in the decompressed text of a file already handed out. May be called at any time, from another instance too. */
  readText(file: number, byte: number, sizeBytes: number): Promise<Uint8Array>
  /** Begins again at the first file. */
  restart(): Promise<void>
  /** Tells of growth and replacement until the returned function is called; works without `next` having reached the end. */
  watch(onChange: (change: SegmentsChange) => void): () => void
  close(): Promise<void>
  /** Of endless sources: whether `next` answers null once everything that has come is handed out, instead of waiting for more. */
  finish?(isFinishing: boolean): void
}

/** Exported as `openSegments` by `openSegments.ts`. Throws an Error with a sentence for people if a file cannot be opened. */
export type OpenSegments = (spec: SegmentsSpec) => Promise<Segments>
