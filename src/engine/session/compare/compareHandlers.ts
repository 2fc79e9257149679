/** Comparisons: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'

export function compareHandlers(_of: AskTable, _services: Services) {
  return {
    'compare.runs': later,
    'compare.summary': later,
    'compare.fields': later,
    'compare.unmatched': later,
    'compare.activities': later,
    'compare.telemetry': later,
    'compare.shape': later,
    'compare.divergence': later,
    'sweep.columns': later,
    'sweep.rows': later
  } satisfies Partial<Handlers>
}

const later = (): never => {
  throw new Refusal('unavailable', 'This is being built.')
}
