/** A provenance graph as a picture: what was there before above what came of it, tasks as boxes, values as rounded ones, inferred edges dashed. */
import type { GraphEdge, GraphNode } from '#contract/graph'
import type { Result } from '#contract/methods'
import { cellText } from '../../table/cells.ts'
import { html, type Html } from '../html.ts'
import { counted, named, number, secondsText, shortened } from './reportText.ts'

const [nodeWidth, nodeHeight, columnGap, rowGap, rankGap] = [168, 38, 14, 14, 40]
/** So many stand side by side, as a page is wide. */
const mostBeside = 6
type Placed = { readonly node: GraphNode; readonly x: number; readonly y: number }

export function graphHtml(graph: Result<'dataflow.graph'>): Html {
  const placed = placedNodes(graph.nodes, graph.edges)
  const all = [...placed.values()]
  const [width, height] = [Math.max(...all.map(({ x }) => x)) + nodeWidth + 2, Math.max(...all.map(({ y }) => y)) + nodeHeight + 2]
  const { captured, inferred, tasks, values } = graph.total
  return html`<svg role="img" aria-label="Graph of ${counted(tasks, 'task')}" viewBox="-1 -1 ${width} ${height}" width="${width}" height="${height}">${graph.edges.map((edge) => edgeHtml(edge, placed))}${all.map(nodeHtml)}</svg>
<p class="note">${counted(tasks, 'task')} and ${counted(values, 'value')}, tied by ${number(captured)} captured and ${number(inferred)} inferred (dashed) edges. ${all.some(({ node }) => node.count > 1) ? 'Those that stand alike are one box, ×N. ' : ''}${graph.left > 0 ? `${counted(graph.left, 'more box is', 'more boxes are')} not drawn. ` : ''}${graph.ambiguous.total > 0 ? `${counted(graph.ambiguous.total, 'value')} that many tasks generated ${graph.ambiguous.total === 1 ? 'ties' : 'tie'} nothing. ` : ''}${graph.missing > 0 ? `${counted(graph.missing, 'task is', 'tasks are')} named that ${graph.missing === 1 ? 'is' : 'are'} not here.` : ''}</p>`
}

/** Ranks by the longest way that leads to a node, one below the other; within a rank near what they are tied to. */
function placedNodes(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, Placed> {
  const ranks = ranksOf(nodes, edges)
  const byRank = new Map<number, GraphNode[]>()
  for (const node of nodes) byRank.set(ranks.get(node.key) ?? 0, [...(byRank.get(ranks.get(node.key) ?? 0) ?? []), node])
  const placed = new Map<string, Placed>()
  let top = 0
  for (const rank of [...byRank.keys()].toSorted((a, b) => a - b)) {
    const nearTo = ({ key }: GraphNode): number => {
      const before = edges.flatMap(({ from, to }) => (to === key ? (placed.get(from)?.x ?? []) : []))
      return before.length === 0 ? Number.MAX_SAFE_INTEGER : before.reduce((a, b) => a + b, 0) / before.length
    }
    const row = (byRank.get(rank) ?? []).map((node) => ({ node, near: nearTo(node) })).toSorted((a, b) => a.near - b.near)
    for (const [at, { node }] of row.entries()) placed.set(node.key, { node, x: (at % mostBeside) * (nodeWidth + columnGap), y: top + Math.floor(at / mostBeside) * (nodeHeight + rowGap) })
    top += Math.ceil(row.length / mostBeside) * (nodeHeight + rowGap) - rowGap + rankGap
  }
  return placed
}

/** Edges that close a circle do not count. */
function ranksOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, number> {
  const into = new Map<string, string[]>()
  for (const { from, to } of edges) if (from !== to) into.set(to, [...(into.get(to) ?? []), from])
  const ranks = new Map<string, number>()
  const open = new Set<string>()
  const rank = (key: string): number => {
    const known = ranks.get(key)
    if (known !== undefined) return known
    open.add(key)
    let most = 0
    for (const before of into.get(key) ?? []) if (!open.has(before)) most = Math.max(most, rank(before) + 1)
    open.delete(key)
    ranks.set(key, most)
    return most
  }
  for (const { key } of nodes) rank(key)
  // What nothing leads to stands just before what it leads to.
  for (const { key } of nodes) {
    const after = edges.flatMap(({ from, to }) => (from === key && to !== key ? (ranks.get(to) ?? []) : []))
    if (!into.has(key) && after.length > 0) ranks.set(key, Math.max(0, after.reduce((a, b) => Math.min(a, b)) - 1))
  }
  return ranks
}

function edgeHtml({ evidence, from, to, via }: GraphEdge, placed: ReadonlyMap<string, Placed>): Html | null {
  const [a, b] = [placed.get(from), placed.get(to)]
  if (!a || !b) return null
  const [x1, y1, x2, y2] = [a.x + nodeWidth / 2, a.y + nodeHeight, b.x + nodeWidth / 2, b.y]
  const bend = Math.max(rankGap / 2, Math.abs(y2 - y1) / 2)
  return html`<path class="edge ${evidence}" d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}"><title>${via} (${evidence})</title></path>`
}

function nodeHtml({ node, x, y }: Placed): Html {
  const { count, focus, kind, name, seconds, value } = node
  const below = kind === 'entity' ? (value === null ? '' : cellText(value)) : secondsText(seconds)
  const times = count > 1 ? ` ×${number(count)}` : ''
  return html`<g class="node ${kind}${focus ? ' focus' : ''}" transform="translate(${x} ${y})"><title>${named(name)}${times} ${below}</title><rect width="${nodeWidth}" height="${nodeHeight}" rx="${kind === 'entity' ? nodeHeight / 2 : 4}"/><text x="${nodeWidth / 2}" y="${below === '' ? 23 : 16}" text-anchor="middle">${shortened(named(name), 24 - times.length)}${times}</text>${below === '' ? null : html`<text class="dim" x="${nodeWidth / 2}" y="30" text-anchor="middle">${shortened(below, 24)}</text>`}</g>`
}
