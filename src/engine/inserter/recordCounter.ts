/** How many different records there were among many, in 16 to 32 bytes a record: a set of 53-bit hashes, by which one in 10^8 is miscounted among a million. */
export class RecordCounter {
  count = 0
  private slots = new Float64Array(1024)

  /** True if this record had not been counted. */
  add(kind: string, id: string): boolean {
    if ((this.count + 1) * 2 > this.slots.length) this.grow()
    if (!insert(this.slots, hash(`${kind} ${id}`))) return false
    this.count++
    return true
  }

  private grow(): void {
    const slots = new Float64Array(this.slots.length * 2)
    for (const value of this.slots) if (value !== 0) insert(slots, value)
    this.slots = slots
  }
}

/** The length of `slots` is a power of two; 0 is an empty slot. */
function insert(slots: Float64Array, value: number): boolean {
  const mask = slots.length - 1
  let at = (value % 4294967296) & mask
  for (let there = slots[at]; there !== 0; there = slots[at]) {
    if (there === value) return false
    at = (at + 1) & mask
  }
  slots[at] = value
  return true
}

/** From 1 to 2^53 − 1: two multiplicative hashes with different seeds. */
function hash(text: string): number {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x85ebca6b)
    high ^= high >>> 15
  }
  low = Math.imul(low ^ (low >>> 16), 0xc2b2ae35)
  low ^= low >>> 13
  return ((high >>> 11) * 4294967296 + (low >>> 0)) || 1
}
