import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ReadBytes, linesAround } from './linesAround.ts'

const readerOf = (text: string): ReadBytes => {
  const bytes = Buffer.from(text)
  return async (byte, sizeBytes) => bytes.subarray(byte, byte + sizeBytes)
}

test('as many lines as there are, with their numbers and places', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '😀', ' '), maxLength: 8 }), { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(5), async (texts, pick, lines) => {
      const text = `${texts.join('\n')}\n`
      const bad = pick % texts.length
      const byteOf = (index: number): number => Buffer.byteLength(texts.slice(0, index).map((one) => `${one}\n`).join(''))
      const found = await linesAround(readerOf(text), { byte: byteOf(bad), line: bad + 1, lines, lineLength: 100 })
      const expected = texts.map((one, i) => ({ line: i + 1, byte: byteOf(i), text: one, cut: false, bad: i === bad })).slice(Math.max(0, bad - lines), bad + lines + 1)
      expect(found).toEqual(expected)
    })
  )
})

test('long lines are cut at whole characters; line ends of Windows do not show', async () => {
  const found = await linesAround(readerOf('short\r\n😀😀😀😀\r\nexact\r\n'), { byte: 7, line: 2, lines: 1, lineLength: 5 })
  expect(found).toEqual([
    { line: 1, byte: 0, text: 'short', cut: false, bad: false },
    { line: 2, byte: 7, text: '😀😀', cut: true, bad: true },
    { line: 3, byte: 25, text: 'exact', cut: false, bad: false }
  ])
})

test('neighbours of any length: found over many pieces, or shown from where the search ended', async () => {
  const long = 'x'.repeat(300_000)
  const endless = 'y'.repeat(9_000_000)
  const text = `first\n${long}\nbad\n${long}\nlast`
  const found = await linesAround(readerOf(text), { byte: 300_007, line: 3, lines: 2, lineLength: 20 })
  expect(found.map(({ line, byte, cut }) => [line, byte, cut])).toEqual([[1, 0, false], [2, 6, true], [3, 300_007, false], [4, 300_011, true], [5, 600_012, false]])
  const before = await linesAround(readerOf(`first\n${endless}\nbad\n${endless}\nlast`), { byte: 9_000_007, line: 3, lines: 2, lineLength: 20 })
  expect(before.map(({ line, cut, text: shown }) => [line, cut, shown.length])).toEqual([[2, true, 20], [3, false, 3], [4, true, 20]])
})

test('a last line without an end, and one that a line end closes', async () => {
  expect(await linesAround(readerOf('a\nb'), { byte: 2, line: 2, lines: 3, lineLength: 20 })).toHaveLength(2)
  expect(await linesAround(readerOf('a\nb\n'), { byte: 0, line: 1, lines: 3, lineLength: 20 })).toHaveLength(2)
})
