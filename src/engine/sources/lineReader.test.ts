import { expect, test } from 'vitest'
import { LineReader, type Lines } from './lineReader.ts'
import type { TextFile } from './textFile.ts'

/** Text in memory, as long as the test says. */
function memory(text: { value: string }): TextFile {
  return {
    async reach(wantedByte) {
      return { textBytes: text.value.length, ended: text.value.length <= wantedByte }
    },
    async read(target, byte) {
      return Buffer.from(text.value).copy(target, 0, byte)
    },
    takenBytes: (byte) => byte,
    takeProblems: () => [],
    async close() {}
  }
}

async function all(reader: LineReader): Promise<Lines[]> {
  const found: Lines[] = []
  for (let lines = await reader.next(20); lines !== null; lines = await reader.next(20)) found.push(lines)
  return found
}

test('a line longer than a segment comes whole; one longer than the bound comes as its head and length', async () => {
  const long = 'l'.repeat(90)
  const tooLong = 't'.repeat(3_000_000)
  const text = { value: `a\n${long}\nb\n${tooLong}\nc\n` }
  const found = await all(new LineReader(memory(text), 100))
  expect(found.map((lines) => [lines.byte, lines.line, lines.tooLongBytes ?? null])).toEqual([
    [0, 1, null],
    [2, 2, null],
    [95, 4, 3_000_001],
    [3_000_096, 5, null]
  ])
  expect(Buffer.from(found[1]?.bytes ?? []).toString()).toBe(`${long}\nb\n`)
  expect(Buffer.from(found[2]?.bytes ?? []).toString()).toBe('t'.repeat(100))
  expect(Buffer.from(found[3]?.bytes ?? []).toString()).toBe('c\n')
})

test('an open line longer than the bound is handed out anew once it goes on', async () => {
  const text = { value: 't'.repeat(500) }
  const reader = new LineReader(memory(text), 100)
  expect(await all(reader)).toMatchObject([{ byte: 0, line: 1, tooLongBytes: 500 }])
  expect(reader.takenBytes).toBe(500)
  text.value += 't\nnext\n'
  expect(await all(reader)).toMatchObject([{ byte: 0, line: 1, tooLongBytes: 502 }, { byte: 502, line: 2 }])
})

test('a line of exactly the bound is whole', async () => {
  const text = { value: `${'x'.repeat(99)}\n${'y'.repeat(100)}\n` }
  const found = await all(new LineReader(memory(text), 100))
  expect(found.map((lines) => lines.tooLongBytes ?? null)).toEqual([null, 101])
})

test('text that shrinks while it is read ends where it ends', async () => {
  const text = { value: 'one\ntwo\n' }
  const file = memory(text)
  const reader = new LineReader({ ...file, reach: async () => ({ textBytes: 100, ended: true }) })
  expect(Buffer.from((await reader.next(50))?.bytes ?? []).toString()).toBe('one\ntwo\n')
})
