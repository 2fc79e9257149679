/** Sources from a message queue: what of them is shown as of when, and what can be done with them. */
import type { Gap, LiveState } from '#contract/live'
import type { Reply } from '#contract/reply'
import type { Source } from '#contract/sources'
import { call } from '../connection/call.ts'
import { openAttach } from './attach.ts'
import { noteStarted, takeJobs } from './exports.ts'
import { refreshSources, useSource } from './sources.ts'
import { toast } from './toasts.ts'

/** What the shown source has if it is a queue. */
export const useLive = (): LiveState | null => useSource()?.live ?? null

/** Since when nothing new is shown, as epoch seconds: paused, or without a connection. Null while it goes on. */
export function frozenAt({ pausedAt, link }: Pick<LiveState, 'pausedAt' | 'link'>): number | null {
  if (pausedAt !== null) return pausedAt
  return link.name === 'retrying' || link.name === 'lost' || link.name === 'detached' ? link.since : null
}

/** Whether it may still receive: attached, or trying to be. */
export const isAttached = ({ link }: Pick<LiveState, 'link'>): boolean => link.name === 'connecting' || link.name === 'live' || link.name === 'retrying'

/** Messages are being lost now: the place for them is used up. */
export const isFull = ({ gaps }: Pick<LiveState, 'gaps'>): boolean => gaps.some((gap) => gap.kind === 'overflow' && gap.to === null)

/** Gaps that take time; a frame that could not be decoded is a point. */
export const secondsMissing = (gaps: readonly Gap[], now: number): number => gaps.reduce((sum, { from, to }) => sum + Math.max(0, (to ?? now) - from), 0)

export const pauseSource = async (sourceId: string, on: boolean): Promise<void> => tell(await call('live.pause', { sourceId, on }), on ? 'It could not be paused' : 'It could not be resumed')
export const detachSource = async (sourceId: string): Promise<void> => tell(await call('live.detach', { sourceId }), 'It could not be detached')
/** Goes on with the same address, channel and role, in the same tables; the time between is a gap. What was refused needs other words first. */
export async function attachAgain({ sourceId, state, live }: Source): Promise<void> {
  if (state === 'failed') openAttach({ url: live?.url ?? null })
  else await tell(await call('sources.readOn', { sourceId }), 'It could not be attached again')
}

/** Writes what has arrived so far as a buffer file; `online`: and what arrives from now on. Null: begun; else why not. */
export async function dumpBuffer(sourceId: string, name: string, online: boolean, handle?: string): Promise<string | null> {
  const reply = await call('live.dump', { sourceId, name, online, ...(handle !== undefined && { handle }) })
  if (!reply.ok) return reply.error.message
  noteStarted(reply.value.exportId)
  const list = await call('exports.list', { limit: 50 })
  if (list.ok) takeJobs(list.value.exports)
  return null
}

async function tell(reply: Reply<unknown>, failure: string): Promise<void> {
  if (!reply.ok) toast({ tone: 'failed', title: failure, detail: reply.error.message })
  await refreshSources()
}
