/** The test of an address: asked for by a button, dropped when the address changes, aborted with the dialog. */
import { useEffect, useRef, useState } from 'react'
import { call } from '../../connection/call.ts'
import type { QueueTest } from '../../state/attach.ts'

export function useQueueTest(url: string, password: string) {
  const asked = `${url}\n${password}`
  const controller = useRef<AbortController | null>(null)
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState<{ asked: string; result: QueueTest | null; mistake: string | null } | null>(null)
  useEffect(() => () => controller.current?.abort(), [])
  const run = async (): Promise<void> => {
    controller.current?.abort()
    const { signal } = (controller.current = new AbortController())
    setBusy(true)
    const reply = await call('live.test', { url, ...(password !== '' && { password }) }, { signal })
    if (signal.aborted) return
    setBusy(false)
    setDone({ asked, result: reply.ok ? reply.value : null, mistake: reply.ok ? null : reply.error.message })
  }
  const current = done?.asked === asked ? done : null
  return { run, busy, result: current?.result ?? null, mistake: current?.mistake ?? null, ran: done !== null }
}
