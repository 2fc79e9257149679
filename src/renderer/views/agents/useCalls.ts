/** The calls in sight, asked for in pages; more of them than two pages are never seen at a time. */
import { useRef } from 'react'
import type { AgentCall, CallKind } from '#contract/agents'
import type { Scope } from '#contract/values'
import { type Answer, useCall } from '../../state/query.ts'

export const pageCalls = 60

export type WhichCalls = { sourceId: string; scope: Scope; without: readonly string[]; kinds?: CallKind[] }
export type CallsInSight = { total: number | null; call: (at: number) => AgentCall | null; error: Answer<unknown>['error']; retry: () => void }

/** @param first row that is seen first; rows up to a page below it are there, too */
export function useCalls({ sourceId, scope, without, kinds }: WhichCalls, first: number): CallsInSight {
  const page = Math.floor(first / pageCalls)
  const params = { sourceId, scope, without: [...without], limit: pageCalls, ...(kinds && { kinds }) }
  const here = useCall('agents.calls', { ...params, offset: page * pageCalls })
  const total = here.data?.total ?? null
  const next = useCall('agents.calls', total !== null && (page + 1) * pageCalls < total ? { ...params, offset: (page + 1) * pageCalls } : null)
  // While one page makes room for another, what is known of either stays.
  const known = useRef<{ key: string; total: number | null; pages: Map<number, AgentCall[]> }>({ key: '', total: null, pages: new Map() })
  const key = JSON.stringify([sourceId, scope, without, kinds])
  if (known.current.key !== key) known.current = { key, total: known.current.total, pages: new Map() }
  for (const answer of [here, next]) {
    if (answer.data === null || !answer.current) continue
    known.current.total = answer.data.total
    known.current.pages.set(Math.floor(answer.data.offset / pageCalls), answer.data.calls)
  }
  for (const old of known.current.pages.keys()) if (Math.abs(old - page) > 2) known.current.pages.delete(old)
  const { pages } = known.current
  return {
    total: known.current.total,
    call: (at) => pages.get(Math.floor(at / pageCalls))?.[at % pageCalls] ?? null,
    error: here.error ?? next.error,
    retry: here.retry
  }
}
