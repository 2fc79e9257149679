/** The writing end of a frame log: gathers what is appended in one turn, writes it in the background, and never holds up who appends. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BlockBuilder, blockHeaderBytes, entryHeaderBytes, eventBody } from './frameBlock.ts'
import { removePassed } from './frameFolder.ts'
import { lockFolder } from './folderLock.ts'
import type { FrameLogOptions, FrameLogWriter, LinkEvent } from './frames.ts'
import { SegmentWriter, type SealedBlock } from './segmentWriter.ts'

const blockBytes = 256 << 10
/** So much may wait in memory while the disk is slow; and while it takes nothing at all, since waiting hardly helps then. */
const waitingLimitBytes = 256 << 20
const blockedLimitBytes = 8 << 20
const spareBuffers = 16
const retryMs = 250
/** Freed when the disk is full, so that what was lost can be noted. */
const reserveBytes = 16 << 10

type Flush = { readonly seq: number; resolve(): void; reject(error: Error): void }
type Overflow = { readonly reason: string; lost: number }

export class FileFrameLogWriter implements FrameLogWriter {
  /** Of the newest entry, written or waiting. */
  lastSeq: number
  private writtenSeq: number
  private current: BlockBuilder | null = null
  private sealed: SealedBlock[] = []
  private waitingBytes = 0
  private readonly spare: Buffer[] = []
  private flushes: Flush[] = []
  private overflow: Overflow | null = null
  private blocked: NodeJS.ErrnoException | null = null
  private drained: Promise<void> | null = null
  private wake: (() => void) | null = null
  private isClosing = false
  private channel = ''
  private channelBytes: Uint8Array = new Uint8Array()
  private readonly sweepTimer: NodeJS.Timeout
  private sweeping: Promise<void> | null = null
  private sweptAt = 0

  private constructor(
    private readonly options: FrameLogOptions,
    private readonly segments: SegmentWriter,
    lastSeq: number,
    private readonly unlock: () => void
  ) {
    this.lastSeq = lastSeq
    this.writtenSeq = lastSeq
    this.sweepTimer = setInterval(() => this.sweep(this.bytes > options.limitBytes / 2 ? 100 : 1000), 100)
    this.sweepTimer.unref()
  }

  static async open(options: FrameLogOptions): Promise<FileFrameLogWriter> {
    const { folder, limitBytes } = options
    await mkdir(folder, { recursive: true })
    const unlock = lockFolder(folder)
    try {
      await writeFile(reservePath(folder), Buffer.alloc(reserveBytes))
      const segmentBytes = options.segmentBytes ?? Math.min(16 << 20, Math.max(64 << 10, Math.floor(limitBytes / 8)))
      const { segments, lastSeq } = await SegmentWriter.open(folder, segmentBytes)
      return new FileFrameLogWriter(options, segments, lastSeq, unlock)
    } catch (error) {
      unlock()
      throw error
    }
  }

  get bytes(): number {
    return this.segments.bytes
  }

  get problem(): string | null {
    return this.overflow ? `${this.overflow.reason} ${this.overflow.lost.toLocaleString('en')} messages were not kept.` : null
  }

  append(at: number, channel: string, payload: Uint8Array): boolean {
    const reason = this.noRoom(entryHeaderBytes + channel.length + payload.length)
    if (reason !== null) {
      this.overflow ??= this.beginOverflow(at, reason)
      this.overflow.lost++
      return false
    }
    if (this.overflow) this.endOverflow(at)
    if (channel !== this.channel) {
      this.channel = channel
      this.channelBytes = Buffer.from(channel)
    }
    this.block(this.channelBytes.length, payload.length).addFrame(at, this.channelBytes, payload)
    this.appended(this.channelBytes.length + payload.length)
    return true
  }

  event(entry: Omit<LinkEvent, 'seq' | 'kind'>): void {
    const body = eventBody(entry)
    this.block(0, body.length).addEvent(entry.at, body, entry.lost)
    this.appended(body.length)
  }

  async flush(): Promise<void> {
    if (this.writtenSeq >= this.lastSeq) return
    await new Promise<void>((resolve, reject) => this.flushes.push({ seq: this.lastSeq, resolve, reject }))
  }

  async close(): Promise<void> {
    if (this.isClosing) return
    this.isClosing = true
    clearInterval(this.sweepTimer)
    if (this.overflow) this.endOverflow(Date.now() / 1000)
    this.wake?.()
    await (this.drained ?? this.drain())
    try {
      if (this.sealed.length > 0) await this.giveUp()
    } finally {
      await this.sweeping
      await this.segments.close()
      await rm(reservePath(this.options.folder), { force: true })
      this.unlock()
    }
  }

  private noRoom(sizeBytes: number): string | null {
    const { blocked, waitingBytes, options } = this
    // Once it has begun, an overflow lasts until there is room for more than the next message.
    const share = this.overflow ? 0.5 : 1
    if (waitingBytes + sizeBytes > (blocked ? blockedLimitBytes : waitingLimitBytes) * share) {
      return blocked ? `The disk takes no more (${blocked.message}).` : 'The disk takes messages more slowly than they arrive.'
    }
    if (this.bytes + waitingBytes + sizeBytes <= options.limitBytes) return null
    this.sweep(50)
    return `The ${sizeText(options.limitBytes)} for messages that are still to be read are used up.`
  }

  private beginOverflow(at: number, reason: string): Overflow {
    this.event({ at, event: 'overflow', reason, lost: null })
    return { reason, lost: 0 }
  }

  private endOverflow(at: number): void {
    const lost = this.overflow?.lost ?? 0
    this.overflow = null
    this.event({ at, event: 'overflow-ended', reason: `There is room again; ${lost.toLocaleString('en')} messages were not kept.`, lost })
  }

  private block(channelBytes: number, payloadBytes: number): BlockBuilder {
    if (this.current?.fits(channelBytes, payloadBytes)) return this.current
    this.seal()
    const needed = blockHeaderBytes + entryHeaderBytes + channelBytes + payloadBytes
    const buffer = needed > blockBytes ? Buffer.allocUnsafeSlow(needed) : (this.spare.pop() ?? Buffer.allocUnsafeSlow(blockBytes))
    this.current = new BlockBuilder(buffer, this.lastSeq + 1)
    this.waitingBytes += blockHeaderBytes
    return this.current
  }

  private appended(sizeBytes: number): void {
    this.lastSeq++
    this.waitingBytes += entryHeaderBytes + sizeBytes
    // What the same turn brings goes in one write.
    if (!this.drained) this.drained = new Promise((resolve) => setImmediate(() => resolve(this.drain())))
  }

  private seal(): void {
    const { current } = this
    if (!current || current.count === 0) return
    this.sealed.push({ bytes: current.seal(), firstSeq: current.firstSeq, count: current.count, messages: current.messages })
    this.current = null
  }

  private async drain(): Promise<void> {
    for (;;) {
      this.seal()
      if (this.sealed.length === 0) break
      const blocks = this.sealed
      this.sealed = []
      const { blocks: count, error } = await this.segments.write(blocks)
      this.wrote(blocks.slice(0, count))
      this.blocked = error
      if (!error) continue
      this.sealed = [...blocks.slice(count), ...this.sealed]
      if (this.isClosing) break
      this.sweep(0)
      await this.pause()
    }
    this.drained = null
  }

  private wrote(blocks: readonly SealedBlock[]): void {
    const last = blocks.at(-1)
    if (!last) return
    for (const { bytes } of blocks) {
      this.waitingBytes -= bytes.length
      const whole = Buffer.from(bytes.buffer)
      if (whole.length === blockBytes && this.spare.length < spareBuffers) this.spare.push(whole)
    }
    this.writtenSeq = last.firstSeq + last.count - 1
    const done = this.flushes.filter((flush) => flush.seq <= this.writtenSeq)
    this.flushes = this.flushes.filter((flush) => flush.seq > this.writtenSeq)
    for (const flush of done) flush.resolve()
  }

  private async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, retryMs)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.wake = null
  }

  /** Closing, and the disk takes nothing: what waited is lost, and that is noted in the room which was kept for it. */
  private async giveUp(): Promise<void> {
    const lost = this.sealed.reduce((sum, block) => sum + block.messages, 0)
    const error = new Error(`${lost.toLocaleString('en')} messages could not be written: ${this.blocked?.message ?? 'the disk takes no more'}`)
    this.sealed = []
    for (const flush of this.flushes.splice(0)) flush.reject(error)
    await rm(reservePath(this.options.folder), { force: true })
    // Their numbers were never on disk, where a gap of numbers would be counted once more.
    this.lastSeq = this.writtenSeq
    const body = eventBody({ event: 'overflow-ended', reason: `${error.message}.`, lost })
    this.block(0, body.length).addEvent(Date.now() / 1000, body, lost)
    this.seal()
    if ((await this.segments.write(this.sealed)).error) throw error
  }

  /** Removes what all have read; at most once in `everyMs`. */
  private sweep(everyMs: number): void {
    if (this.sweeping || this.segments.count < 2 || performance.now() - this.sweptAt < everyMs) return
    this.sweeping = removePassed(this.options.folder)
      .then(async () => await this.segments.forgetRemoved())
      .catch((error: unknown) => {
        // It is tried again; if the disk is in trouble, writing says so.
        process.emitWarning(error instanceof Error ? error : String(error))
      })
      .finally(() => {
        this.sweeping = null
        this.sweptAt = performance.now()
      })
  }
}

function reservePath(folder: string): string {
  return join(folder, 'reserve')
}

function sizeText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`
}
