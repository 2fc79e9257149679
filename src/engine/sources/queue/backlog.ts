/**
 * What a socket has given, until it is looked at. Taking bytes off the socket goes before making messages of them and writing those, since
 * a broker throws out who does not take them: while they come very fast they only wait in memory (docs/decisions/intake.md).
 */

const slabBytes = 4 << 20
/** A reading takes as much as there is, up to this. */
const readingBytes = 256 << 10
const spareSlabs = 8
/** So long messages are made before the socket is looked at again. */
const sliceMs = 2
/** As many bytes in such a time mean a burst. */
const burstMs = 10
const burstBytes = 640 << 10
/** A burst is held in memory until it ends, but no more and no longer than this. */
const heldBytes = 192 << 20
const heldMs = 700
/** Beyond this the socket has to wait. */
export const backlogLimitBytes = 256 << 20

type Slab = { readonly memory: Buffer; used: number; pieces: number; isFull: boolean }
type Piece = { readonly chunk: Buffer; readonly at: number; readonly slab: Slab | null }

export type BacklogEvents = {
  /** `chunk` is not looked at after the call. @param at epoch seconds when it came */
  chunk(chunk: Buffer, at: number): void
  /** There is room again after `isFull`. */
  room(): void
}

export class Backlog {
  private readonly pieces: Piece[] = []
  private next = 0
  private bytes = 0
  private wasFull = false
  private isScheduled = false
  private slab: Slab = { memory: Buffer.allocUnsafeSlow(slabBytes), used: 0, pieces: 0, isFull: false }
  private readonly spare: Buffer[] = []
  private whenEmpty: (() => void)[] = []
  private window = { began: 0, bytes: 0 }
  private isBurst = false
  private heldSince = 0

  constructor(private readonly events: BacklogEvents) {}

  get isFull(): boolean {
    return this.bytes >= backlogLimitBytes
  }

  /** Memory for the next reading of the socket. */
  room(): Buffer {
    const { slab } = this
    if (slabBytes - slab.used < readingBytes) {
      slab.isFull = true
      this.recycle(slab)
      this.slab = { memory: this.spare.pop() ?? Buffer.allocUnsafeSlow(slabBytes), used: 0, pieces: 0, isFull: false }
    }
    return this.slab.memory.subarray(this.slab.used, this.slab.used + readingBytes)
  }

  /** So much has been read to where `room` said. */
  filled(sizeBytes: number): void {
    const { slab } = this
    slab.pieces++
    this.add({ chunk: slab.memory.subarray(slab.used, slab.used + sizeBytes), at: Date.now() / 1000, slab })
    slab.used += sizeBytes
  }

  /** Memory of its own. */
  push(chunk: Buffer): void {
    this.add({ chunk, at: Date.now() / 1000, slab: null })
  }

  /** Settles when all that has come was handed on. */
  async empty(): Promise<void> {
    if (this.bytes === 0) return
    await new Promise<void>((resolve) => this.whenEmpty.push(resolve))
  }

  private add(piece: Piece): void {
    this.pieces.push(piece)
    this.bytes += piece.chunk.length
    this.window.bytes += piece.chunk.length
    this.wasFull ||= this.isFull
    this.schedule()
  }

  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    setImmediate(() => {
      this.isScheduled = false
      this.slice()
    })
  }

  /** True while it is better to go on reading. */
  private holds(): boolean {
    const now = performance.now()
    if (now - this.window.began >= burstMs) {
      const isBurst = this.window.bytes >= burstBytes && now - this.window.began < 4 * burstMs
      if (isBurst && !this.isBurst) this.heldSince = now
      this.isBurst = isBurst
      this.window = { began: now, bytes: 0 }
    }
    return this.isBurst && this.bytes < heldBytes && now - this.heldSince < heldMs && this.whenEmpty.length === 0
  }

  private slice(): void {
    if (this.holds()) return this.schedule()
    const until = performance.now() + sliceMs
    do {
      const piece = this.pieces[this.next]
      if (!piece) break
      this.next++
      this.events.chunk(piece.chunk, piece.at)
      this.bytes -= piece.chunk.length
      if (piece.slab) {
        piece.slab.pieces--
        this.recycle(piece.slab)
      }
    } while (performance.now() < until)
    if (this.next === this.pieces.length || this.next > 1000) {
      this.pieces.splice(0, this.next)
      this.next = 0
    }
    if (this.wasFull && this.bytes < backlogLimitBytes / 2) {
      this.wasFull = false
      this.events.room()
    }
    if (this.pieces.length > this.next) this.schedule()
    else for (const settle of this.whenEmpty.splice(0)) settle()
  }

  private recycle(slab: Slab): void {
    if (slab.isFull && slab.pieces === 0 && this.spare.length < spareSlabs) this.spare.push(slab.memory)
  }
}
