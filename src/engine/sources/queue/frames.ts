/**
 * Frames as a message queue sent them, kept on disk until everybody who needs them is done with them. One process writes (the intake);
 * any number read, each with a cursor of its own by name: `view`, `lmdb`, `mongodb`, … A segment file that all cursors have passed is removed.
 * What has been appended survives the end of the process at any moment; half a frame at the end of the last file is cut off when it is opened.
 */

export type Frame = {
  readonly kind: 'frame'
  /** 1 for the first frame ever in this log; no number is used twice. */
  readonly seq: number
  /** When it arrived; epoch seconds. */
  readonly at: number
  readonly channel: string
  readonly payload: Uint8Array
}

/** What happened to the connection, in order among the frames. */
export type LinkEvent = {
  readonly kind: 'event'
  readonly seq: number
  readonly at: number
  readonly event: 'attached' | 'disconnected' | 'reconnected' | 'overflow' | 'overflow-ended' | 'detached'
  /** A sentence. */
  readonly reason: string
  /** Messages known to be lost; null where nobody knows. */
  readonly lost: number | null
}
export type LogEntry = Frame | LinkEvent

export type FrameLogOptions = {
  readonly folder: string
  /** Beyond this, new frames are not kept: an overflow, dated and counted. */
  readonly limitBytes: number
  readonly segmentBytes?: number
}

export interface FrameLogWriter {
  readonly lastSeq: number
  /** Of all files on disk. */
  readonly bytes: number
  /** Why messages are not kept at the moment, as a sentence; null if they are. */
  readonly problem: string | null
  /** False if there was no room; the writer has noted the overflow itself. Written in one go with others of the same turn. */
  append(at: number, channel: string, payload: Uint8Array): boolean
  event(entry: Omit<LinkEvent, 'seq' | 'kind'>): void
  /** Settles when all that was appended is in the file (where the end of the process does not lose it). */
  flush(): Promise<void>
  /** Writes what waits. Rejects if the disk did not even take the note that something was lost. */
  close(): Promise<void>
}

export interface FrameLogReader {
  /** The last entry handed out. */
  readonly seq: number
  /**
   * What comes next, at most about `maxBytes`; waits until there is something. Only wholly written entries are seen, within some 20 ms.
   * Rejects when `signal` aborts; nothing is lost by that.
   */
  next(maxBytes: number, signal?: AbortSignal): Promise<readonly LogEntry[]>
  /** What there is now, or an empty list: for reading the rest without waiting. */
  rest(maxBytes: number): Promise<readonly LogEntry[]>
  /** All entries up to `seq` are done with: reading goes on behind it after a restart, and their files may be removed. */
  commit(seq: number): Promise<void>
  /** Frees the cursor: what it has not passed may be removed. */
  release(): Promise<void>
  close(): Promise<void>
}
/** Exported by frameLog.ts: `openFrameLogWriter(options)`, `openFrameLogReader(folder, cursor)`; a cursor that is new begins at the first entry kept. */
export type OpenFrameLogWriter = (options: FrameLogOptions) => Promise<FrameLogWriter>
export type OpenFrameLogReader = (folder: string, cursor: string) => Promise<FrameLogReader>
