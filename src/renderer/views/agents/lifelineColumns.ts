/** Which lifelines are drawn, in which order, and what is folded into one. */
import type { Lifeline } from '#contract/agents'
import { counted } from '../../parts/format.ts'

export type LifelineColumn = {
  /** Of the one lifeline, or the kind of the folded ones. */
  key: string
  kind: Lifeline['kind']
  name: string
  /** Nothing says what it is called. */
  unrecorded: boolean
  /** How many it stands for. */
  lines: number
  calls: number
  failed: number
}
export type Folded = Partial<Record<Lifeline['kind'], boolean>>

/** More of a kind than this are one column until they are unfolded. */
const foldedAbove: Record<Lifeline['kind'], number> = { agent: 8, model: 4, tool: 1, activity: 1 }
const plural: Record<Lifeline['kind'], [string, string]> = { agent: ['agent', 'agents'], model: ['model', 'models'], tool: ['tool', 'tools'], activity: ['activity', 'activities'] }

export const isFolded = (kind: Lifeline['kind'], lines: number, folded: Folded): boolean => lines > 1 && (folded[kind] ?? lines > foldedAbove[kind])
export const kindCounted = (kind: Lifeline['kind'], n: number): string => counted(n, ...plural[kind])

/** From left to right: agents that ask, models, tools, other activities, agents that are only asked. */
export function lifelineColumns(lifelines: readonly Lifeline[], without: readonly string[], folded: Folded): { columns: LifelineColumn[]; at: ReadonlyMap<string, number> } {
  const shown = lifelines.filter(({ key }) => !without.includes(key))
  const of = (kind: Lifeline['kind']): Lifeline[] => shown.filter((line) => line.kind === kind)
  const agents = of('agent')
  // Folded, they are one, wherever each would stand.
  const isOneAgent = isFolded('agent', agents.length, folded)
  const groups = [isOneAgent ? agents : agents.filter(({ asks }) => asks > 0), of('model').toSorted((a, b) => Number(a.id === null) - Number(b.id === null)), of('tool'), of('activity'), isOneAgent ? [] : agents.filter(({ asks }) => asks === 0)]
  const columns: LifelineColumn[] = []
  const at = new Map<string, number>()
  for (const group of groups) {
    const kind = group[0]?.kind
    if (kind === undefined) continue
    const isOne = kind === 'agent' ? isOneAgent : isFolded(kind, group.length, folded)
    for (const line of isOne ? [group] : group.map((single) => [single])) {
      for (const { key } of line) at.set(key, columns.length)
      columns.push(columnOf(line))
    }
  }
  return { columns, at }
}

export function lifelineName({ kind, id, name }: Pick<Lifeline, 'kind' | 'id' | 'name'>): string {
  return name ?? id ?? `${plural[kind][0]} null`
}

function columnOf(lines: readonly Lifeline[]): LifelineColumn {
  const [first] = lines as [Lifeline]
  const sum = (of: (line: Lifeline) => number): number => lines.reduce((total, line) => total + of(line), 0)
  return {
    key: lines.length === 1 ? first.key : first.kind,
    kind: first.kind,
    name: lines.length === 1 ? lifelineName(first) : kindCounted(first.kind, lines.length),
    unrecorded: lines.length === 1 && first.id === null,
    lines: lines.length,
    calls: sum(({ asks, asked }) => asks + asked),
    failed: sum(({ failed }) => failed)
  }
}

/** Half of the widest head, the room a lifeline needs, and that of the latencies at the right edge. */
const edgePx = 54
const leastPx = 104
const latencyPx = 76

/** Centres of the columns, and how wide the drawing is: wider than its pane where they would not fit. */
export function columnPlaces(columns: number, paneWidthPx: number): { xs: number[]; widthPx: number } {
  const widthPx = Math.max(paneWidthPx, 2 * edgePx + latencyPx + (columns - 1) * leastPx)
  const step = columns < 2 ? 0 : (widthPx - 2 * edgePx - latencyPx) / (columns - 1)
  return { xs: Array.from({ length: columns }, (_, at) => Math.round(edgePx + at * step)), widthPx }
}
