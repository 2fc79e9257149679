/** `node bench/views/run.mjs compare FILE.jsonl`: its two largest workflows side by side, its workflows and its tasks as sweeps. */
import { withBuffer } from './open.ts'

await withBuffer(async ({ note, sourceId, timed }) => {
  const { runs, total } = await timed('runs', 'compare.runs', { limit: 1000 }, 2)
  const [one, other] = runs.filter(({ run }) => run.kind === 'workflow').toSorted((a, b) => b.tasks - a.tasks)
  note('runs of it', total)
  if (!one || !other) throw new Error('The buffer has no two workflows.')
  note('tasks of both', [one.tasks, other.tasks])
  for (const match of ['order', 'inputs', 'parent'] as const) {
    const pair = { a: { ...one.run, sourceId }, b: { ...other.run, sourceId }, match }
    note(`tasks in pairs (${match})`, (await timed(`activities, first of all (${match})`, 'compare.activities', pair, 2)).activities.reduce((sum, { a }) => sum + (a?.tasks ?? 0), 0))
    await timed(`shape (${match})`, 'compare.shape', pair, 2)
    note(`fields (${match})`, (await timed(`fields (${match})`, 'compare.fields', pair, 2)).total)
    const { matched, onlyA, onlyB } = await timed(`summary (${match})`, 'compare.summary', pair, 2)
    note(`matched, only A, only B (${match})`, [matched, onlyA, onlyB])
    await timed(`unmatched (${match})`, 'compare.unmatched', { ...pair, which: 'onlyA' }, 2)
    if (match === 'order') {
      await timed('telemetry', 'compare.telemetry', pair, 2)
      await timed('divergence', 'compare.divergence', pair, 2)
    }
  }
  for (const row of ['workflow', 'task'] as const) {
    const { columns } = await timed(`sweep of ${row}s, columns`, 'sweep.columns', { row }, 2)
    const names = columns.filter(({ filled }) => filled > 0).map(({ name }) => name).slice(0, 20)
    await timed(`sweep of ${row}s, rows`, 'sweep.rows', { row, columns: names, sort: [{ column: names[0] ?? 'id', descending: true }], limit: 500 }, 2)
  }
})
