import { PassThrough, Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { outputTo } from './output.ts'
import { progressLine } from './progress.ts'
import { readNames, readSelection } from './selection.ts'

describe('a selection', () => {
  test('without flags is all tasks', () => {
    expect(readSelection({})).toEqual({ records: 'tasks', scope: { filter: {}, search: '' }, columns: null, sort: [] })
  })

  test('reads every flag', () => {
    const { scope, columns, sort } = readSelection({ filter: '{"used.n": 90071992547409931}', search: 'x', columns: ['a, b', '["c,d"]'], sort: ['a:desc,b', 'odd:name:asc'] })
    expect(scope).toEqual({ filter: { 'used.n': 90071992547409931n }, search: 'x' })
    expect(columns).toEqual(['a', 'b', 'c,d'])
    expect(sort).toEqual([{ column: 'a', descending: true }, { column: 'b', descending: false }, { column: 'odd:name', descending: false }])
  })

  test.each([
    [{ records: 'rows' }, /--records is one of tasks/],
    [{ filter: '[]' }, /--filter is an object/],
    [{ filter: '3' }, /--filter is an object/],
    [{ columns: ['[1]'] }, /Not a list of names/],
    [{ columns: ['["a"'] }, /is not JSON/]
  ])('%j is wrong use', (flags, message) => {
    expect(() => readSelection(flags)).toThrow(message)
  })

  test('a mistake in the JSON is pointed at', () => {
    expect(() => readSelection({ filter: '{\n"a": x}' })).toThrow(/position 7.*\n {2}"a": x}\n {7}\^$/s)
  })

  test('names may have commas only in a list', () => {
    expect(readNames(' a ,,b ')).toEqual(['a', 'b'])
    expect(readNames('["a,b"]')).toEqual(['a,b'])
  })
})

describe('output', () => {
  test('waits for a slow reader', async () => {
    const reader = new PassThrough({ highWaterMark: 4 })
    const output = outputTo(reader)
    let written = false
    const writing = output.write('longer than that').then(() => { written = true })
    await new Promise((resolve) => setImmediate(resolve))
    expect(written).toBe(false)
    expect(String(reader.read())).toBe('longer than that')
    await writing
    expect(written).toBe(true)
  })

  test('is quietly over when the reader goes away', async () => {
    const output = outputTo(new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })) }))
    await output.write('a')
    await expect.poll(() => output.closed.aborted).toBe(true)
    await output.write('b')
  })

  test('tells any other failure', async () => {
    const output = outputTo(new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('full'), { code: 'ENOSPC' })) }))
    await output.write('a')
    await expect.poll(() => output.closed.aborted).toBe(true)
    await expect(output.write('b')).rejects.toThrow('full')
  })
})

describe('progress', () => {
  function terminal(isTTY: boolean): { written: string[]; stderr: Parameters<typeof progressLine>[0] } {
    const written: string[] = []
    return { written, stderr: { isTTY, columns: 20, write: (text: unknown) => written.push(String(text)) > 0 } as Parameters<typeof progressLine>[0] }
  }

  test('shows after half a second, ten times a second at most, cut to the line, and takes itself away', () => {
    let nowMs = 1000
    const { written, stderr } = terminal(true)
    const progress = progressLine(stderr, () => nowMs)
    nowMs = 1499
    progress.show('too early')
    nowMs = 1500
    progress.show('a line that is longer than the terminal')
    progress.show('too soon')
    nowMs = 1600
    progress.show('next')
    progress.end()
    progress.end()
    expect(written).toEqual(['\r\u001b[Ka line that is long', '\r\u001b[Knext', '\r\u001b[K'])
  })

  test('is silent where nobody looks', () => {
    let nowMs = 0
    const { written, stderr } = terminal(false)
    const progress = progressLine(stderr, () => nowMs)
    nowMs = 10_000
    progress.show('x')
    progress.end()
    expect(written).toEqual([])
  })
})
