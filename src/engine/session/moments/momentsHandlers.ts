/** Moments of a source: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'

export function momentsHandlers(_of: AskTable) {
  return {
    'moments.range': later,
    'moments.counts': later
  } satisfies Partial<Handlers>
}

const later = (): never => {
  throw new Refusal('unavailable', 'This is being built.')
}
