/** The lines of a buffer file as bytes, up to where it ended when it was opened, and sums by which sets of lines are compared. */
import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { open } from 'node:fs/promises'

export type BufferLine = {
  /** Without its line end. */
  readonly bytes: Buffer
  /** Whether a line end follows; only the last one of a file may have none. */
  readonly isEnded: boolean
}

/** What tells that a file is still the one that was read. */
export type FileMark = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'>

const pieceBytes = 1 << 20
const lineFeed = 0x0a

export const isSameFile = (a: FileMark, b: FileMark): boolean => a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs

/** Reads what the file held at the beginning; what is appended meanwhile is not seen. */
export async function* bufferLines(path: string, onMark: (mark: FileMark) => void = () => undefined, signal?: AbortSignal): AsyncGenerator<BufferLine[]> {
  const file = await open(path, 'r')
  try {
    const mark = await file.stat({ bigint: true })
    onMark(mark)
    const size = Number(mark.size)
    let rest = Buffer.alloc(0)
    for (let at = 0; at < size; ) {
      signal?.throwIfAborted()
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(pieceBytes, size - at)), 0, Math.min(pieceBytes, size - at), at)
      if (bytesRead === 0) break
      at += bytesRead
      const piece = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
      const lines: BufferLine[] = []
      let from = 0
      for (let end = piece.indexOf(lineFeed, rest.length); end >= 0; end = piece.indexOf(lineFeed, from)) {
        lines.push({ bytes: piece.subarray(from, end), isEnded: true })
        from = end + 1
      }
      rest = piece.subarray(from)
      if (lines.length > 0) yield lines
    }
    if (rest.length > 0) yield [{ bytes: rest, isEnded: false }]
  } finally {
    await file.close()
  }
}

/** A line by a name of 16 bytes. */
export function lineName(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest().toString('latin1', 0, 16)
}

/** How many lines, and a sum that is the same for the same lines in any order, each as often as it is there. */
export class LineSum {
  lines = 0
  bytes = 0
  private low = 0n
  private high = 0n

  add(bytes: Uint8Array): void {
    const digest = createHash('sha256').update(bytes).digest()
    this.lines++
    this.bytes += bytes.length
    this.low = BigInt.asUintN(64, this.low + digest.readBigUInt64LE(0))
    this.high = BigInt.asUintN(64, this.high + digest.readBigUInt64LE(8))
  }

  get text(): string {
    return `${this.high.toString(16).padStart(16, '0')}${this.low.toString(16).padStart(16, '0')}`
  }

  equals(other: LineSum): boolean {
    return this.lines === other.lines && this.text === other.text
  }
}
