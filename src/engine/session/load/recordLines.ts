/**
 * Which rows belong to a record, so that merging what has just come need not look through everything that came before: some 20 bytes a row
 * in flat arrays. Records are known by a hash of 64 bits with a seed of this process: two of them as one is not to be met.
 */

const none = -1

export class RecordLines {
  /** By line: the earlier line of the same record. */
  private earlier = new Int32Array(1 << 14).fill(none)
  /** Open addressing; by slot. */
  private low = new Uint32Array(1 << 12)
  private high = new Uint32Array(1 << 12)
  private last = new Int32Array(1 << 12).fill(none)
  private merged = new Int32Array(1 << 12).fill(none)
  private slots = 0
  private readonly seed = Math.floor(Math.random() * 2 ** 32)
  private hashLow = 0
  private hashHigh = 0

  /** Notes a message; later ones have greater lines. */
  add(kind: number, id: string, line: number): void {
    const slot = this.slotOf(kind, id)
    if (line >= this.earlier.length) this.growLines(line)
    this.earlier[line] = this.last[slot] as number
    this.last[slot] = line
  }

  /** Lines of its messages, in order. */
  messagesOf(kind: number, id: string): number[] {
    const lines: number[] = []
    for (let line = this.last[this.slotOf(kind, id)] as number; line !== none; line = this.earlier[line] as number) lines.push(line)
    return lines.reverse()
  }

  /** The line of its merged row, if it has one. */
  mergedOf(kind: number, id: string): number | null {
    const line = this.merged[this.slotOf(kind, id)] as number
    return line === none ? null : line
  }

  setMerged(kind: number, id: string, line: number): void {
    this.merged[this.slotOf(kind, id)] = line
  }

  private slotOf(kind: number, id: string): number {
    this.hash(kind, id)
    if (this.slots * 2 >= this.low.length) this.growSlots()
    const mask = this.low.length - 1
    let slot = this.hashLow & mask
    // A slot that is in use has a hash that is not zero, or lines.
    while (this.isUsed(slot) && !(this.low[slot] === this.hashLow && this.high[slot] === this.hashHigh)) slot = (slot + 1) & mask
    if (!this.isUsed(slot)) {
      this.low[slot] = this.hashLow
      this.high[slot] = this.hashHigh
      this.slots++
    }
    return slot
  }

  private isUsed(slot: number): boolean {
    return this.low[slot] !== 0 || this.high[slot] !== 0
  }

  /** cyrb53's mixing; 0 is kept for empty slots. */
  private hash(kind: number, id: string): void {
    let a = 0xdeadbeef ^ this.seed ^ kind
    let b = 0x41c6ce57 ^ this.seed ^ (kind << 8)
    for (let i = 0; i < id.length; i++) {
      const c = id.charCodeAt(i)
      a = Math.imul(a ^ c, 2654435761)
      b = Math.imul(b ^ c, 1597334677)
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
    this.hashLow = a >>> 0 || 1
    this.hashHigh = b >>> 0
  }

  private growLines(line: number): void {
    const grown = new Int32Array(Math.max(this.earlier.length * 2, line + 1)).fill(none)
    grown.set(this.earlier)
    this.earlier = grown
  }

  private growSlots(): void {
    const { high, last, low, merged } = this
    const size = low.length * 2
    this.low = new Uint32Array(size)
    this.high = new Uint32Array(size)
    this.last = new Int32Array(size).fill(none)
    this.merged = new Int32Array(size).fill(none)
    for (let i = 0; i < low.length; i++) {
      if (low[i] === 0 && high[i] === 0) continue
      let slot = (low[i] as number) & (size - 1)
      while (this.isUsed(slot)) slot = (slot + 1) & (size - 1)
      this.low[slot] = low[i] as number
      this.high[slot] = high[i] as number
      this.last[slot] = last[i] as number
      this.merged[slot] = merged[i] as number
    }
  }
}
