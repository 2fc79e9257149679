/** The timeline and the critical path: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { AskTable } from '../askTable.ts'
import { timelineBars } from './bars.ts'
import { timelineConcurrency } from './concurrency.ts'
import { criticalPath, criticalSlack } from './criticalPath.ts'
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
    'critical.path': of<'critical.path'>(criticalPath),
    'critical.slack': of<'critical.slack'>(criticalSlack)
  } satisfies Partial<Handlers>
}
