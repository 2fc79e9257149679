import { afterEach, describe, expect, test, vi } from 'vitest'
import { ago, bytes, bytesOf, clock, count, counted, date, dateTime, decimal, left, middle, percent, seconds, zoneName } from './format.ts'

test.each([
  [1276, '1,276'],
  [-5, '−5'],
  [0, '0']
])('count %d', (n, words) => expect(count(n)).toBe(words))

test('counted takes the singular for one', () => {
  expect([counted(1, 'task'), counted(0, 'task'), counted(2, 'query', 'queries')]).toEqual(['1 task', '0 tasks', '2 queries'])
})

test.each([
  [0, '0 %'],
  [0.00001, '< 0.1 %'],
  [0.0242, '2.4 %'],
  [0.38, '38 %'],
  [0.99999, '> 99.9 %'],
  [1, '100 %']
])('share %d', (share, words) => expect(percent(share)).toBe(words))

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [18_000, '18 KB'],
  [647_400_000, '647.4 MB'],
  [1_380_000_000, '1.4 GB']
])('%d bytes', (size, words) => expect(bytes(size)).toBe(words))

test('a part and its whole share a unit', () => {
  expect([bytesOf(246e6, 647e6), bytesOf(412e6, 1024e6), bytesOf(0, 200)]).toEqual(['246 of 647 MB', '412 of 1,024 MB', '0 of 200 B'])
})

test.each([
  [0, '0 s'],
  [0.0000021, '2 µs'],
  [0.0123, '12.3 ms'],
  [0.4567, '457 ms'],
  [1.5621, '1.562 s'],
  [30.26, '30.3 s'],
  [-2.5, '−2.5 s'],
  [125, '2 min 5 s'],
  [3600, '1 h'],
  [11_520, '3 h 12 min'],
  [367_200, '4 d 6 h']
])('%d seconds', (value, words) => expect(seconds(value)).toBe(words))

test('time left is never none while something is left', () => {
  expect([left(0.2), left(2.4), left(130)]).toEqual(['1 s left', '2 s left', '2 min 10 s left'])
})

describe('times', () => {
  test('of day in UTC, with the digits asked for', () => {
    expect([clock(1784505874.0247164, 'utc'), clock(1784505874.0247164, 'utc', 3), clock(1784505874, 'utc', 'minutes')]).toEqual(['00:04:34', '00:04:34.024', '00:04'])
  })
  test('a fraction is cut, not rounded into the next second', () => {
    expect(clock(1784505874.9996, 'utc', 3)).toBe('00:04:34.999')
  })
  test('local is what Date says', () => {
    const moment = new Date(1784505874_000)
    expect(clock(1784505874, 'local')).toBe(moment.toTimeString().slice(0, 8))
    expect(date(1784505874, 'utc')).toBe('2026-07-20')
  })
  test('what is no time keeps its figure', () => {
    expect([clock(1e20, 'utc'), date(Number.NaN, 'utc')]).toEqual(['100000000000000000000', 'NaN'])
  })
  test('ago', () => {
    const now = new Date(2026, 10, 23, 12).getTime() / 1000
    expect([now - 5, now - 300, now - 7200, now - 86_400, now - 3 * 86_400, now - 20 * 86_400].map((then) => ago(then, now))).toEqual(['just now', '5 min ago', '2 h ago', 'yesterday', 'Fri 20 Nov', '3 Nov'])
  })
})

test('the middle is cut, the ends stay', () => {
  expect(middle('flowcept_buffer_3f0c9a1e_26427.jsonl', 20)).toBe('flowcept_buff….jsonl')
  expect(decimal(1e-7, 3)).toBe('0')
})

describe('in another zone', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.each([
    ['Asia/Kolkata', Date.UTC(2026, 6, 20, 22, 0) / 1000, '2026-07-21 03:30:00', 'local (UTC+5:30)'],
    // The hour after clocks were put forward, and the hour that is there twice.
    ['America/New_York', Date.UTC(2026, 2, 8, 7, 30) / 1000, '2026-03-08 03:30:00', 'local (UTC−4)'],
    ['America/New_York', Date.UTC(2026, 10, 1, 5, 30) / 1000, '2026-11-01 01:30:00', 'local (UTC−4)'],
    ['America/New_York', Date.UTC(2026, 10, 1, 6, 30) / 1000, '2026-11-01 01:30:00', 'local (UTC−5)'],
    ['UTC', 0, '1970-01-01 00:00:00', 'local (UTC+0)']
  ])('%s shows %d as %s, %s', (zone, at, local, name) => {
    vi.stubEnv('TZ', zone)
    expect(dateTime(at, 'local')).toBe(local)
    expect(zoneName('local', at)).toBe(name)
    expect(zoneName('utc', at)).toBe('UTC')
    expect(dateTime(at, 'utc'), 'UTC stays UTC').toBe(new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' '))
  })
})
