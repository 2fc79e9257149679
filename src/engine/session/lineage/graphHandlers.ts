/** Lineage and dataflow: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'

export function graphHandlers(_of: AskTable) {
  return {
    'lineage.graph': later,
    'lineage.path': later,
    'lineage.page': later,
    'dataflow.graph': later
  } satisfies Partial<Handlers>
}

const later = (): never => {
  throw new Refusal('unavailable', 'This is being built.')
}
