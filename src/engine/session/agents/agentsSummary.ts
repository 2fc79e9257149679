/** The agents' part of a scope as a whole: figures, and the lifelines that its calls need. */
import type { Lifeline } from '#contract/agents'
import type { Params, Result } from '#contract/methods'
import type { SourceTable } from '../table/sourceTable.ts'
import { agentNames } from './agentNames.ts'
import { kindNumbers } from './callColumns.ts'
import type { CallIndex } from './callIndex.ts'
import { Figures, secondsOf } from './figures.ts'
import { scopedCalls } from './scopedCalls.ts'

const mostLifelines = 500

export async function agentsSummary(table: SourceTable, { scope }: Params<'agents.summary'>, signal: AbortSignal): Promise<Result<'agents.summary'>> {
  const { revision } = table
  const [{ index, at }, names] = await Promise.all([scopedCalls(table, scope, signal), agentNames(table, signal)])
  const all = new Figures(index)
  let [uncounted, modelSeconds, firstStart, lastEnd, mostTokens, fastest, slowest] = [0, 0, Infinity, -Infinity, 0, Infinity, -Infinity]
  for (const call of at) {
    all.add(call, { latency: false })
    const [start, end] = [index.start[call] as number, index.end[call] as number]
    if (start < firstStart) firstStart = start
    if (end > lastEnd) lastEnd = end
    if (index.kind[call] !== kindNumbers.model) continue
    const seconds = secondsOf(index, call)
    modelSeconds += seconds ?? 0
    fastest = Math.min(fastest, seconds ?? Infinity)
    slowest = Math.max(slowest, seconds ?? -Infinity)
    mostTokens = Math.max(mostTokens, (index.tokensIn[call] || 0) + (index.tokensOut[call] || 0))
    if (index.failed[call] === 0 && Number.isNaN(index.tokensIn[call]) && Number.isNaN(index.tokensOut[call])) uncounted++
  }
  const lifelines = lifelinesOf(index, at, names)
  const { model = 0, tool = 0, message = 0, task = 0 } = Object.fromEntries(Object.entries(kindNumbers).map(([kind, n]) => [kind, all.kinds[n]]))
  const ofKind = (kind: Lifeline['kind']): number => lifelines.filter((line) => line.kind === kind).length
  return {
    revision,
    calls: all.calls,
    kinds: { model, tool, message, task },
    failed: all.failed,
    agents: ofKind('agent'),
    models: ofKind('model'),
    tokens: all.tokens,
    uncounted,
    firstStart: finite(firstStart),
    lastEnd: finite(lastEnd),
    modelSeconds,
    mostTokens,
    fastest: finite(fastest),
    slowest: finite(slowest),
    lifelines: busiest(lifelines),
    lifelinesTotal: lifelines.length
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** In order of first appearance. An agent is there, too, if all that is known of it is that a call was its own. */
function lifelinesOf(index: CallIndex, at: Int32Array, names: ReadonlyMap<string, string>): Lifeline[] {
  const found = new Map<number, Lifeline>()
  const line = (party: number): Lifeline => {
    const known = found.get(party)
    if (known) return known
    const { key, kind, id } = index.parties[party] as CallIndex['parties'][number]
    const fresh = { key, kind, id, name: kind === 'agent' && id !== null ? (names.get(id) ?? null) : null, asks: 0, asked: 0, failed: 0 }
    found.set(party, fresh)
    return fresh
  }
  for (const call of at) {
    const [from, agent] = [index.from[call] as number, index.agent[call] as number]
    if (from !== -1) line(from).asks++
    if (agent !== -1) line(agent)
    const to = line(index.to[call] as number)
    to.asked++
    to.failed += index.failed[call] as number
  }
  return [...found.values()]
}

function busiest(lifelines: readonly Lifeline[]): Lifeline[] {
  if (lifelines.length <= mostLifelines) return [...lifelines]
  const kept = new Set([...lifelines].sort((a, b) => b.asks + b.asked - a.asks - a.asked).slice(0, mostLifelines))
  return lifelines.filter((lifeline) => kept.has(lifeline))
}
