/** The newest end of the log: how many messages have come, and the control messages among them. */
import { field, type JsonObject } from '#contract/json'
import { classify } from '#engine/records/classify'
import type { Frame, FrameLogReader, LogEntry } from '#engine/sources/queue/frames'

export type ControlMessage = { readonly seq: number; readonly info: string; readonly interceptorId: string | null; readonly bundleId: string | null }

const readBytes = 4 << 20
const controlType = Buffer.from('flowcept_control')

export class LogHead {
  lastSeq: number
  controlMessages = 0
  /** Numbers that no message has: link events, and what was lost of the log; `total` counts them up to that number. */
  private readonly others: { readonly seq: number; readonly total: number }[] = []
  private readonly aborter = new AbortController()
  private following: Promise<void> = Promise.resolve()

  constructor(
    private readonly reader: FrameLogReader,
    private readonly decode: (frame: Frame) => JsonObject,
    private readonly onControl: (message: ControlMessage) => void,
    private readonly onEntries: () => void
  ) {
    this.lastSeq = reader.seq
  }

  /** Messages with a greater number. */
  messagesAfter(seq: number): number {
    const last = this.others.at(-1)?.total ?? 0
    return Math.max(0, this.lastSeq - seq - (last - this.othersUpTo(seq)))
  }

  /** Rejects if the log cannot be read. */
  start(): Promise<void> {
    this.following = this.follow()
    return this.following
  }

  /** Reads what there is, and no more. */
  async stop(): Promise<void> {
    this.aborter.abort()
    await this.following
    for (let rest = await this.reader.rest(readBytes); rest.length > 0; rest = await this.reader.rest(readBytes)) for (const entry of rest) this.take(entry)
  }

  private async follow(): Promise<void> {
    while (!this.aborter.signal.aborted) {
      try {
        for (const entry of await this.reader.next(readBytes, this.aborter.signal)) this.take(entry)
      } catch (error) {
        if (this.aborter.signal.aborted) return
        throw error
      }
      this.onEntries()
    }
  }

  private take(entry: LogEntry): void {
    const missing = entry.seq - this.lastSeq - 1 + (entry.kind === 'event' ? 1 : 0)
    if (missing > 0) this.others.push({ seq: entry.seq, total: (this.others.at(-1)?.total ?? 0) + missing })
    this.lastSeq = entry.seq
    // Only what may be one is decoded here.
    if (entry.kind !== 'frame' || !Buffer.from(entry.payload.buffer, entry.payload.byteOffset, entry.payload.byteLength).includes(controlType)) return
    const message = this.controlMessage(entry)
    if (!message) return
    this.controlMessages++
    this.onControl(message)
  }

  private controlMessage(frame: Frame): ControlMessage | null {
    let message: JsonObject
    try {
      message = this.decode(frame)
    } catch (error) {
      // Whoever takes messages to a store counts it.
      if (error instanceof Error) return null
      throw error
    }
    if (classify(message) !== 'control') return null
    return { seq: frame.seq, info: textOf(message, 'info') ?? '', interceptorId: textOf(message, 'interceptor_instance_id'), bundleId: textOf(message, 'exec_bundle_id') }
  }

  private othersUpTo(seq: number): number {
    let low = 0
    let high = this.others.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.others[middle]?.seq ?? Infinity) <= seq) low = middle + 1
      else high = middle
    }
    return this.others[low - 1]?.total ?? 0
  }
}

/** As Python's `str` has it, which is what keys and sets are named by. */
function textOf(message: JsonObject, name: string): string | null {
  const value = field(message, name) ?? null
  return value === null ? null : String(value)
}
