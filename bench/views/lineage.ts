/** Lineage of a buffer: the graph of all its tasks, then single questions of it. Prints one JSON object; `run.mjs` of this folder or any runner may import `benchLineage`. */
import { pathToFileURL } from 'node:url'
import { dataflowParams, lineageParams } from '#contract/graph'
import { dataflowGraph } from '#engine/session/lineage/dataflowGraph'
import { lineageGraph } from '#engine/session/lineage/lineageGraph'
import { taskGraph } from '#engine/session/lineage/taskGraph'
import { recordLinks } from '#engine/session/query/links'
import type { SourceTable } from '#engine/session/table/sourceTable'
import { openFixture } from '../../src/testing/openFixture.ts'

export type LineageTimes = { tasks: number; captured: number; inferred: number; graphMs: number; graphBytes: number; peakBytes: number; lineageMs: number[]; dataflowMs: Record<string, number>; linksMs: number[] }

/** Questions about so many tasks, evenly spread. */
const asked = 20

export async function benchLineage(table: SourceTable): Promise<LineageTimes> {
  const { signal } = new AbortController()
  const before = process.memoryUsage().rss
  const [graph, graphMs] = await timed(() => taskGraph(table, signal))
  const graphBytes = process.memoryUsage().rss - before
  const ids = Array.from({ length: Math.min(asked, graph.ids.length) }, (_, at) => graph.ids[Math.floor((at * graph.ids.length) / asked)] as string)
  const [lineageMs, linksMs]: [number[], number[]] = [[], []]
  for (const taskId of ids) {
    lineageMs.push((await timed(() => lineageGraph(table, lineageParams.parse({ sourceId: 's', taskId }), signal)))[1])
    linksMs.push((await timed(() => recordLinks(table, { sourceId: 's', taskId, limit: 20 }, signal)))[1])
  }
  const dataflowMs: Record<string, number> = {}
  for (const level of ['campaign', 'workflow', 'activity', 'task'] as const) dataflowMs[level] = (await timed(() => dataflowGraph(table, dataflowParams.parse({ sourceId: 's', level }), signal)))[1]
  const inferred = graph.edges.kind.reduce((sum, kind) => sum + (kind === 2 ? 1 : 0), 0)
  return { tasks: graph.ids.length, captured: graph.edges.kind.length - inferred, inferred, graphMs, graphBytes, peakBytes: process.resourceUsage().maxRSS * 1024, lineageMs, dataflowMs, linksMs }
}

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now()
  const answer = await run()
  return [answer, performance.now() - start]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { close, source } = await openFixture(process.argv[2] ?? '')
  process.stdout.write(`${JSON.stringify(await benchLineage(source))}\n`)
  await close()
}
