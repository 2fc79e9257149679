/** Which ids have come by already: a bit table of fixed size, so now and then it takes a new id for a known one, never the other way round. */

const bits = 28

export class SeenIds {
  private readonly table = new Uint32Array(2 ** (bits - 5))

  /** Notes an id by its hash; true if it seems to have been noted before. */
  add(kind: number, hash: number): boolean {
    const mixed = Math.imul(hash ^ Math.imul(kind + 1, 0x9e3779b1), 0x85ebca6b)
    const first = this.set((mixed ^ (mixed >>> 15)) >>> (32 - bits))
    const second = this.set(Math.imul(mixed, 0xc2b2ae35) >>> (32 - bits))
    return first && second
  }

  private set(bit: number): boolean {
    const word = this.table[bit >>> 5] as number
    const mask = 1 << (bit & 31)
    this.table[bit >>> 5] = word | mask
    return (word & mask) !== 0
  }
}
