import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Xxh64 } from './xxh64.ts'

/** The definition, in BigInt. */
function reference(bytes: Uint8Array): number {
  const [p1, p2, p3, p4, p5] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n, 0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n]
  const m = (value: bigint): bigint => BigInt.asUintN(64, value)
  const rotl = (value: bigint, bits: bigint): bigint => m((value << bits) | (value >> (64n - bits)))
  const round = (acc: bigint, lane: bigint): bigint => m(rotl(m(acc + lane * p2), 31n) * p1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  let hash = p5
  if (bytes.length >= 32) {
    const acc = [m(p1 + p2), p2, 0n, m(-p1)]
    for (; at + 32 <= bytes.length; at += 32) for (let i = 0; i < 4; i++) acc[i] = round(acc[i] ?? 0n, view.getBigUint64(at + i * 8, true))
    hash = m([1n, 7n, 12n, 18n].reduce((sum, bits, i) => sum + rotl(acc[i] ?? 0n, bits), 0n))
    for (const value of acc) hash = m((hash ^ round(0n, value)) * p1 + p4)
  }
  hash = m(hash + BigInt(bytes.length))
  for (; at + 8 <= bytes.length; at += 8) hash = m(rotl(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4)
  for (; at + 4 <= bytes.length; at += 4) hash = m(rotl(hash ^ m(BigInt(view.getUint32(at, true)) * p1), 23n) * p2 + p3)
  for (; at < bytes.length; at++) hash = m(rotl(hash ^ m(BigInt(view.getUint8(at)) * p5), 11n) * p1)
  hash = m((hash ^ (hash >> 33n)) * p2)
  hash = m((hash ^ (hash >> 29n)) * p3)
  return Number((hash ^ (hash >> 32n)) & 0xffffffffn)
}

test('the digest of nothing, as the specification has it', () => {
  expect(new Xxh64().digestLow()).toBe(0x51d8e999)
})

test('agrees with the definition, however the bytes come', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 12 }), (pieces) => {
      const hash = new Xxh64()
      for (const piece of pieces) hash.update(piece)
      expect(hash.digestLow()).toBe(reference(Buffer.concat(pieces)))
    }),
    { numRuns: 500 }
  )
})
