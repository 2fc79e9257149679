/** Answers about telemetry against the same figures computed from the fixtures' lines in plain JavaScript. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Given, type Method, methods, type Params, type Result } from '#contract/methods'
import type { MetricForm } from '#contract/telemetry'
import type { SourceTable } from '#engine/session/table/sourceTable'
import { fixtureFolder, openFixture } from '../../../testing/openFixture.ts'
import { countRows } from '../table/rowsIn.ts'
import { isCounter } from './metricList.ts'
import { telemetryDistribution, telemetryHistogram } from './telemetryDistribution.ts'
import { telemetryMetrics, telemetryStats } from './telemetryMetrics.ts'
import { telemetryOutliers } from './telemetryOutliers.ts'
import { telemetryPoints } from './telemetryPoints.ts'
import { telemetryGroups, telemetrySeries } from './telemetrySeries.ts'

type Task = Record<string, unknown>
type Snapshots = { start: number | null; end: number | null; level: number | null; difference: number | null; weight: number }
const { signal } = new AbortController()
const names = ['06_telemetry_full', '04_campaign', '12_sweep'] as const

/** Both fixtures have one message a task. */
const tasksOf = (name: string): Task[] =>
  readFileSync(join(fixtureFolder, 'jsonl', `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Task)
    .filter((message) => message['type'] === 'task' || (message['type'] === undefined && 'activity_id' in message))

const at = (value: unknown, path: string): unknown =>
  path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined), value)
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)
const startOf = (task: Task): number | null => number(task['started_at'])
const secondsOf = (task: Task): number | null => minus(number(task['ended_at']), startOf(task))

function valueOf(task: Task, id: string): Snapshots {
  if (!id.startsWith('telemetry.')) {
    const value = id === 'duration' ? secondsOf(task) : number(at(task, id))
    return { start: null, end: value, level: value, difference: null, weight: 1 }
  }
  const path = id.slice('telemetry.'.length)
  const parts = path.endsWith('netio_sum.bytes_*') ? ['network.netio_sum.bytes_sent', 'network.netio_sum.bytes_recv'] : path.endsWith('io_sum.bytes_*') ? ['disk.io_sum.read_bytes', 'disk.io_sum.write_bytes'] : [path]
  const read = (when: string): number | null => parts.map((part) => number(at(task[`telemetry_at_${when}`], part))).reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0 as number | null)
  const [start, end] = [read('start'), read('end')]
  const counts = isCounter(path)
  const growth = minus(end, start)
  const difference = counts && growth !== null && growth < 0 ? null : growth
  const seconds = secondsOf(task)
  return { start, end, difference, level: counts ? (difference === null || !seconds ? null : difference / seconds) : end, weight: counts ? (seconds ?? 0) : 1 }
}

const quantile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN]
  return low + (high - low) * (place - Math.floor(place))
}
/** Sums come in another order, so the last digits may differ. */
const near = (found: number | null | undefined, expected: number, of: string): void => {
  expect(Math.abs((found ?? NaN) - expected), `${of}: ${found} for ${expected}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
}
const groupBy = <T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value])
  return groups
}
const ask = <M extends Method>(method: M, answer: (table: SourceTable, params: Params<M>, signal: AbortSignal) => Promise<Result<M>>) => async (table: SourceTable, given: Omit<Given<M>, 'sourceId'>): Promise<Result<M>> => {
  const result = await answer(table, methods[method].params.parse({ sourceId: 'fixture', ...given }) as Params<M>, signal)
  methods[method].result.parse(result)
  return result
}
const [metrics, stats, groups, series, distribution, histogram, outliers, points] = [
  ask('telemetry.metrics', telemetryMetrics), ask('telemetry.stats', telemetryStats), ask('telemetry.groups', telemetryGroups), ask('telemetry.series', telemetrySeries),
  ask('telemetry.distribution', telemetryDistribution), ask('telemetry.histogram', telemetryHistogram), ask('telemetry.outliers', telemetryOutliers), ask('telemetry.points', telemetryPoints)
] as const

describe.each(names)('%s', (name) => {
  let opened: Awaited<ReturnType<typeof openFixture>>
  let table: SourceTable
  let ids: string[]
  const tasks = tasksOf(name)
  const valued = (id: string, form: MetricForm): { task: Task; value: number; weight: number }[] =>
    tasks.flatMap((task) => {
      const found = valueOf(task, id)
      const value = found[form]
      return value === null ? [] : [{ task, value, weight: form === 'level' ? found.weight : 1 }]
    })

  beforeAll(async () => {
    opened = await openFixture(`jsonl/${name}.jsonl`)
    table = opened.source
    ids = (await metrics(table, { limit: 10_000 })).metrics.map(({ id }) => id)
  })
  afterAll(() => opened.close())

  test('every number of the lines is listed, and nothing else', () => {
    const leaves = (value: unknown, path: string): string[] => {
      if (typeof value === 'number') return [path]
      if (Array.isArray(value)) return path.startsWith('telemetry') ? value.flatMap((item, index) => leaves(item, `${path}[${index}]`)) : []
      return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`)) : []
    }
    const found = tasks.flatMap((task) => [...leaves(task['telemetry_at_start'] ?? {}, 'telemetry'), ...leaves(task['telemetry_at_end'] ?? {}, 'telemetry'), ...leaves(task['used'] ?? {}, 'used'), ...leaves(task['generated'] ?? {}, 'generated')])
    const sums = ['telemetry.disk.io_sum.bytes_*', 'telemetry.network.netio_sum.bytes_*'].filter((id) => found.includes(id.replace('bytes_*', id.includes('disk') ? 'read_bytes' : 'bytes_sent')))
    expect(new Set(ids)).toEqual(new Set([...found, ...sums, 'duration']))
    expect(ids).toHaveLength(new Set(ids).size)
  })

  test('how many tasks have each, its least and greatest value, and whether it varies', async () => {
    const answer = await stats(table, { metrics: ids.slice(0, 400) })
    for (const row of answer.metrics) {
      const values = tasks.map((task) => valueOf(task, row.id))
      const [ends, all] = [values.flatMap(({ end }) => end ?? []), values.flatMap(({ start, end }) => [start ?? [], end ?? []].flat())]
      expect(row, row.id).toEqual({ id: row.id, tasks: ends.length, both: values.filter(({ start, end }) => start !== null && end !== null).length, min: ends.length ? Math.min(...ends) : null, max: ends.length ? Math.max(...ends) : null, constant: all.length > 0 && all.every((value) => value === all[0]) })
    }
  })

  test.each(['level', 'difference'] as const)('distribution of each by activity, as %s', async (form) => {
    for (const id of ids) {
      const answer = await distribution(table, { metric: id, form })
      const found = valued(id, form)
      expect(answer.tasks, id).toBe(found.length)
      expect(answer.groups.map(({ name: of, tasks: n, measured }) => [of, n, measured]).toSorted(), id).toEqual([...groupBy(tasks, (task) => String(task['activity_id']))].map(([of, own]) => [of, own.length, found.filter(({ task }) => String(task['activity_id']) === of).length]).toSorted())
      for (const group of answer.groups) {
        const values = found.filter(({ task }) => String(task['activity_id']) === group.name).map(({ value }) => value)
        if (group.quantiles === null) expect(values, id).toEqual([])
        else for (const [key, part] of Object.entries({ min: 0, p5: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, max: 1 })) near(group.quantiles[key as 'p50'], quantile(values, part), `${id} ${key}`)
      }
    }
  })

  test.each(['level', 'difference'] as const)('series by activity as %s: every task stands in one bin, with its value', async (form) => {
    const { from, to, groups: all } = await groups(table, { by: 'activity', limit: 64 })
    expect(from).toBe(Math.min(...tasks.flatMap((task) => startOf(task) ?? [])))
    const bins = 7
    for (const id of ids.filter((_, index) => index % 9 === 0 || index > ids.length - 8)) {
      const answer = await series(table, { metric: id, form, by: 'activity', groups: all.map((group) => group.name), from: from ?? 0, to: to ?? 0, points: bins })
      const found = valued(id, form)
      expect(answer.tasks, id).toBe(found.length)
      const mean = (of: typeof found): number => of.reduce((sum, { value, weight }) => sum + value * weight, 0) / of.reduce((sum, { weight }) => sum + weight, 0)
      if (found.length > 0) near(answer.mean, mean(found), id)
      for (const group of answer.groups) {
        const own = found.filter(({ task }) => task['activity_id'] === group.name)
        expect(group.tasks, id).toBe(own.length)
        const binOf = (task: Task): number => {
          const moment = number(task['ended_at']) ?? startOf(task)
          return moment === null ? -1 : Math.min(bins - 1, Math.floor((moment - answer.from) / answer.binSeconds))
        }
        for (let bin = 0; bin < bins; bin++) {
          const inBin = own.filter(({ task }) => binOf(task) === bin)
          expect(group.counts[bin], `${id} ${bin}`).toBe(inBin.length)
          if (inBin.length === 0) expect(group.means[bin]).toBeNull()
          else {
            near(group.means[bin], mean(inBin), id)
            near(group.p10[bin], quantile(inBin.map(({ value }) => value), 0.1), id)
            near(group.p90[bin], quantile(inBin.map(({ value }) => value), 0.9), id)
          }
        }
      }
    }
  })

  test.each([false, true])('a histogram holds every value once (logarithmic: %s)', async (log) => {
    for (const id of ids.filter((_, index) => index % 11 === 0 || index === ids.length - 1)) {
      const answer = await histogram(table, { metric: id, log, bins: 13 })
      const values = valued(id, 'level').map(({ value }) => value)
      const usable = log ? values.filter((value) => value > 0) : values
      expect(answer.counts.reduce((sum, n) => sum + n, 0), id).toBe(usable.length)
      expect(answer.leftOut).toBe(values.length - usable.length)
      if (usable.length === 0) continue
      const [low, high] = [Math.min(...usable), Math.max(...usable)]
      expect([answer.from, answer.to]).toEqual([low, high])
      const scaled = (value: number): number => (log ? Math.log(value) : value)
      const expected = answer.counts.map(() => 0)
      for (const value of usable) {
        const index = Math.min(expected.length - 1, Math.floor(((scaled(value) - scaled(low)) / (scaled(high) - scaled(low) || 1)) * expected.length))
        expected[index] = (expected[index] ?? 0) + 1
      }
      // On an edge between two bins the last digit of a logarithm decides.
      expect(answer.counts.reduce((off, n, index) => off + Math.abs(n - (expected[index] ?? 0)), 0), id).toBeLessThanOrEqual(log ? 2 : 0)
    }
  })

  test('stragglers are the tasks beyond four times the median of their activity, and the filter leaves just them', async () => {
    const factor = 1.5
    const answer = await outliers(table, { metrics: [{ metric: 'duration' }], factor, limit: 1000 })
    const timed = tasks.filter((task) => secondsOf(task) !== null)
    const late = [...groupBy(timed, (task) => String(task['activity_id'])).values()].filter((own) => own.length >= 5).flatMap((own) => {
      const p50 = quantile(own.map((task) => secondsOf(task) ?? 0), 0.5)
      return own.filter((task) => (secondsOf(task) ?? 0) > factor * p50).map((task) => [String(task['task_id']), (secondsOf(task) ?? 0) / p50] as const)
    })
    expect(answer.stragglers).toBe(late.length)
    expect(answer.tasks.map(({ taskId }) => taskId)).toEqual(late.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id))
    expect(answer.byHost.reduce((sum, { stragglers }) => sum + stragglers, 0)).toBe(late.length)
    if (answer.filter !== null) expect(await countRows(table, 'tasks', { filter: answer.filter, search: '' }, signal)).toBe(late.length)
    else expect(late).toEqual([])
  })

  test('points are the tasks; too many of them are counted in cells, a window shows its own', async () => {
    const all = tasks.filter((task) => startOf(task) !== null && secondsOf(task) !== null)
    const exact = await points(table, { x: 'start', y: { metric: 'duration' } })
    expect(exact.points?.map(({ taskId, x, y }) => [taskId, x, y]).toSorted()).toEqual(all.map((task) => [task['task_id'], startOf(task), secondsOf(task)]).toSorted())
    const counted = await points(table, { x: 'start', y: { metric: 'duration' }, marks: 1, columns: 5, rows: 4 })
    expect(counted.points).toBeNull()
    expect(counted.cells?.reduce((sum, [, , n]) => sum + n, 0)).toBe(all.length)
    expect(counted.cells?.every(([column, row]) => column >= 0 && column < 5 && row >= 0 && row < 4)).toBe(true)
    const shown = exact.shown as NonNullable<typeof exact.shown>
    const middle = (shown.fromX + shown.toX) / 2
    const part = await points(table, { x: 'start', y: { metric: 'duration' }, window: { ...shown, toX: middle } })
    expect(part.inWindow).toBe(all.filter((task) => (startOf(task) ?? 0) <= middle).length)
    expect(part.tasks).toBe(all.length)
  })
})
