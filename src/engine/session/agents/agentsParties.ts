/** Agents, models or tools with what they cost: calls, failures, tokens, latencies. */
import type { Params, Result } from '#contract/methods'
import type { SourceTable } from '../table/sourceTable.ts'
import { agentNames } from './agentNames.ts'
import { kindNumbers } from './callColumns.ts'
import type { CallIndex } from './callIndex.ts'
import { Figures } from './figures.ts'
import { scopedCalls } from './scopedCalls.ts'

/** Agents in order of first appearance; models and tools by calls. */
export async function agentsParties(table: SourceTable, params: Params<'agents.parties'>, signal: AbortSignal): Promise<Result<'agents.parties'>> {
  const [{ index, at }, names] = await Promise.all([scopedCalls(table, params.scope, signal), agentNames(table, signal)])
  const all = new Figures(index)
  const parties = new Map<number, Figures>()
  for (const call of at) {
    const isModel = index.kind[call] === kindNumbers.model
    const party = partyOf(index, call, params.of)
    if (isModel) all.add(call, { latency: false })
    if (party === -1) continue
    const figures = parties.get(party) ?? new Figures(index)
    parties.set(party, figures)
    figures.add(call, { latency: params.of !== 'agent' || isModel })
  }
  const ordered = [...parties].sort(([a, mine], [b, other]) => (params.of === 'agent' ? 0 : other.calls - mine.calls) || a - b)
  return {
    total: ordered.length,
    modelCalls: all.calls,
    tokens: all.tokens,
    parties: ordered.slice(params.offset, params.offset + params.limit).map(([party, figures]) => {
      const { key, id } = index.parties[party] as CallIndex['parties'][number]
      const of = (kind: keyof typeof kindNumbers): number => figures.kinds[kindNumbers[kind]] ?? 0
      const name = params.of === 'agent' && id !== null ? (names.get(id) ?? null) : null
      return { key, id, name, calls: figures.calls, failed: figures.failed, modelCalls: of('model'), toolCalls: of('tool'), messages: of('message'), tokens: figures.tokens, ...figures.quantiles() }
    })
  }
}

/** A tool that another agent carried out counts as a tool, though that agent is the lifeline. */
function partyOf(index: CallIndex, call: number, of: 'agent' | 'model' | 'tool'): number {
  if (of === 'agent') return index.agent[call] as number
  if (of === 'tool') return index.tool[call] as number
  return index.kind[call] === kindNumbers.model ? (index.to[call] as number) : -1
}
