import { readFileSync } from 'node:fs'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { DamagedData, Decoder } from './decoder.ts'
import { GzipDecoder } from './gzipDecoder.ts'
import { ZstdDecoder } from './zstdDecoder.ts'

const fixture = (path: string): Buffer => readFileSync(new URL(`../../testing/fixtures/${path}`, import.meta.url))
const text = fixture('jsonl/11_status_updates.jsonl')

async function decode(decoder: Decoder, data: Uint8Array, pieceBytes: number): Promise<{ text: Buffer; damage: DamagedData | null; complete: boolean }> {
  const out: Uint8Array[] = []
  let damage: DamagedData | null = null
  try {
    for (let at = 0; at < data.length; at += pieceBytes) for await (const piece of decoder.decode(data.subarray(at, at + pieceBytes))) out.push(Buffer.from(piece))
  } catch (error) {
    damage = error as DamagedData
    if (damage.name !== 'DamagedData') throw error
  }
  const { complete } = decoder
  decoder.close()
  return { text: Buffer.concat(out), damage, complete }
}

/** A header with every optional field. */
function decoratedGzip(content: Uint8Array): Buffer {
  const plain = gzipSync(content)
  const header = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3])
  return Buffer.concat([header, Buffer.from([3, 0, 1, 2, 3]), Buffer.from('name.jsonl\0a comment\0'), Buffer.from([0, 0]), plain.subarray(10)])
}

const gzips: [name: string, data: Buffer, content: Buffer][] = [
  ['one member', gzipSync(text), text],
  ['stored, not deflated', gzipSync(text, { level: 0 }), text],
  ['several members', Buffer.concat([gzipSync(text.subarray(0, 100)), gzipSync(''), gzipSync(text.subarray(100))]), text],
  ['every header field', Buffer.concat([decoratedGzip(text), decoratedGzip(text)]), Buffer.concat([text, text])],
  ['zero padding', Buffer.concat([gzipSync(text), Buffer.alloc(700), gzipSync(text), Buffer.alloc(5)]), Buffer.concat([text, text])],
  ['text a thousand times as long', gzipSync(Buffer.alloc(20_000_000, 'ab\n')), Buffer.alloc(20_000_000, 'ab\n')],
  ['nothing in it', gzipSync(''), Buffer.alloc(0)]
]
for (const [name, data, content] of gzips) {
  test.each([1, 7, 65_536])(`gzip: ${name}, %i bytes at a time`, async (pieceBytes) => {
    if (pieceBytes === 1 && data.length > 15_000) pieceBytes = 100
    const result = await decode(new GzipDecoder(), data, pieceBytes)
    expect(result).toMatchObject({ damage: null, complete: true })
    expect(result.text.equals(content)).toBe(true)
  })
}

const zstds: [name: string, data: Buffer][] = [
  ['one frame with a checksum', fixture('compressed/status_updates.jsonl.zst')],
  ['several frames, skippable ones between them', fixture('compressed/frames.jsonl.zst')]
]
for (const [name, data] of zstds) {
  test.each([1, 7, 65_536])(`zstd: ${name}, %i bytes at a time`, async (pieceBytes) => {
    const result = await decode(new ZstdDecoder(), data, pieceBytes)
    expect(result).toMatchObject({ damage: null, complete: true })
    expect(result.text.equals(text)).toBe(true)
  })
}

const decoders: [name: string, make: () => Decoder, data: Buffer][] = [
  ['gzip', () => new GzipDecoder(), gzipSync(text)],
  ['zstd', () => new ZstdDecoder(), fixture('compressed/status_updates.jsonl.zst')]
]
for (const [name, make, data] of decoders) {
  test(`${name}: cut off anywhere, it is not complete, not damaged, and gives a true beginning`, async () => {
    for (let end = 1; end < data.length; end += 13) {
      const result = await decode(make(), data.subarray(0, end), 65_536)
      expect(result, `cut at ${end}`).toMatchObject({ damage: null, complete: false })
      expect(text.subarray(0, result.text.length).equals(result.text), `cut at ${end}`).toBe(true)
    }
  })

  test(`${name}: garbage behind is damage with its place; what came before is whole`, async () => {
    const result = await decode(make(), Buffer.concat([data, Buffer.from('no such thing')]), 65_536)
    expect(result.damage).toMatchObject({ compressedByte: data.length })
    expect(result.text.equals(text)).toBe(true)
  })

  test(`${name}: a flipped byte anywhere is found`, async () => {
    for (let at = 12; at < data.length; at += 29) {
      const damaged = Buffer.from(data)
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x55, at)
      const result = await decode(make(), damaged, 65_536)
      expect(result.damage !== null || !result.complete, `byte ${at}`).toBe(true)
      expect(result.damage?.compressedByte ?? 0).toBeLessThanOrEqual(data.length)
    }
  })
}

test('gzip: damage in a late part loses little of what came before it', async () => {
  const long = Buffer.concat(Array.from({ length: 200 }, (_, i) => Buffer.from(`${i} ${Math.sin(i)} ${text.subarray(0, 2000).toString('base64')}\n`)))
  const compressed = deflateRawSync(long, { level: 1 })
  // A copy of a gzip header in the middle of the deflated data.
  const data = Buffer.concat([gzipSync('').subarray(0, 10), compressed, Buffer.alloc(8)])
  gzipSync('').copy(data, data.length - 2000, 0, 10)
  const result = await decode(new GzipDecoder(), data, 65_536)
  expect(result.damage?.compressedByte).toBeGreaterThan(data.length - 8192)
  expect(result.text.length).toBeGreaterThan(0)
  expect(long.subarray(0, 100).equals(result.text.subarray(0, 100))).toBe(true)
})

test.each([
  ['gzip with an unknown method', () => new GzipDecoder(), [0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0], /method 7/],
  ['zstd with a dictionary', () => new ZstdDecoder(), [0x28, 0xb5, 0x2f, 0xfd, 0x21, 42, 10, 0, 0, 0, 0], /dictionary/],
  ['zstd with a giant window', () => new ZstdDecoder(), [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0, 0, 0], /window/],
  ['zstd with reserved bits', () => new ZstdDecoder(), [0x28, 0xb5, 0x2f, 0xfd, 0x08, 0x00, 0, 0, 0], /bits/],
  ['zstd with a reserved block type', () => new ZstdDecoder(), [0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x07, 0, 0], /block/],
  ['zstd with the wrong length', () => new ZstdDecoder(), [0x28, 0xb5, 0x2f, 0xfd, 0x20, 9, 0x09, 0, 0, 0x41], /length/]
] as [string, () => Decoder, number[], RegExp][])('%s is refused', async (_name, make, bytes, why) => {
  const { damage } = await decode(make(), Uint8Array.from(bytes), 65_536)
  expect(damage?.message).toMatch(why)
})
