/** The present moment for what ages on the screen: one timer for everyone who watches at the same pace, none while nobody does. */
import { useCallback, useSyncExternalStore } from 'react'

type Clock = { now: number; timer: ReturnType<typeof setInterval>; listeners: Set<() => void> }
const clocks = new Map<number, Clock>()

/** Epoch seconds, renewed every `everyMs`; null keeps the moment of the last render. */
export function useNow(everyMs: number | null): number {
  const subscribe = useCallback((listener: () => void) => (everyMs === null ? () => undefined : watch(everyMs, listener)), [everyMs])
  const tick = useSyncExternalStore(subscribe, () => (everyMs === null ? 0 : (clocks.get(everyMs)?.now ?? 0)))
  return tick === 0 ? Date.now() / 1000 : tick
}

function watch(everyMs: number, listener: () => void): () => void {
  const clock = clocks.get(everyMs) ?? start(everyMs)
  clock.listeners.add(listener)
  return () => {
    clock.listeners.delete(listener)
    if (clock.listeners.size > 0) return
    clearInterval(clock.timer)
    clocks.delete(everyMs)
  }
}

function start(everyMs: number): Clock {
  const tick = (): void => {
    clock.now = Date.now() / 1000
    for (const told of clock.listeners) told()
  }
  const clock: Clock = { now: Date.now() / 1000, timer: setInterval(tick, everyMs), listeners: new Set() }
  clocks.set(everyMs, clock)
  return clock
}
