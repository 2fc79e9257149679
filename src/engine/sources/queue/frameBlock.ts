/**
 * How entries lie in a segment file: blocks of entries, each with its length, a checksum and the number of its first entry, so that a block
 * which was not wholly written is known. Little endian.
 *
 *     block: magic u32 · body bytes u32 · crc32 of all behind it u32 · entries u32 · number of the first f64 · body
 *     entry: kind u8 · at f64 · channel bytes u32 · payload bytes u32 · channel · payload   (an event: no channel, JSON for payload)
 */
import { crc32 } from 'node:zlib'
import type { LinkEvent, LogEntry } from './frames.ts'

export const blockHeaderBytes = 24
export const entryHeaderBytes = 17
const magic = 0x31465650
const crcFrom = 12
const frameKind = 1
const eventKind = 2

type EventBody = Pick<LinkEvent, 'event' | 'reason' | 'lost'>

/** A block that grows until it is sealed. */
export class BlockBuilder {
  private used = blockHeaderBytes
  count = 0
  /** Messages that are gone if this block is: its frames, and those that its events tell of. */
  messages = 0

  /** @param buffer its memory, which is not looked at before `seal` has given it back */
  constructor(
    readonly buffer: Buffer,
    readonly firstSeq: number
  ) {}

  get sizeBytes(): number {
    return this.used
  }

  fits(channelBytes: number, payloadBytes: number): boolean {
    return this.used + entryHeaderBytes + channelBytes + payloadBytes <= this.buffer.length
  }

  /** Call `fits` before. */
  addFrame(at: number, channel: Uint8Array, payload: Uint8Array): void {
    this.addHeader(frameKind, at, channel.length, payload.length)
    this.buffer.set(channel, this.used)
    this.buffer.set(payload, this.used + channel.length)
    this.used += channel.length + payload.length
    this.messages++
  }

  addEvent(at: number, body: Uint8Array, lost: number | null): void {
    this.addHeader(eventKind, at, 0, body.length)
    this.messages += lost ?? 0
    this.buffer.set(body, this.used)
    this.used += body.length
  }

  /** The bytes to write. */
  seal(): Buffer {
    const { buffer, used } = this
    buffer.writeUInt32LE(magic, 0)
    buffer.writeUInt32LE(used - blockHeaderBytes, 4)
    buffer.writeUInt32LE(this.count, 12)
    buffer.writeDoubleLE(this.firstSeq, 16)
    buffer.writeUInt32LE(crc32(buffer.subarray(crcFrom, used)), 8)
    return buffer.subarray(0, used)
  }

  private addHeader(kind: number, at: number, channelBytes: number, payloadBytes: number): void {
    const { buffer } = this
    buffer[this.used] = kind
    buffer.writeDoubleLE(at, this.used + 1)
    buffer.writeUInt32LE(channelBytes, this.used + 9)
    buffer.writeUInt32LE(payloadBytes, this.used + 13)
    this.used += entryHeaderBytes
    this.count++
  }
}

export function eventBody(event: EventBody): Buffer {
  return Buffer.from(JSON.stringify({ event: event.event, reason: event.reason, lost: event.lost }))
}

export type Block = { readonly sizeBytes: number; readonly firstSeq: number; readonly count: number; readonly start: number }
/** `short`: it may be that the rest is still to come, `needBytes` in all; `broken`: no block begins here. */
export type BlockAt = { readonly found: 'block'; readonly block: Block } | { readonly found: 'short'; readonly needBytes: number } | { readonly found: 'broken' }

/** @param end how far `buffer` is filled */
export function blockAt(buffer: Buffer, start: number, end: number): BlockAt {
  if (end - start < blockHeaderBytes) return { found: 'short', needBytes: blockHeaderBytes }
  if (buffer.readUInt32LE(start) !== magic) return { found: 'broken' }
  const sizeBytes = blockHeaderBytes + buffer.readUInt32LE(start + 4)
  if (end - start < sizeBytes) return { found: 'short', needBytes: sizeBytes }
  if (crc32(buffer.subarray(start + crcFrom, start + sizeBytes)) !== buffer.readUInt32LE(start + 8)) return { found: 'broken' }
  return { found: 'block', block: { sizeBytes, firstSeq: buffer.readDoubleLE(start + 16), count: buffer.readUInt32LE(start + 12), start } }
}

/** Payloads are views of `buffer`. Entries up to `afterSeq` are left out. */
export function entriesOf(buffer: Buffer, block: Block, afterSeq: number, into: LogEntry[]): void {
  let place = block.start + blockHeaderBytes
  let channelText = ''
  let channelBytes: Buffer | null = null
  for (let index = 0; index < block.count; index++) {
    const seq = block.firstSeq + index
    const at = buffer.readDoubleLE(place + 1)
    const channelEnd = place + entryHeaderBytes + buffer.readUInt32LE(place + 9)
    const end = channelEnd + buffer.readUInt32LE(place + 13)
    if (seq > afterSeq) {
      const payload = buffer.subarray(channelEnd, end)
      if (buffer[place] === eventKind) into.push({ kind: 'event', seq, at, ...(JSON.parse(payload.toString()) as EventBody) })
      else {
        const channel = buffer.subarray(place + entryHeaderBytes, channelEnd)
        // Nearly always the channel of the entry before.
        if (channelBytes === null || !channelBytes.equals(channel)) {
          channelBytes = channel
          channelText = channel.toString()
        }
        into.push({ kind: 'frame', seq, at, channel: channelText, payload })
      }
    }
    place = end
  }
}
