import { expect, test } from 'vitest'
import { type Missing, gapLines, gapTimes, gapTitle } from './gapWords.ts'

const gap: Missing = { kind: 'disconnected', from: 1_784_500_931.3, to: 1_784_500_938, messages: null, reason: 'The connection was reset.', openTasks: 2, filled: null }

test('a gap is dated, and says what it does not know', () => {
  expect(gapLines(gap, 'utc')).toEqual(['Gap of 6.7 s, 2026-07-19 22:42:11.3 to 2026-07-19 22:42:18.0', 'The connection was reset.', 'unknown how many lost; 2 tasks without an end'])
})

test('times of today need no date', () => {
  expect(gapTimes(gap, 'utc', gap.from)).toBe('22:42:11.3 to 22:42:18.0')
})

test('one that lasts has no length yet', () => {
  expect(gapTitle({ ...gap, to: null }, 'utc')).toBe('Gap since 22:42:11')
  expect(gapTimes({ ...gap, to: null }, 'utc', gap.from)).toBe('22:42:11.3 until now')
})

test('frames that are no messages are a point in time, and counted', () => {
  const frames: Missing = { ...gap, kind: 'undecodable', to: gap.from, messages: 1, openTasks: null }
  expect(gapTitle(frames, 'utc')).toBe('1 message not decoded')
  expect(gapTimes(frames, 'utc', gap.from)).toBe('22:42:11.3')
})

test('what was filled stands beside what was lost', () => {
  expect(gapLines({ ...gap, messages: 312, openTasks: 0, filled: { messages: 310, from: 'run.jsonl' } }, 'utc').at(-1)).toBe('312 messages lost; 310 filled from run.jsonl')
})
