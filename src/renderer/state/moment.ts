/** Time travel: the moment as of which the source is shown, and what is known of the moments there are. */
import { momentId } from '#contract/momentId'
import type { Result } from '#contract/methods'
import { call } from '../connection/call.ts'
import { type Answer, useCall } from './query.ts'
import { useSource } from './sources.ts'
import { toast } from './toasts.ts'
import { workbench } from './workbench.ts'

export type Moments = Result<'moments.range'>

/** Bins of the slider's picture. */
export const momentBins = 240

export const useMoments = (sourceId: string): Answer<Moments> => useCall('moments.range', { sourceId, bins: momentBins })

/** For who asks by `call` and keeps the answers: the source as of the moment shown, which is another one at another moment. */
export function useAskedId(sourceId: string): string {
  const moment = workbench((s) => s.moment)
  return moment === null ? sourceId : momentId(sourceId, moment)
}

/** How much was known at the moment shown; null while the source is shown as it is. */
export function useMomentCounts(): Result<'moments.counts'> | null {
  const source = useSource()
  const moment = workbench((s) => s.moment)
  const { data } = useCall('moments.counts', source && moment !== null ? { sourceId: momentId(source.sourceId, moment) } : null)
  return moment === null ? null : data
}

/** Begins where the present is; nothing is shown differently until the moment is moved. */
export async function travelInTime(): Promise<void> {
  const { sourceId } = workbench.getState()
  if (sourceId === null) return
  const reply = await call('moments.range', { sourceId, bins: momentBins })
  if (!reply.ok) return toast({ tone: 'failed', title: 'The moments could not be asked for', detail: reply.error.message })
  const { to } = reply.value
  if (to === null) return toast({ tone: 'note', title: 'There is no time to travel in', detail: 'No message of this source says when it was sent.' })
  // Milliseconds are what the slider and its field have.
  workbench.getState().setMoment(Math.ceil(to * 1000) / 1000)
}
