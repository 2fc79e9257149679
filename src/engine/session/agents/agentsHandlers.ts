/** Agents: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { AskTable } from '../askTable.ts'

export function agentsHandlers(_of: AskTable) {
  return {

  } satisfies Partial<Handlers>
}
