import { expect, test } from 'vitest'
import { methods } from '#contract/methods'
import { openFixture } from '../../../testing/openFixture.ts'
import { type Dict, fixtures, messagesOf, numberAt, openMessages, sum, tasksOf, timesOf, whole } from '../../../testing/overviewOracle.ts'
import { overviewSeries } from './overviewSeries.ts'

const signal = new AbortController().signal
const params = { ...whole, points: 6, hosts: 2 }
type Span = { start: number; end: number }

function peakOf(spans: readonly Span[]): number {
  return spans.reduce((most, { start }) => Math.max(most, spans.filter((other) => other.start <= start && other.end > start).length), 0)
}
function meanIn(spans: readonly Span[], from: number, to: number): number {
  return sum(spans.map(({ start, end }) => Math.max(0, Math.min(end, to) - Math.max(start, from)))) / (to - from)
}

test.each(fixtures)('%s: concurrency and levels are what each task says', async (name) => {
  const tasks = tasksOf(messagesOf(name))
  const { source, close } = await openFixture(`jsonl/${name}.jsonl`)
  const answer = methods['overview.series'].result.parse(await overviewSeries(source, params, signal))
  const spans = tasks.map(timesOf).flatMap(({ start, end }) => (start !== null && end !== null && end > start ? [{ start, end }] : []))
  expect(answer.times).toHaveLength(6)
  expect(answer.concurrency.peak).toBe(peakOf(spans))
  // Relative to the first time: epoch seconds resolve no finer than a quarter of a microsecond, and some of these runs took a millisecond.
  const first = answer.times[0] ?? 0
  const relative = spans.map(({ start, end }) => ({ start: start - first, end: end - first }))
  answer.times.forEach((_, bin) => expect(answer.concurrency.mean[bin]).toBeCloseTo(meanIn(relative, bin * answer.binSeconds, (bin + 1) * answer.binSeconds), 6))
  expect(sum(answer.concurrency.errors)).toBe(tasks.filter((task) => task.status === 'ERROR' && (timesOf(task).end ?? timesOf(task).start) !== null).length)
  const rate = (...paths: string[]) => (task: Dict): number | null => {
    const parts = paths.flatMap((path) => [numberAt(task, `telemetry_at_end.${path}`), numberAt(task, `telemetry_at_start.${path}`)])
    const { seconds } = timesOf(task)
    return parts.includes(null) || !seconds ? null : sum(parts.map((part, index) => (index % 2 === 0 ? 1 : -1) * (part ?? 0))) / seconds
  }
  const measures = {
    cpu: (task: Dict) => numberAt(task, 'telemetry_at_end.cpu.percent_all'),
    memory: (task: Dict) => numberAt(task, 'telemetry_at_end.memory.virtual.used'),
    disk_write: rate('disk.io_sum.write_bytes'),
    network: rate('network.netio_sum.bytes_sent', 'network.netio_sum.bytes_recv')
  }
  for (const [metric, measure] of Object.entries(measures)) {
    const values = tasks.flatMap((task) => measure(task) ?? [])
    const found = answer.metrics.find((candidate) => candidate.metric === metric)
    expect(found?.tasks ?? 0, metric).toBe(values.length)
    if (found) expect(found.mean / (sum(values) / values.length || 1)).toBeCloseTo(sum(values) === 0 ? 0 : 1, 9)
    for (const { hostname, values: line } of found?.hosts ?? []) {
      line.forEach((value, bin) => {
        const inBin = tasks.filter((task) => {
          const moment = timesOf(task).end ?? timesOf(task).start
          return (hostname === '' || task.hostname === hostname) && moment !== null && Math.min(5, Math.floor((moment - (answer.times[0] ?? 0)) / answer.binSeconds)) === bin
        })
        const there = inBin.flatMap((task) => measure(task) ?? [])
        if (there.length === 0) expect(value).toBeNull()
        else expect(value).toBeCloseTo(sum(there) / there.length, 3)
      })
    }
  }
  await close()
})

const at = 1_784_500_000
const task = (id: string, fields: Dict): Dict => ({ type: 'task', task_id: id, activity_id: 'a', workflow_id: 'w', status: 'FINISHED', ...fields })

test('tasks that follow each other are not open together; zero-length ones are never open', async () => {
  const { source, close } = await openMessages([
    task('1', { started_at: at, ended_at: at + 10 }), task('2', { started_at: at + 10, ended_at: at + 20 }), task('3', { started_at: at + 10, ended_at: at + 10 }), task('4', { started_at: at + 15, ended_at: at + 20 })
  ])
  const { concurrency } = await overviewSeries(source, { ...params, points: 4 }, signal)
  expect(concurrency.peak).toBe(2)
  expect(concurrency.mean).toEqual([1, 1, 1, 2].map((value) => expect.closeTo(value, 9)))
  await close()
})

test('a task without an end is open to the last time of its workflow, if it is RUNNING and the workflow did not end', async () => {
  const run = (workflow: string, ended: boolean): Dict[] => [
    { type: 'workflow', workflow_id: workflow, name: workflow, started_at: at, status: ended ? 'FINISHED' : 'RUNNING', ...(ended && { ended_at: at + 40 }) },
    task(`${workflow}-done`, { workflow_id: workflow, started_at: at, ended_at: at + 40 }),
    task(`${workflow}-open`, { workflow_id: workflow, started_at: at + 20, status: 'RUNNING' }),
    task(`${workflow}-lost`, { workflow_id: workflow, started_at: at + 20 }),
    task(`${workflow}-waiting`, { workflow_id: workflow, submitted_at: at + 20, status: 'SUBMITTED' })
  ]
  for (const [ended, mean] of [[true, [1, 1, 1, 1]], [false, [1, 1, 2, 2]]] as const) {
    const { source, close } = await openMessages(run('w', ended))
    const { concurrency } = await overviewSeries(source, { ...params, points: 4 }, signal)
    expect(concurrency.mean).toEqual(mean.map((value) => expect.closeTo(value, 9)))
    expect(concurrency.peak).toBe(Math.max(...mean))
    await close()
  }
})

test('the hosts with most tasks are drawn, the others counted; GPU memory adds up; a counter that fell counts for nothing', async () => {
  const hosts = ['b', 'b', 'b', 'a', 'a', 'c']
  const { source, close } = await openMessages(
    hosts.map((hostname, index) =>
      task(`${index}`, {
        hostname, started_at: at + index, ended_at: at + index + 2,
        telemetry_at_start: { disk: { io_sum: { write_bytes: 100 } } },
        telemetry_at_end: { disk: { io_sum: { write_bytes: index === 0 ? 50 : 100 + 10 * index } }, gpu: { gpu_0: { used: 5 }, gpu_1: { used: index } } }
      })
    )
  )
  const answer = await overviewSeries(source, { ...params, points: 2 }, signal)
  expect(answer.hostsLeftOut).toBe(1)
  const gpu = answer.metrics.find(({ metric }) => metric === 'gpu')
  expect(gpu?.hosts.map(({ hostname }) => hostname)).toEqual(['b', 'a'])
  expect([gpu?.tasks, gpu?.mean, gpu?.unit]).toEqual([6, 5 + 2.5, 'bytes'])
  const disk = answer.metrics.find(({ metric }) => metric === 'disk_write')
  expect([disk?.tasks, disk?.mean]).toEqual([5, (10 + 20 + 30 + 40 + 50) / 2 / 5])
  await close()
})

test('no tasks in scope: empty, not zero', async () => {
  const { source, close } = await openMessages([task('1', { started_at: at })])
  const answer = methods['overview.series'].result.parse(await overviewSeries(source, { ...params, scope: { filter: { task_id: 'none' }, search: '' } }, signal))
  expect(answer).toEqual({ times: [], binSeconds: 0, concurrency: { mean: [], peak: 0, errors: [] }, metrics: [], hostsLeftOut: 0 })
  await close()
})
