/** `node bench/views/run.mjs timeline FILE.jsonl`: lanes, bars at several zooms, concurrency, a task's place. */
import { laneBy } from '#contract/timeline'
import { withBuffer } from './open.ts'

await withBuffer(async ({ ask, note, timed }) => {
  const { from, lanes, tasks, to } = await timed('lanes', 'timeline.lanes', {}, 3)
  note('tasks', tasks)
  note('lanes of it', lanes.map(({ levels, name, tasks: count }) => `${name}: ${count} tasks, ${levels} levels`).slice(0, 12))
  const [first, last] = [from ?? 0, to ?? 1]
  for (const share of [1, 0.1, 0.01, 0.001]) {
    const middle = (first + last) / 2
    const half = ((last - first) * share) / 2
    const seen = { lanes: lanes.map(({ key }) => ({ key })), from: middle - half, to: middle + half, pixels: 1440 }
    const { lanes: drawn } = await timed(`bars of ${share * 100} %`, 'timeline.bars', seen, 6)
    note(`entries of ${share * 100} %`, drawn.reduce((sum, lane) => sum + (lane.bars?.id.length ?? 0), 0))
    await timed(`folded, ${share * 100} %`, 'timeline.bars', { ...seen, lanes: seen.lanes.map((lane) => ({ ...lane, folded: true })) }, 4)
    await timed(`concurrency of ${share * 100} %`, 'timeline.concurrency', { from: seen.from, to: seen.to, points: 720 }, 4)
  }
  for (const by of laneBy.options.slice(1)) note(`lanes by ${by}`, (await timed(`lanes by ${by}, ms`, 'timeline.lanes', { by })).total)
  await timed('lanes by activity within host', 'timeline.lanes', { by: 'host', within: 'activity' })
  const [row] = (await ask('rows.page', { columns: ['task_id'], limit: 1, offset: Math.floor(tasks / 2) })).rows
  await timed('place', 'timeline.place', { taskId: String(row?.cells[0]) }, 3)
  await timed('unplaced', 'timeline.unplaced', {}, 2)
  await timed('critical path', 'critical.path', {}, 2)
})
