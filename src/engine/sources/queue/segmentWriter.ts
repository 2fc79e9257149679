/** Appends blocks to the last segment file of a folder and begins a new one when it is full. Only whole blocks stay in a file. */
import { open, stat, type FileHandle } from 'node:fs/promises'
import { blockAt } from './frameBlock.ts'
import { listSegments, readCursors, segmentPath } from './frameFolder.ts'

export type SealedBlock = { readonly bytes: Buffer; readonly firstSeq: number; readonly count: number; readonly messages: number }
/** How many blocks are in the file now; the error that kept the others out. */
export type Written = { readonly blocks: number; readonly error: NodeJS.ErrnoException | null }

/** Systems take a thousand pieces in one go, some fewer. */
const piecesAtOnce = 256
const scanBytes = 4 << 20

export class SegmentWriter {
  private file: FileHandle | null = null
  private position = 0
  private closedBytes = 0
  /** Sizes of the segments before the present one, by path. */
  private readonly closed = new Map<string, number>()
  private path = ''

  private constructor(
    private readonly folder: string,
    private readonly segmentBytes: number
  ) {}

  /** @returns also the last number that was used: on disk, or by a cursor (what a cursor has passed was there, even if a power cut took it) */
  static async open(folder: string, segmentBytes: number): Promise<{ segments: SegmentWriter; lastSeq: number }> {
    const writer = new SegmentWriter(folder, segmentBytes)
    const files = await listSegments(folder)
    const last = files.pop()
    for (const { path } of files) writer.addClosed(path, (await stat(path)).size)
    let lastSeq = Math.max(0, ...(await readCursors(folder)))
    if (last) lastSeq = Math.max(lastSeq, await writer.goOnWith(last.path, last.firstSeq))
    return { segments: writer, lastSeq }
  }

  get bytes(): number {
    return this.closedBytes + this.position
  }

  get count(): number {
    return this.closed.size + (this.file ? 1 : 0)
  }

  /** One call at a time. */
  async write(blocks: readonly SealedBlock[]): Promise<Written> {
    let done = 0
    try {
      while (done < blocks.length) {
        const next = blocks[done]
        if (!next) break
        if (!this.file || this.position >= this.segmentBytes) await this.begin(next.firstSeq)
        const { blocks: count, error } = await this.writeSome(blocks.slice(done, done + piecesAtOnce))
        done += count
        if (error) return { blocks: done, error }
      }
      return { blocks: done, error: null }
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
      return { blocks: done, error: error as NodeJS.ErrnoException }
    }
  }

  /** Files that readers have removed meanwhile no longer count. */
  async forgetRemoved(): Promise<void> {
    const there = new Set((await listSegments(this.folder)).map((segment) => segment.path))
    for (const [path, size] of this.closed) {
      if (there.has(path)) continue
      this.closed.delete(path)
      this.closedBytes -= size
    }
  }

  async close(): Promise<void> {
    await this.file?.close()
    this.file = null
  }

  /** As many of the blocks as the present segment takes. What is half written when it fails is cut off again. */
  private async writeSome(blocks: readonly SealedBlock[]): Promise<Written> {
    let end = this.position
    const pieces: Buffer[] = []
    for (const { bytes } of blocks) {
      if (pieces.length > 0 && end >= this.segmentBytes) break
      pieces.push(bytes)
      end += bytes.length
    }
    const { writtenBytes, error } = await writeAll(this.file, pieces, this.position)
    let count = 0
    let wholeBytes = 0
    for (const { length } of pieces) {
      if (wholeBytes + length > writtenBytes) break
      wholeBytes += length
      count++
    }
    this.position += wholeBytes
    if (error) await this.file?.truncate(this.position)
    return { blocks: count, error }
  }

  private async begin(firstSeq: number): Promise<void> {
    const path = segmentPath(this.folder, firstSeq)
    // A process that was killed may have left an empty one of this name.
    const file = await open(path, 'w+')
    if (this.file) {
      await this.file.close()
      this.addClosed(this.path, this.position)
    }
    this.file = file
    this.path = path
    this.position = 0
  }

  /** @returns the last number in the file; what follows the last whole block is cut off */
  private async goOnWith(path: string, firstSeq: number): Promise<number> {
    const file = await open(path, 'r+')
    let lastSeq = firstSeq - 1
    let place = 0
    let wanted = scanBytes
    for (;;) {
      const buffer = Buffer.allocUnsafeSlow(wanted)
      const { bytesRead } = await file.read(buffer, 0, wanted, place)
      let start = 0
      let found = blockAt(buffer, start, bytesRead)
      for (; found.found === 'block'; found = blockAt(buffer, start, bytesRead)) {
        start += found.block.sizeBytes
        lastSeq = found.block.firstSeq + found.block.count - 1
      }
      place += start
      if (found.found === 'broken' || bytesRead < wanted) break
      wanted = Math.max(scanBytes, found.needBytes)
      // A length that is garbage is not worth its memory.
      if (place + found.needBytes > (await file.stat()).size) break
    }
    await file.truncate(place)
    this.file = file
    this.path = path
    this.position = place
    return lastSeq
  }

  private addClosed(path: string, sizeBytes: number): void {
    this.closed.set(path, sizeBytes)
    this.closedBytes += sizeBytes
  }
}

async function writeAll(file: FileHandle | null, pieces: readonly Buffer[], start: number): Promise<{ writtenBytes: number; error: NodeJS.ErrnoException | null }> {
  if (!file) throw new Error('No segment is open')
  let place = start
  let left: Buffer[] = [...pieces]
  while (left.length > 0) {
    let bytesWritten = 0
    try {
      bytesWritten = (await file.writev(left, place)).bytesWritten
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
      return { writtenBytes: place - start, error: error as NodeJS.ErrnoException }
    }
    place += bytesWritten
    while (left[0] && bytesWritten >= left[0].length) {
      bytesWritten -= left[0].length
      left = left.slice(1)
    }
    if (left[0] && bytesWritten > 0) left[0] = left[0].subarray(bytesWritten)
  }
  return { writtenBytes: place - start, error: null }
}
