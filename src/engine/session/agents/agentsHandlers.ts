/** Agents: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { AskTable } from '../askTable.ts'
import { agentsCalls, agentsFind } from './agentsCalls.ts'
import { agentsParties } from './agentsParties.ts'
import { agentsSummary } from './agentsSummary.ts'

export function agentsHandlers(of: AskTable) {
  return {
    'agents.summary': of<'agents.summary'>(agentsSummary),
    'agents.parties': of<'agents.parties'>(agentsParties),
    'agents.calls': of<'agents.calls'>(agentsCalls),
    'agents.find': of<'agents.find'>(agentsFind)
  } satisfies Partial<Handlers>
}
