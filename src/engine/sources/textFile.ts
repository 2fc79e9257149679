/** The text of one file, decompressed if need be, by byte offset. */
import type { FileProblem } from './segments.ts'

export interface TextFile {
  /**
   * Sees to it that text up to `wantedByte` can be read, if there is that much. Standard input waits until there is more
   * than `knownBytes`, and then a moment longer for the rest.
   * @returns how much text there is by now, and whether that is all for the time being
   */
  reach(wantedByte: number, knownBytes: number, signal?: AbortSignal): Promise<{ textBytes: number; ended: boolean }>
  /** Fills `target` from `byte` on; fewer bytes only where the text ends. */
  read(target: Uint8Array, byte: number): Promise<number>
  /** Bytes on disk behind the text up to `byte`, for progress. */
  takenBytes(byte: number): number
  /** What came to light since the last call. */
  takeProblems(): Omit<FileProblem, 'line'>[]
  close(): Promise<void>
}
