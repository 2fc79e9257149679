/** The reading end of a frame log: follows the segment files as they grow, in whichever process the writer is. */
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { blockAt, entriesOf } from './frameBlock.ts'
import { FolderWatch } from './folderWatch.ts'
import { isMissing, listSegments, readCursor, removeCursor, removePassed, type SegmentFile, writeCursor } from './frameFolder.ts'
import type { FrameLogReader, LogEntry } from './frames.ts'

const readBytes = 1 << 20

export class FileFrameLogReader implements FrameLogReader {
  /** Read and not handed out yet. */
  private ready: LogEntry[] = []
  private segment: { readonly file: FileHandle; readonly firstSeq: number } | null = null
  private position = 0
  private readSeq: number
  private committedSegment = 0

  private constructor(
    private readonly folder: string,
    private readonly cursor: string,
    /** The last entry handed out. */
    public seq: number,
    private readonly watch: FolderWatch
  ) {
    this.readSeq = seq
  }

  static async open(folder: string, cursor: string): Promise<FileFrameLogReader> {
    await mkdir(folder, { recursive: true })
    let seq = await readCursor(folder, cursor)
    if (seq === null) {
      // From here on nothing is removed under it.
      await writeCursor(folder, cursor, 0)
      seq = ((await listSegments(folder))[0]?.firstSeq ?? 1) - 1
      await writeCursor(folder, cursor, seq)
    }
    return new FileFrameLogReader(folder, cursor, seq, new FolderWatch(folder))
  }

  async next(maxBytes: number, signal?: AbortSignal): Promise<readonly LogEntry[]> {
    for (;;) {
      signal?.throwIfAborted()
      this.watch.look()
      const entries = await this.rest(maxBytes)
      if (entries.length > 0) return entries
      await this.watch.change(signal)
    }
  }

  async rest(maxBytes: number): Promise<readonly LogEntry[]> {
    while (this.ready.length === 0) {
      if (!(await this.readOn(maxBytes))) return []
    }
    let count = 0
    let sizeBytes = 0
    for (const entry of this.ready) {
      const entryBytes = entry.kind === 'frame' ? entry.payload.length : 0
      if (count > 0 && sizeBytes + entryBytes > maxBytes) break
      sizeBytes += entryBytes
      count++
    }
    const entries = count === this.ready.length ? this.ready : this.ready.slice(0, count)
    this.ready = this.ready.slice(count)
    this.seq = entries.at(-1)?.seq ?? this.seq
    return entries
  }

  async commit(seq: number): Promise<void> {
    await writeCursor(this.folder, this.cursor, seq)
    // A file can only become free when reading has gone on to another.
    if (this.segment && this.segment.firstSeq !== this.committedSegment) {
      if (seq + 1 >= this.segment.firstSeq) this.committedSegment = this.segment.firstSeq
      await removePassed(this.folder)
    }
  }

  async release(): Promise<void> {
    await removeCursor(this.folder, this.cursor)
    await removePassed(this.folder)
    await this.close()
  }

  async close(): Promise<void> {
    this.watch.close()
    await this.segment?.file.close()
    this.segment = null
  }

  /** False if there is nothing more at present. */
  private async readOn(maxBytes: number): Promise<boolean> {
    if (!this.segment && !(await this.openAt(this.readSeq + 1))) return false
    let wanted = Math.min(Math.max(maxBytes, 64 << 10), 4 * readBytes)
    for (;;) {
      const { segment } = this
      if (!segment) return false
      const { size } = await segment.file.stat()
      const length = Math.min(wanted, size - this.position)
      // Payloads are views of this memory, so each reading has its own.
      const buffer = Buffer.allocUnsafeSlow(Math.max(0, length))
      const bytesRead = length > 0 ? (await segment.file.read(buffer, 0, length, this.position)).bytesRead : 0
      if (this.takeBlocks(buffer, bytesRead)) return true
      const found = blockAt(buffer, 0, bytesRead)
      if (found.found === 'short' && found.needBytes > wanted && this.position + found.needBytes <= size) {
        wanted = found.needBytes
        continue
      }
      return await this.goOnBehind(segment.firstSeq, size)
    }
  }

  /** True if there were whole blocks, even if all in them had been read before. */
  private takeBlocks(buffer: Buffer, end: number): boolean {
    let start = 0
    for (let found = blockAt(buffer, 0, end); found.found === 'block'; found = blockAt(buffer, start, end)) {
      const { block } = found
      const lastSeq = block.firstSeq + block.count - 1
      if (lastSeq > this.readSeq) {
        const from = this.ready.length
        entriesOf(buffer, block, this.readSeq, this.ready)
        if (block.firstSeq > this.readSeq + 1) this.noteMissing(from, block.firstSeq)
        this.readSeq = lastSeq
      }
      start += block.sizeBytes
    }
    this.position += start
    return start > 0
  }

  /** Numbers follow each other unless a machine went down before they were on disk, or a file was damaged. */
  private noteMissing(from: number, firstSeq: number): void {
    const next = this.ready[from]
    const lost = firstSeq - this.readSeq - 1
    const reason = `${lost.toLocaleString('en')} messages that had arrived could not be read back from disk: a file was damaged, or the machine stopped before they were on disk.`
    this.ready.splice(from, 0, { kind: 'event', seq: firstSeq - 1, at: next?.at ?? 0, event: 'overflow-ended', reason, lost })
  }

  /** There is no whole block at the end of what this file has. If another file follows, it is complete, and reading goes on there. */
  private async goOnBehind(firstSeq: number, size: number): Promise<boolean> {
    const following = (await listSegments(this.folder)).find((segment) => segment.firstSeq > firstSeq)
    if (!following) return false
    // It may have grown between looking at its size and seeing the other.
    if (this.segment && (await this.segment.file.stat()).size > size) return await this.readOn(readBytes)
    return await this.openFile(following)
  }

  private async openAt(seq: number): Promise<boolean> {
    const segments = await listSegments(this.folder)
    const segment = segments.findLast((candidate) => candidate.firstSeq <= seq) ?? segments[0]
    return segment ? await this.openFile(segment) : false
  }

  private async openFile({ path, firstSeq }: SegmentFile): Promise<boolean> {
    try {
      const file = await open(path, 'r')
      await this.segment?.file.close()
      this.segment = { file, firstSeq }
      this.position = 0
      return true
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }
}
