/** The timeline and the critical path: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'

export function timelineHandlers(_of: AskTable) {
  return {
    'timeline.lanes': later,
    'timeline.bars': later,
    'timeline.concurrency': later,
    'timeline.unplaced': later,
    'timeline.place': later,
    'critical.path': later,
    'critical.slack': later
  } satisfies Partial<Handlers>
}

const later = (): never => {
  throw new Refusal('unavailable', 'This is being built.')
}
