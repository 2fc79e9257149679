import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { methods } from '#contract/methods'
import { openFixture } from '../../../testing/openFixture.ts'
import { countBy, type Dict, fixtures, groupBy, mean, messagesOf, numberAt, quantile, sum, tasksOf, timesOf, valueAt, whole } from '../../../testing/overviewOracle.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { overviewActivities } from './overviewActivities.ts'
import { overviewSlowest } from './overviewSlowest.ts'
import { overviewSummary } from './overviewSummary.ts'
import { timeHistogram } from './timeHistogram.ts'

const signal = new AbortController().signal
const distinct = (tasks: readonly Dict[], name: string): number => new Set(tasks.map((task) => task[name]).filter((value) => value !== undefined)).size

describe.each(fixtures)('%s', (name) => {
  const tasks = tasksOf(messagesOf(name))
  const times = tasks.map(timesOf)
  const starts = times.flatMap(({ start }) => start ?? [])
  const ends = times.flatMap(({ end }) => end ?? [])
  let table: SourceTable
  let close: () => Promise<void>
  beforeAll(async () => {
    const opened = await openFixture(`jsonl/${name}.jsonl`)
    table = opened.source
    close = opened.close
  })
  afterAll(() => close())

  test('the summary counts what plain JavaScript counts', async () => {
    const summary = methods['overview.summary'].result.parse(await overviewSummary(table, whole, signal))
    expect(summary.tasks).toBe(tasks.length)
    expect(summary.statuses).toEqual(countBy(tasks.map((task) => task.status ?? 'UNKNOWN')))
    expect(summary.activities).toBe(distinct(tasks, 'activity_id'))
    expect(summary.hosts).toBe(distinct(tasks, 'hostname'))
    expect(summary.agents).toBe(distinct(tasks, 'agent_id'))
    expect(summary.firstStart).toBe(Math.min(...starts))
    expect(summary.lastEnd).toBe(Math.max(...ends))
    const wall = Math.max(...starts, ...ends) - Math.min(...starts)
    expect(summary.wallSeconds).toBeCloseTo(wall, 9)
    expect(summary.busySeconds).toBeCloseTo(sum(times.flatMap(({ seconds }) => seconds ?? [])), 9)
    expect(summary.tasksPerSecond).toBeCloseTo(starts.length / wall, 3)
    const tokens = tasks.flatMap((task) => numberAt(task, 'custom_metadata.llm_usage.total_tokens') ?? [])
    expect(summary.llmTokens).toBe(tokens.length === 0 ? null : sum(tokens))
  })

  test('activities have exact quantiles, shares and mean costs', async () => {
    const { activities, total } = methods['overview.activities'].result.parse(await overviewActivities(table, { ...whole, offset: 0, limit: 1000, sort: 'busy' }, signal))
    const groups = groupBy(tasks, (task) => task.activity_id ?? null)
    expect(total).toBe(groups.size)
    expect(activities.map(({ activity }) => activity).toSorted()).toEqual([...groups.keys()].toSorted())
    const busyOf = (group: readonly Dict[]): number[] => group.flatMap((task) => timesOf(task).seconds ?? [])
    const allBusy = sum(busyOf(tasks))
    for (const row of activities) {
      const group = groups.get(row.activity) ?? []
      const seconds = busyOf(group)
      expect([row.tasks, row.errors, row.timed]).toEqual([group.length, group.filter((task) => task.status === 'ERROR').length, seconds.length])
      expect(row.busyShare).toBeCloseTo(sum(seconds) / allBusy, 9)
      if (seconds.length === 0) expect(row.quantiles).toBeNull()
      else for (const [key, share] of [['min', 0], ['p5', 0.05], ['p25', 0.25], ['p50', 0.5], ['p75', 0.75], ['p95', 0.95], ['max', 1]] as const) expect(row.quantiles?.[key]).toBeCloseTo(quantile(seconds, share), 12)
      const growth = (...paths: string[]): number | null =>
        mean(
          group.map((task) => {
            const parts = paths.flatMap((path) => [numberAt(task, `telemetry_at_end.${path}`), numberAt(task, `telemetry_at_start.${path}`)])
            return parts.includes(null) ? null : sum(parts.map((part, index) => (index % 2 === 0 ? 1 : -1) * (part ?? 0)))
          })
        )
      for (const [value, expected] of [
        [row.cpuSeconds, growth('cpu.times_avg.user', 'cpu.times_avg.system')],
        [row.writeBytes, growth('disk.io_sum.write_bytes')],
        [row.netBytes, growth('network.netio_sum.bytes_sent', 'network.netio_sum.bytes_recv')]
      ] as const) {
        if (expected === null) expect(value).toBeNull()
        else expect(value).toBeCloseTo(expected, 6)
      }
    }
    expect(activities.map(({ busySeconds }) => busySeconds)).toEqual(activities.map(({ busySeconds }) => busySeconds).toSorted((a, b) => b - a))
  })

  test('the slowest tasks come first, a page at a time', async () => {
    const timed = tasks.filter((task) => timesOf(task).seconds !== null)
    const seconds = timed.map((task) => timesOf(task).seconds ?? 0).toSorted((a, b) => b - a)
    const page = methods['overview.slowest'].result.parse(await overviewSlowest(table, { ...whole, offset: 1, limit: 4 }, signal))
    expect(page.total).toBe(timed.length)
    expect(page.tasks.map((task) => task.seconds)).toEqual(seconds.slice(1, 5))
    for (const row of page.tasks) {
      const median = quantile(timed.filter((task) => (task.activity_id ?? null) === row.activity).map((task) => timesOf(task).seconds ?? 0), 0.5)
      expect(row.timesMedian).toBeCloseTo(row.seconds / median, 6)
      expect(timesOf(tasks.find((task) => task.id === row.taskId) ?? {}).seconds).toBe(row.seconds)
    }
  })

  test('the ribbon counts tasks by their start', async () => {
    const ribbon = methods['time.histogram'].result.parse(await timeHistogram(table, { ...whole, bins: 7 }, signal))
    const [from, to] = [Math.min(...starts, ...ends), Math.max(...starts, ...ends)]
    expect([ribbon.from, ribbon.to, ribbon.untimed]).toEqual([from, to, tasks.length - starts.length])
    const binOf = (start: number): number => Math.min(6, Math.floor((start - from) / ((to - from) / 7)))
    const count = (some: readonly Dict[]): number[] => Array.from({ length: 7 }, (_, bin) => some.filter((task) => binOf(timesOf(task).start ?? Number.NaN) === bin).length)
    expect(ribbon.counts).toEqual(count(tasks))
    expect(ribbon.errors).toEqual(count(tasks.filter((task) => task.status === 'ERROR')))
    const middle = starts.toSorted((a, b) => a - b)[Math.floor(starts.length / 2)] ?? 0
    const part = await timeHistogram(table, { ...whole, bins: 3, from: middle }, signal)
    expect(sum(part.counts)).toBe(starts.filter((start) => start >= middle).length)
  })

  test('a scope restricts every figure', async () => {
    const scope = { filter: { status: 'ERROR' }, search: '' }
    const failed = tasks.filter((task) => task.status === 'ERROR')
    expect((await overviewSummary(table, { ...whole, scope }, signal)).tasks).toBe(failed.length)
    const { activities } = await overviewActivities(table, { ...whole, scope, offset: 0, limit: 100, sort: 'name' }, signal)
    expect(sum(activities.map((row) => row.tasks))).toBe(failed.length)
    expect((await overviewSlowest(table, { ...whole, scope, offset: 0, limit: 100 }, signal)).total).toBe(failed.filter((task) => timesOf(task).seconds !== null).length)
  })
})

test('the one workflow in scope is named with its campaign', async () => {
  const { source, close } = await openFixture('jsonl/05_errors.jsonl')
  const [first] = messagesOf('05_errors')
  expect((await overviewSummary(source, whole, signal)).workflow).toEqual({ id: first?.workflow_id, name: valueAt(first ?? {}, 'name'), campaign: first?.campaign_id, description: null })
  await close()
})
