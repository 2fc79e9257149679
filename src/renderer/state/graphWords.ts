/** Nodes and edges of a provenance graph in words: the same in the drawing, the list, the inspector and to screen readers. */
import type { GraphEdge, GraphNode } from '#contract/graph'
import type { Cell } from '#contract/values'

export const kindWords: Record<GraphNode['kind'], { one: string; many: string }> = {
  campaign: { one: 'campaign', many: 'campaigns' },
  workflow: { one: 'workflow', many: 'workflows' },
  activity: { one: 'task', many: 'tasks' },
  entity: { one: 'value', many: 'values' },
  agent: { one: 'agent', many: 'agents' }
}

/** A value as one line of text; nothing is rounded. */
export function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'object') return String(cell)
  if ('int' in cell) return cell.int
  if ('float' in cell) return cell.float === '-Infinity' ? '−Infinity' : cell.float
  return 'json' in cell ? cell.json : `${cell.text}…`
}

/** The last key of a dotted name. */
export const leafOf = (column: string): string => column.slice(column.lastIndexOf('.') + 1)
export const times = (n: number): string => `×${n.toLocaleString('en-US')}`

/** Numbers and booleans say nothing without their name; paths and names of files speak for themselves. */
export function entityText({ name, column, value, count }: GraphNode): string {
  const leaf = column === null ? name : leafOf(column)
  if (count > 1) return leaf
  if (value === null) return name
  const text = cellText(value)
  if (typeof value === 'object' && 'json' in value) return text.length <= shortJson && value.length === undefined ? `${leaf} ${text}` : `${leaf}, ${sizeWords(value)}`
  if (typeof value === 'object' && 'text' in value) return `${leaf}, ${chars(value.length)}`
  return typeof value === 'string' && /[\d/._-]/.test(text) && text.length > 4 ? text : `${leaf} ${text}`
}

const shortJson = 24
const chars = (length: number): string => `${length.toLocaleString('en-US')} chars`

/** A list by its items, a dict by its keys, as long as all of it is here. */
function sizeWords({ json, length }: { json: string; length?: number | undefined }): string {
  if (length !== undefined) return chars(length)
  const value = parsed(json)
  if (Array.isArray(value)) return `${value.length.toLocaleString('en-US')} ${value.length === 1 ? 'item' : 'items'}`
  return typeof value === 'object' && value !== null ? `${Object.keys(value).length.toLocaleString('en-US')} keys` : chars(json.length)
}

/** Texts of cells may hold NaN and infinities, which JSON.parse refuses. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export const nodeText = (node: GraphNode): string => (node.kind === 'entity' ? entityText(node) : node.name)

/** The accessible name of a node: `fit_model, task, 2.48 s`. `lasted` is its duration in words. */
export function nodeLabel(node: GraphNode, lasted: string | null): string {
  const { one, many } = kindWords[node.kind]
  const errors = node.statuses['ERROR'] ?? 0
  const folded = node.count > 1
  return [
    nodeText(node),
    folded ? `${node.count.toLocaleString('en-US')} ${node.kind === 'campaign' || node.kind === 'workflow' ? `tasks of the ${one}` : node.count === 1 ? one : many}` : one,
    lasted === null ? null : folded ? `median ${lasted}` : lasted,
    errors > 0 ? `${errors.toLocaleString('en-US')} failed` : null,
    folded && node.fold !== null ? 'folded' : null,
    node.focus ? 'what was asked about' : null
  ]
    .filter((part) => part !== null)
    .join(', ')
}

const flowWords: Record<GraphEdge['relation'], string> = {
  used: 'used by',
  wasGeneratedBy: 'generated',
  wasInformedBy: 'came before',
  wasAssociatedWith: 'carried out',
  actedOnBehalfOf: 'delegated to',
  wasDerivedFrom: 'led to'
}
/** PROV writes these with a prefix; its arrows point from the later to the earlier. */
export const provWord = (edge: GraphEdge): string => edge.relation

const producersText = (edge: GraphEdge): string | null => (edge.producers === null ? null : edge.producers === 1 ? '1 producer' : `${edge.producers.toLocaleString('en-US')} producers`)
const short = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 9)}…${text.slice(-8)}`)

/** What matched, for inferred ones: `value m-53192.npz`, or `path equal` for what is long and where several are folded. */
export function matchText(edge: GraphEdge): string {
  if (edge.value !== null && !(typeof edge.value === 'object' && ('json' in edge.value || 'text' in edge.value))) return `value ${short(cellText(edge.value), 28)}`
  return `${leafOf(edge.via.split(' = ')[0] ?? edge.via)} equal`
}

/** `lasted` is the time by which it was early, in words. */
export const earlyText = (lasted: string): string => `read ${lasted} before its producer ended`

/** What stands beside an inferred edge: `value m-53192.npz · 1 producer`. */
export const evidenceText = (edge: GraphEdge): string => [matchText(edge), edge.count > 1 && edge.producers === 1 ? null : producersText(edge), edge.count > 1 ? times(edge.count) : null].filter((part) => part !== null).join(' · ')

/** All evidence of an edge in one sentence without its ends: `inferred: value 7 equal in generated.x = used.x, 1 producer`. */
export function evidenceSentence(edge: GraphEdge): string {
  const parts = [edge.via]
  if (edge.value !== null) parts.push(`value ${short(cellText(edge.value), 60)}`)
  const producers = producersText(edge)
  if (producers !== null) parts.push(producers)
  if (edge.count > 1) parts.push(`${edge.count.toLocaleString('en-US')} edges folded`)
  return `${edge.evidence} by ${parts.join(', ')}`
}

/** The accessible name of an edge: `load_block generated part-53098.parquet, captured`. */
export function edgeLabel(edge: GraphEdge, from: GraphNode, to: GraphNode, prov: boolean, early: string | null): string {
  const words = prov ? `${nodeText(to)} ${provWord(edge)} ${nodeText(from)}` : `${nodeText(from)} ${flowWords[edge.relation]} ${nodeText(to)}`
  return [words, edge.evidence === 'inferred' ? `inferred, ${evidenceText(edge)}` : edge.count > 1 ? `captured ${times(edge.count)}` : 'captured', early === null ? null : earlyText(early)].filter((part) => part !== null).join(', ')
}
