/** The timeline and the critical path: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'
import { timelineBars } from './bars.ts'
import { timelineConcurrency } from './concurrency.ts'
import { timelineLanes } from './lanes.ts'
import { timelinePlace } from './place.ts'
import { timelineUnplaced } from './unplaced.ts'

export function timelineHandlers(of: AskTable) {
  return {
    'timeline.lanes': of<'timeline.lanes'>(timelineLanes),
    'timeline.bars': of<'timeline.bars'>(timelineBars),
    'timeline.concurrency': of<'timeline.concurrency'>(timelineConcurrency),
    'timeline.place': of<'timeline.place'>(timelinePlace),
    'timeline.unplaced': of<'timeline.unplaced'>(timelineUnplaced),
    'critical.path': later,
    'critical.slack': later
  } satisfies Partial<Handlers>
}

const later = (): never => {
  throw new Refusal('unavailable', 'This is being built.')
}
