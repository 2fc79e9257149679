/** How many of the tasks in scope ran at once, between two moments. */
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { SourceTable } from '../table/sourceTable.ts'
import { latestKnown } from './latestKnown.ts'
import { runningBins, type RunSpans, spansOf } from './runningBins.ts'
import { taskTimes } from './readTasks.ts'
import type { TaskTimes } from './taskTimes.ts'

const spans = new WeakMap<TaskTimes, RunSpans>()

/** What counts as running is what is drawn as a bar: a task without an end runs if its status says so and its workflow is not over. */
export async function timelineConcurrency(table: SourceTable, params: Params<'timeline.concurrency'>, signal: AbortSignal): Promise<Result<'timeline.concurrency'>> {
  if (!(params.to > params.from)) throw new Refusal('bad-request', 'What is seen ends after it begins.')
  const [times, knownTo] = await Promise.all([taskTimes(table, params.scope, signal), latestKnown(table, params.sourceId, signal)])
  const own = spans.get(times) ?? spansOf(times.order, times)
  spans.set(times, own)
  const binSeconds = (params.to - params.from) / params.points
  const openTo = Math.max(knownTo ?? -Infinity, params.openTo ?? -Infinity)
  const { mean, most } = runningBins(own, { from: params.from, binSeconds, bins: params.points, openTo })
  return { binSeconds, mean: Array.from(mean), most: Array.from(most), peak: most.reduce((peak, count) => Math.max(peak, count), 0) }
}
