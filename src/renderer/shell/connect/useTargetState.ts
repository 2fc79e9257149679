/** What a store would say before it is written to; asked again soon after its place changes. */
import { useEffect, useState } from 'react'
import type { Result } from '#contract/methods'
import { call } from '../../connection/call.ts'
import type { Place } from '../../state/transfers.ts'

export type TargetState = Result<'live.target'>
const askAfterMs = 300
/** A server is reached over the network: not at every letter of its name. */
const askServerAfterMs = 1000

/** @param asOf asked again when it changes. @returns null while it is not known */
export function useTargetState({ type, handle, uri, password }: Place, ask: boolean, asOf = ''): TargetState | null {
  const [state, setState] = useState<TargetState | null>(null)
  const complete = ask && (type === 'mongodb' ? /^mongodb(\+srv)?:\/\/[^/]/.test(uri.trim()) : handle !== null)
  useEffect(() => {
    setState(null)
    if (!complete) return
    const controller = new AbortController()
    const timer = setTimeout(
      () =>
        void call('live.target', { type, ...(type === 'mongodb' ? { uri: uri.trim(), ...(password !== '' && { password }) } : { handle: handle ?? '' }) }, { signal: controller.signal }).then((reply) => {
          if (!controller.signal.aborted) setState(reply.ok ? reply.value : { state: 'refused', records: null, message: reply.error.message })
        }),
      type === 'mongodb' ? askServerAfterMs : askAfterMs
    )
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [type, handle, uri, password, complete, asOf])
  return state
}
