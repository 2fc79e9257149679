/** Telemetry summary, critical tags and host fields beyond Flowcept's own cases. */
import { describe, expect, test } from 'vitest'
import { parseJson, type JsonObject } from '#contract/json'
import { criticalFindings, criticalTags, defaultThresholds } from './criticalTags.ts'
import { enrichTask } from './enrichTask.ts'
import { hasTelemetry, telemetrySummary } from './telemetrySummary.ts'

const json = (text: string): JsonObject => parseJson(text) as JsonObject
const snapshot = (used: number | bigint): JsonObject => ({ memory: { virtual: { used, percent: 1 }, swap: { used: 0 } } })
const slow: JsonObject = { task_id: 't', started_at: 10, ended_at: 12, telemetry_at_start: snapshot(0), telemetry_at_end: snapshot(2e9) }

describe('telemetrySummary', () => {
  test('byte counters beyond 2^53 are subtracted exactly', () => {
    const summary = telemetrySummary({ telemetry_at_start: snapshot(2n ** 60n), telemetry_at_end: snapshot(2n ** 60n + 3n) })
    expect(summary).toEqual({ memory: { used_mem_diff: 3, percent_diff: 0, swap_used_diff: 0 } })
    expect(telemetrySummary({ telemetry_at_start: snapshot(0), telemetry_at_end: snapshot(2n ** 60n) }).memory).toMatchObject({ used_mem_diff: 2n ** 60n })
    expect(telemetrySummary({ telemetry_at_start: snapshot(0.5), telemetry_at_end: snapshot(2n ** 60n) }).memory).toMatchObject({ used_mem_diff: 2 ** 60 })
  })

  test('nothing where nothing is known, whatever stands in the fields', () => {
    for (const text of [
      '{}',
      '{"started_at":1}',
      '{"started_at":"1","ended_at":"2"}',
      '{"started_at":1,"ended_at":true}',
      '{"telemetry_at_start":[],"telemetry_at_end":5}',
      '{"telemetry_at_start":{"__proto__":{"a":1},"constructor":1,"cpu":null},"telemetry_at_end":{"__proto__":{"a":2},"constructor":2,"cpu":null}}'
    ]) {
      expect(telemetrySummary(json(text))).toEqual({})
    }
  })

  test('hasTelemetry asks for both snapshots', () => {
    expect(hasTelemetry(slow)).toBe(true)
    expect(hasTelemetry({ telemetry_at_start: snapshot(0) })).toBe(false)
    expect(hasTelemetry({ telemetry_at_start: {}, telemetry_at_end: snapshot(0) })).toBe(false)
  })
})

describe('criticalTags', () => {
  test('says what was measured and against what', () => {
    expect(criticalFindings({ result: 0.95 }, { cpu: { percent_all_diff: -90 }, disk: { write_bytes_diff: 2e8 } })).toEqual([
      { tag: 'high_cpu', measure: 'cpu.percent_all_diff', value: 90, threshold: 80 },
      { tag: 'high_disk', measure: 'disk.read_bytes_diff + disk.write_bytes_diff', value: 2e8, threshold: 1e8 },
      { tag: 'high_output', measure: 'generated.result', value: 0.95, threshold: 0.9 }
    ])
  })

  test('a threshold that is set changes only its own tag', () => {
    const summary = { duration_sec: 5, cpu: { percent_all_diff: 90 } }
    expect(criticalTags({}, summary, { thresholds: { long_duration: 10 } })).toEqual(['high_cpu'])
    expect(criticalTags({}, summary)).toEqual(['high_cpu', 'long_duration'])
    expect(defaultThresholds).toEqual({ high_cpu: 80, high_mem: 1e9, high_disk: 1e8, long_duration: 0.8, low_output: 0.1, high_output: 0.9 })
  })

  test('an inherited key is no output', () => {
    expect(criticalTags({}, {}, { outputs: ['constructor', '__proto__'] })).toEqual([])
    expect(criticalTags({ result: 2n ** 60n }, {})).toEqual(['high_output'])
  })
})

describe('enrichTask', () => {
  test("critical tags are added after the user's, each once", () => {
    expect(enrichTask({ ...slow, tags: ['mine', 'high_mem'] }, { host: {} }).tags).toEqual(['mine', 'high_mem', 'long_duration'])
    expect(enrichTask({ ...slow, tags: 'mine' }, { host: {} }).tags).toEqual(['mine', 'high_mem', 'long_duration'])
    expect(enrichTask({ ...slow, tags: null }, { host: {} }).tags).toEqual(['high_mem', 'long_duration'])
    const once = enrichTask(slow, { host: {} })
    expect(enrichTask(once, { host: {} })).toEqual(once)
  })

  test('host fields fill gaps only, and without both snapshots there is no summary', () => {
    const task = { task_id: 't', hostname: 'own', node_name: null, started_at: 1, ended_at: 9 }
    expect(enrichTask(task, { host: { node_name: 'n', hostname: 'h', public_ip: null } })).toEqual({ ...task, node_name: 'n' })
    expect(task.node_name).toBeNull()
  })
})
