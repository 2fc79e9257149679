/** What narrows every view: navigator node, chips, text, time range; and the {filter, search} they come to. */
import type { Records, Scope } from '#contract/values'

export type TheFilter = Record<string, unknown>
/** One condition of the filter bar. Off keeps it in sight without using it. */
export type Chip = { key: string; filter: TheFilter; on: boolean }
/** What is chosen in the navigator: its place in the tree, its name for the chip, and the filter that leaves its tasks. */
export type Node = { key: string; kind: 'campaign' | 'workflow' | 'activity'; name: string; filter: TheFilter }
/** Epoch seconds of `started_at`, both inclusive. */
export type Range = { from: number; to: number }
export type ScopeState = { node: Node | null; chips: Chip[]; search: string; range: Range | null }

export const emptyScope: ScopeState = { node: null, chips: [], search: '', range: null }

let nextKey = 0
export const chipOf = (filter: TheFilter): Chip => ({ key: `c${nextKey++}`, filter, on: true })

/** The one column a chip is about, if it is about one. */
export function columnOf(filter: TheFilter): string | null {
  const [key, ...more] = Object.keys(filter)
  return key !== undefined && more.length === 0 && !key.startsWith('$') ? key : null
}

/** Joins conditions as the filter language does: none leaves all, one stands for itself. */
export function join(filters: TheFilter[]): TheFilter {
  const parts = filters.filter((filter) => Object.keys(filter).length > 0)
  return parts.length === 1 ? (parts[0] ?? {}) : parts.length === 0 ? {} : { $and: parts }
}

export function scopeOf({ node, chips, search, range }: ScopeState, records: Records = 'tasks'): Scope {
  const filters = chips.filter((chip) => chip.on).map((chip) => chip.filter)
  if (node && narrowsByNode(records)) filters.unshift(node.filter)
  if (range && narrowsByTime(records)) filters.push({ started_at: { $gte: range.from, $lte: range.to } })
  return { filter: join(filters), search }
}

/** Tree filters and times speak of tasks; a message of a task carries the same fields. */
const narrowsByNode = (records: Records): boolean => records === 'tasks' || records === 'messages'
const narrowsByTime = (records: Records): boolean => records === 'tasks' || records === 'messages'
