/** The list of numbers as it is shown: by prefix, and the elements of one list folded into one entry. */
import type { Metric } from '#contract/telemetry'

export type Entry = { kind: 'metric'; metric: Metric; name: string } | { kind: 'list'; key: string; name: string; elements: number; open: boolean }
export type Group = { prefix: string; telemetry: boolean; count: number; open: boolean; entries: Entry[]; more: number }

/** Entries of one group that are listed; more are found by searching. */
export const mostEntries = 300

/** @param opened what was opened or closed by hand, by prefix or by prefix and list */
export function metricTree(metrics: readonly Metric[], prefixes: readonly { prefix: string; telemetry: boolean }[], { opened, search, chosen }: { opened: Readonly<Record<string, boolean>>; search: string; chosen: readonly string[] }): Group[] {
  const wanted = search.trim().toLowerCase()
  const matching = metrics.filter(({ name, prefix }) => `${prefix}${name}`.toLowerCase().includes(wanted))
  return prefixes
    .map(({ prefix, telemetry }) => {
      const own = matching.filter((metric) => metric.prefix === prefix)
      const open = wanted !== '' || (opened[prefix] ?? (own.length === 0 || own.some(({ id }) => chosen.includes(id))))
      const entries = open ? entriesOf(own, prefix, opened, wanted !== '') : []
      return { prefix, telemetry, count: own.length, open, entries: entries.slice(0, mostEntries), more: Math.max(0, entries.length - mostEntries) }
    })
    .filter(({ count, telemetry }) => (wanted === '' ? telemetry || count > 0 : count > 0))
}

function entriesOf(own: readonly Metric[], prefix: string, opened: Readonly<Record<string, boolean>>, searching: boolean): Entry[] {
  const entries: Entry[] = []
  const lists = new Map<string, Extract<Entry, { kind: 'list' }>>()
  for (const metric of own) {
    const list = /^(.*?)\[(\d+)\]/.exec(metric.name)
    if (!list || searching) {
      entries.push({ kind: 'metric', metric, name: metric.name })
      continue
    }
    const key = `${prefix}${list[1]}`
    let entry = lists.get(key)
    if (!entry) {
      entry = { kind: 'list', key, name: `${list[1]}[ ]`, elements: 0, open: opened[key] ?? false }
      lists.set(key, entry)
      entries.push(entry)
    }
    entry.elements = Math.max(entry.elements, Number(list[2]) + 1)
    if (entry.open) entries.push({ kind: 'metric', metric, name: metric.name })
  }
  return entries
}
