/** `node bench/views/run.mjs lineage FILE.jsonl`: the graph of all tasks, then the lineage of single ones, their links, and the dataflow at each level. */
import { withBuffer } from './open.ts'

/** Questions about so many tasks, evenly spread. */
const asked = 10

await withBuffer(async ({ ask, note, timed }) => {
  const { total } = await ask('rows.page', { columns: [], limit: 1 })
  note('tasks', total)
  const ids: string[] = []
  for (let at = 0; at < asked; at++) ids.push((await ask('rows.page', { columns: [], limit: 1, offset: Math.floor((at * total) / asked) })).rows[0]?.id ?? '')
  const before = process.memoryUsage().rss
  // The first question makes the graph.
  const first = await timed('graph and first lineage', 'lineage.graph', { taskId: ids[0] ?? '' })
  note('memory more, bytes', process.memoryUsage().rss - before)
  note('tasks in the first lineage', first.total.tasks)
  for (const [at, taskId] of ids.entries()) {
    await timed(`lineage ${at}`, 'lineage.graph', { taskId }, 3)
    await timed(`links ${at}`, 'records.links', { taskId }, 3)
  }
  for (const level of ['campaign', 'workflow', 'activity', 'task'] as const) {
    const { total: whole } = await timed(`dataflow by ${level}`, 'dataflow.graph', { level })
    if (level === 'campaign') note('edges', { captured: whole.captured, inferred: whole.inferred })
  }
  note('peak memory, bytes', process.resourceUsage().maxRSS * 1024)
})
