/** `node bench/views/run.mjs tree FILE.jsonl`: the top of the run's tree, a large workflow's level, a fold's page, the way to a task. */
import type { Result } from '#contract/methods'
import { withBuffer } from './open.ts'

await withBuffer(async ({ ask, note, timed }) => {
  const roots = await timed('top', 'runtree.children', {}, 3)
  note('tasks', roots.tasks)
  let parent: string | null = null as string | null
  for (let depth = 1; depth < 5; depth++) {
    const { nodes }: Result<'runtree.children'> = await ask('runtree.children', { parent })
    const largest = nodes.filter(({ hasChildren }) => hasChildren).toSorted((one, other) => other.tasks - one.tasks)[0]
    if (!largest) break
    parent = largest.key
    note(`largest at ${depth}`, `${largest.kind} ${largest.name}, ${largest.tasks} tasks`)
    for (const sort of ['errors', 'name'] as const) await timed(`its children by ${sort}`.concat(` at ${depth}`), 'runtree.children', { parent, sort }, 3)
    await timed(`unfolded at ${depth}`, 'runtree.children', { parent, fold: false, offset: 100 }, 3)
  }
  const [row] = (await ask('rows.page', { columns: ['task_id'], limit: 1, offset: Math.floor(roots.tasks / 2) })).rows
  await timed('the way to a task', 'runtree.path', { taskId: String(row?.cells[0]) }, 3)
})
