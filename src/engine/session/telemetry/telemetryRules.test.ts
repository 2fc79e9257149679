/** Rules against the plain computation of engine/records on each line's task, their filters against the counts, and that they are kept. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RuleTag } from '#contract/telemetry'
import type { JsonObject } from '#contract/json'
import { type AskedEngine, askEngine } from '../../../testing/askEngine.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { criticalFindings, defaultThresholds } from '../../records/criticalTags.ts'
import { telemetrySummary } from '../../records/telemetrySummary.ts'
import { standingOut } from './telemetryOutliers.ts'

let engine: AskedEngine
const sources = new Map<string, string>()
const names = ['06_telemetry_full', '04_campaign', '12_sweep', '05_errors'] as const

const tasksOf = (name: string): JsonObject[] =>
  readFileSync(join(fixtureFolder, 'jsonl', `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject)
    .filter((message) => message['type'] === 'task' || (message['type'] === undefined && 'activity_id' in message))

beforeAll(async () => {
  engine = await askEngine()
  for (const name of names) sources.set(name, (await engine.open(join(fixtureFolder, 'jsonl', `${name}.jsonl`))).sourceId)
}, 60_000)
afterAll(() => engine.close())

async function check(name: string, thresholds: Partial<Record<RuleTag, number>>): Promise<void> {
  const sourceId = sources.get(name) ?? ''
  const answer = await engine.ask('telemetry.rules', { sourceId })
  const tasks = tasksOf(name)
  const found = tasks.map((task) => new Set(criticalFindings(task['generated'], telemetrySummary(task), { thresholds }).map(({ tag }) => tag)))
  expect(answer.tasks).toBe(tasks.length)
  expect(answer.marked).toBe(found.filter((tags) => tags.size > 0).length)
  for (const rule of answer.rules) {
    expect([name, rule.tag, rule.marked]).toEqual([name, rule.tag, found.filter((tags) => tags.has(rule.tag)).length])
    // Beyond every threshold there is: what can be judged at all.
    const judged = tasks.filter((task) => criticalFindings(task['generated'], telemetrySummary(task), { thresholds: { high_cpu: -1, high_mem: -Infinity, high_disk: -Infinity, long_duration: -Infinity, low_output: Infinity, high_output: -Infinity } }).some(({ tag }) => tag === rule.tag))
    expect([name, rule.tag, rule.judged]).toEqual([name, rule.tag, judged.length])
    expect([name, rule.tag, (await engine.ask('filter.check', { sourceId, filter: rule.filter })).count]).toEqual([name, rule.tag, rule.marked])
  }
  if (answer.filter) expect((await engine.ask('filter.check', { sourceId, filter: answer.filter })).count).toBe(answer.marked)
}

test('Flowcept’s thresholds mark what records/criticalTags marks', async () => {
  for (const name of names) await check(name, {})
  const { rules } = await engine.ask('telemetry.rules', { sourceId: sources.get('06_telemetry_full') ?? '' })
  expect(Object.fromEntries(rules.map(({ tag, threshold }) => [tag, threshold]))).toEqual(defaultThresholds)
  expect(rules.find(({ tag }) => tag === 'high_cpu')?.marked).toBeGreaterThan(0)
})

test('changed thresholds are kept and mark otherwise; reset brings Flowcept’s back', async () => {
  const changed = { high_cpu: 5, high_mem: 1000, high_disk: -1, long_duration: 0.002, low_output: 0.5, high_output: 0 }
  for (const [tag, threshold] of Object.entries(changed)) await engine.ask('telemetry.setRule', { tag: tag as RuleTag, threshold })
  for (const name of names) await check(name, changed)
  const sourceId = sources.get('06_telemetry_full') ?? ''
  expect(JSON.parse(readFileSync(join(engine.configFolder, 'state.json'), 'utf8'))).toMatchObject({ 'telemetry.rules': { high_cpu: { threshold: 5, on: true } } })
  await engine.ask('telemetry.setRule', { tag: 'high_cpu', threshold: null })
  expect((await engine.ask('telemetry.rules', { sourceId })).rules.find(({ tag }) => tag === 'high_cpu')?.threshold).toBe(80)
  await engine.ask('telemetry.resetRules', {})
  await check('06_telemetry_full', {})
})

test('a rule that is off marks no task together with the others, and is still counted', async () => {
  const sourceId = sources.get('06_telemetry_full') ?? ''
  const before = await engine.ask('telemetry.rules', { sourceId })
  for (const { tag } of before.rules.filter((rule) => rule.tag !== 'low_output')) await engine.ask('telemetry.setRule', { tag, on: false })
  const after = await engine.ask('telemetry.rules', { sourceId })
  expect(after.rules.map(({ marked }) => marked)).toEqual(before.rules.map(({ marked }) => marked))
  expect(after.marked).toBe(after.rules.find(({ tag }) => tag === 'low_output')?.marked)
  await engine.ask('telemetry.setRule', { tag: 'low_output', on: false })
  expect(await engine.ask('telemetry.rules', { sourceId })).toMatchObject({ marked: 0, filter: null })
  await engine.ask('telemetry.resetRules', {})
})

test('what was not captured is said with the workflow’s setting; an unknown number is refused', async () => {
  const sourceId = sources.get('06_telemetry_full') ?? ''
  const { capture, prefixes } = await engine.ask('telemetry.metrics', { sourceId })
  expect(prefixes.find(({ prefix }) => prefix === 'gpu.')).toEqual({ prefix: 'gpu.', telemetry: true, metrics: 0 })
  expect(capture).toContainEqual({ prefix: 'gpu.', setting: 'gpu', value: 'null', workflows: 1 })
  expect(capture).toContainEqual({ prefix: 'memory.', setting: 'mem', value: 'true', workflows: 1 })
  await expect(engine.ask('telemetry.distribution', { sourceId, metric: 'telemetry.gpu.0.used' })).rejects.toMatchObject({ code: 'not-found' })
})

test('a host stands out from the others by their median and spread', () => {
  const host = (name: string, value: number) => ({ host: name, value, tasks: 10 })
  const rule = { deviations: 3, share: 0.2 }
  const hosts = [host('a', 12.7), host('b', 10.85), host('c', 14.2), host('d', 17.4)]
  expect(standingOut(hosts, rule).map((found) => [found.host, found.low, found.high, found.median])).toEqual([['d', 10.85, 14.2, 12.7]])
  expect(standingOut(hosts.slice(0, 3), rule)).toEqual([])
  expect(standingOut([host('a', 50.1), host('b', 50.1), host('c', 50.1), host('d', 50.9)], rule)).toEqual([])
  expect(standingOut([host('a', 1), host('b', 9)], rule)).toEqual([])
  expect(standingOut([host('a', 9.8), host('b', 10.4), host('c', 16.4), host('d', 16.7)], rule)).toEqual([])
})
