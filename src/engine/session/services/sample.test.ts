import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findSample } from './sample.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(name: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  return path
}

test('from these sources', () => {
  expect(findSample()).toBe(join(import.meta.dirname, '../../../../resources/samples/weather_stations.jsonl'))
})

test.each([
  ['built files', 'app/resources/samples/weather_stations.jsonl', 'app/out/main'],
  ['an app unpacked beside its archive', 'resources/app.asar.unpacked/resources/samples/weather_stations.jsonl', 'resources/app.asar/out/main'],
  ['resources beside the archive', 'resources/samples/weather_stations.jsonl', 'resources/app.asar/out/main']
])('from %s', (_name, sample, from) => {
  const path = put(sample)
  expect(findSample(join(folder, from))).toBe(path)
})

test('where it is not, a sentence says so', () => {
  expect(() => findSample(folder)).toThrow(expect.objectContaining({ code: 'unavailable' }))
})
