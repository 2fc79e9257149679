/** XXH64 with seed 0, the checksum of Zstandard frames, in 32-bit halves: BigInt is many times slower. */

const stripeBytes = 32
/** The five primes: low and high half. */
const p1 = [0x85ebca87, 0x9e3779b1] as const
const p2 = [0x27d4eb4f, 0xc2b2ae3d] as const
const p3 = [0x9e3779f9, 0x165667b1] as const
const p4 = [0xc2b2ae63, 0x85ebca77] as const
const p5 = [0x165667c5, 0x27d4eb2f] as const

/** The result of the last operation: returning a pair would allocate one for every eight bytes. */
let low = 0
let high = 0

export class Xxh64 {
  /** Four accumulators: low halves, then high halves. */
  readonly #acc = new Int32Array(8)
  readonly #held = new Uint8Array(stripeBytes)
  #heldBytes = 0
  #total = 0

  constructor() {
    add(p1[0], p1[1], p2[0], p2[1])
    this.#set(0)
    this.#acc[1] = p2[0]
    this.#acc[5] = p2[1]
    add(~p1[0], ~p1[1], 1, 0)
    this.#set(3)
  }

  update(bytes: Uint8Array): void {
    this.#total += bytes.length
    let at = 0
    if (this.#heldBytes > 0) {
      at = Math.min(stripeBytes - this.#heldBytes, bytes.length)
      this.#held.set(bytes.subarray(0, at), this.#heldBytes)
      this.#heldBytes += at
      if (this.#heldBytes < stripeBytes) return
      this.#stripes(this.#held, 0, stripeBytes)
      this.#heldBytes = 0
    }
    const whole = at + Math.floor((bytes.length - at) / stripeBytes) * stripeBytes
    this.#stripes(bytes, at, whole)
    this.#held.set(bytes.subarray(whole))
    this.#heldBytes = bytes.length - whole
  }

  /** The lower 32 bits, which is what a frame holds. */
  digestLow(): number {
    if (this.#total < stripeBytes) {
      low = p5[0]
      high = p5[1]
    } else this.#merge()
    add(low, high, this.#total | 0, Math.floor(this.#total / 2 ** 32))
    this.#finishHeld()
    xorShift(33)
    multiply(low, high, p2[0], p2[1])
    xorShift(29)
    multiply(low, high, p3[0], p3[1])
    xorShift(32)
    return low >>> 0
  }

  #set(lane: number): void {
    this.#acc[lane] = low
    this.#acc[lane + 4] = high
  }

  #stripes(bytes: Uint8Array, from: number, to: number): void {
    const acc = this.#acc
    for (let at = from; at < to; at += 8) {
      const lane = ((at - from) >> 3) & 3
      round(acc[lane] as number, acc[lane + 4] as number, word(bytes, at), word(bytes, at + 4))
      acc[lane] = low
      acc[lane + 4] = high
    }
  }

  #merge(): void {
    const acc = this.#acc
    let sumLow = 0
    let sumHigh = 0
    for (const [lane, bits] of [1, 7, 12, 18].entries()) {
      rotate(acc[lane] as number, acc[lane + 4] as number, bits)
      add(sumLow, sumHigh, low, high)
      sumLow = low
      sumHigh = high
    }
    for (let lane = 0; lane < 4; lane++) {
      round(0, 0, acc[lane] as number, acc[lane + 4] as number)
      multiply(sumLow ^ low, sumHigh ^ high, p1[0], p1[1])
      add(low, high, p4[0], p4[1])
      sumLow = low
      sumHigh = high
    }
  }

  #finishHeld(): void {
    let at = 0
    for (; at + 8 <= this.#heldBytes; at += 8) {
      const [hashLow, hashHigh] = [low, high]
      round(0, 0, word(this.#held, at), word(this.#held, at + 4))
      rotate(hashLow ^ low, hashHigh ^ high, 27)
      multiply(low, high, p1[0], p1[1])
      add(low, high, p4[0], p4[1])
    }
    if (at + 4 <= this.#heldBytes) {
      this.#mix(word(this.#held, at), p1, 23, p2)
      add(low, high, p3[0], p3[1])
      at += 4
    }
    for (; at < this.#heldBytes; at++) this.#mix(this.#held[at] as number, p5, 11, p1)
  }

  #mix(value: number, by: readonly [number, number], bits: number, then: readonly [number, number]): void {
    const [hashLow, hashHigh] = [low, high]
    multiply(value, 0, by[0], by[1])
    rotate(hashLow ^ low, hashHigh ^ high, bits)
    multiply(low, high, then[0], then[1])
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
}

function round(accLow: number, accHigh: number, laneLow: number, laneHigh: number): void {
  multiply(laneLow, laneHigh, p2[0], p2[1])
  add(low, high, accLow, accHigh)
  rotate(low, high, 31)
  multiply(low, high, p1[0], p1[1])
}

function add(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const sum = (aLow >>> 0) + (bLow >>> 0)
  low = sum | 0
  high = (aHigh + bHigh + (sum > 0xffffffff ? 1 : 0)) | 0
}

function multiply(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const a0 = aLow & 0xffff
  const a1 = aLow >>> 16
  const b0 = bLow & 0xffff
  const b1 = bLow >>> 16
  const p00 = Math.imul(a0, b0)
  const p01 = Math.imul(a0, b1)
  const p10 = Math.imul(a1, b0)
  const middle = (p00 >>> 16) + (p01 & 0xffff) + (p10 & 0xffff)
  low = (p00 & 0xffff) | (middle << 16)
  high = (Math.imul(a1, b1) + (p01 >>> 16) + (p10 >>> 16) + (middle >>> 16) + Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow)) | 0
}

/** @param bits 1–31 */
function rotate(aLow: number, aHigh: number, bits: number): void {
  low = (aLow << bits) | (aHigh >>> (32 - bits))
  high = (aHigh << bits) | (aLow >>> (32 - bits))
}

function xorShift(bits: number): void {
  const shiftedLow = bits >= 32 ? high >>> (bits - 32) : (low >>> bits) | (high << (32 - bits))
  const shiftedHigh = bits >= 32 ? 0 : high >>> bits
  low ^= shiftedLow
  high ^= shiftedHigh
}
