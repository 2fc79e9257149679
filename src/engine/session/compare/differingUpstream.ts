/** From a task that differs, up along the dataflow to one that differs though nothing does that it depends on. */
import { edgeKinds, taskGraph } from '../lineage/taskGraph.ts'
import type { Alignment } from './alignment.ts'
import { taskPairs } from './compareFields.ts'
import type { ComparedField } from './comparedFields.ts'
import { joinedPairs } from './fieldCounts.ts'

/** Asked about in one query. */
const fieldsAtOnce = 60

/** @param pos of a pair that differs; @returns that of the earliest differing one upstream of it, or its own */
export async function upstreamMost(alignment: Alignment, pos: number, outputs: readonly ComparedField[], signal: AbortSignal): Promise<number> {
  const { table } = alignment.a
  const graph = await taskGraph(table, signal)
  const fields = [...new Set(outputs)]
  const posOf = new Map<number, number>()
  let own: number | undefined
  for (let at = 0; at < fields.length; at += fieldsAtOnce) {
    const some = fields.slice(at, at + fieldsAtOnce)
    const joined = joinedPairs({ a: table, b: alignment.b.table }, taskPairs(alignment), some)
    const differs = some.map((_, index) => `a${index} IS DISTINCT FROM b${index}`).join(' OR ')
    const rows = await table.query({ text: `${joined.text} SELECT j.pos, p.id_a FROM j JOIN ${alignment.pairs} p ON p.pos = j.pos WHERE ${differs}`, values: joined.values }, signal)
    for (const row of rows) {
      const task = graph.numberOf(String(row[1]))
      if (task === undefined) continue
      posOf.set(task, Number(row[0]))
      if (Number(row[0]) === pos) own = task
    }
  }
  return own === undefined ? pos : earliestAbove(graph.edges, own, posOf)
}

type Edges = Awaited<ReturnType<typeof taskGraph>>['edges']

/** Only through tasks that differ: what is equal hands on no difference. Parents are no dataflow. */
export function earliestAbove({ from, kind, to }: Pick<Edges, 'from' | 'kind' | 'to'>, start: number, posOf: ReadonlyMap<number, number>): number {
  const above = new Map<number, number[]>()
  for (const [at, task] of to.entries()) {
    const source = from[at] as number
    if (kind[at] === edgeKinds.parent || !posOf.has(task) || !posOf.has(source) || source === task) continue
    const list = above.get(task)
    if (list) list.push(source)
    else above.set(task, [source])
  }
  const seen = new Set([start])
  const roots: number[] = []
  for (const task of seen) {
    const sources = above.get(task) ?? []
    if (sources.length === 0) roots.push(posOf.get(task) as number)
    for (const source of sources) seen.add(source)
  }
  // Where they go round in a circle none is first but by time.
  return roots.length > 0 ? Math.min(...roots) : Math.min(...[...seen].map((task) => posOf.get(task) as number))
}
