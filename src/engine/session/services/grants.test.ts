import { expect, test } from 'vitest'
import { Grants } from './grants.ts'

test('a handle stands for its path, tells nothing of it, and is the same for the same path and use', () => {
  const grants = new Grants()
  const handle = grants.grant('/runs/a.jsonl', 'read')
  expect(handle).not.toContain('runs')
  expect(handle.length).toBeGreaterThanOrEqual(20)
  expect(grants.path(handle)).toBe('/runs/a.jsonl')
  expect(grants.path(handle, 'read')).toBe('/runs/a.jsonl')
  expect(grants.grant('/runs/a.jsonl', 'read')).toBe(handle)
  expect(grants.grant('/runs/a.jsonl', 'write')).not.toBe(handle)
  expect(new Grants().grant('/runs/a.jsonl', 'read')).not.toBe(handle)
})

test.each(['', '/runs/a.jsonl', '__proto__', 'constructor'])('the unknown handle %j is refused', (handle) => {
  const grants = new Grants()
  grants.grant('/runs/a.jsonl', 'read')
  expect(() => grants.path(handle)).toThrow(expect.objectContaining({ name: 'Refusal', code: 'bad-request' }))
})

test('reading does not allow writing, nor the other way', () => {
  const grants = new Grants()
  expect(() => grants.path(grants.grant('/a', 'read'), 'write')).toThrow(expect.objectContaining({ code: 'bad-request' }))
  expect(() => grants.path(grants.grant('/b', 'write'), 'read')).toThrow(expect.objectContaining({ code: 'bad-request' }))
})

test('a handle may stand for several paths together', () => {
  const grants = new Grants()
  const handle = grants.grantAll(['/a', '/b'], 'read')
  expect(grants.paths(handle, 'read')).toEqual(['/a', '/b'])
  expect(grants.grantAll(['/a', '/b'], 'read')).toBe(handle)
  expect(grants.grantAll(['/b', '/a'], 'read')).not.toBe(handle)
})
