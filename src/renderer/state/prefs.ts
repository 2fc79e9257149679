/** Values remembered per user by the engine: read once, written soon after they change. */
import { useCallback, useEffect } from 'react'
import { create } from 'zustand'
import { call } from '../connection/call.ts'

type Prefs = { values: Record<string, unknown>; asked: Record<string, boolean> }
const prefs = create<Prefs>()(() => ({ values: {}, asked: {} }))

const writeAfterMs = 400
const writes = new Map<string, ReturnType<typeof setTimeout>>()

/** Reads from the engine once; until it answers, the fallback. */
export function loadPref(key: string): void {
  if (prefs.getState().asked[key]) return
  prefs.setState(({ asked }) => ({ asked: { ...asked, [key]: true } }))
  void call('prefs.get', { key }).then((reply) => {
    if (!reply.ok) return prefs.setState(({ asked }) => ({ asked: { ...asked, [key]: false } }))
    // A value set while the answer was under way is newer.
    if (!writes.has(key) && reply.value.value !== undefined && reply.value.value !== null) setLocally(key, reply.value.value)
  })
}

export function setPref(key: string, value: unknown): void {
  setLocally(key, value)
  clearTimeout(writes.get(key))
  writes.set(
    key,
    setTimeout(() => void call('prefs.set', { key, value }).then(() => writes.delete(key)), writeAfterMs)
  )
}

/** What was changed just before the page goes is written at once. */
window.addEventListener('pagehide', () => {
  for (const [key, timer] of writes) {
    clearTimeout(timer)
    void call('prefs.set', { key, value: prefs.getState().values[key] })
  }
})

/** A remembered value and its setter. `check` guards against what an older version wrote. */
export function usePref<T>(key: string, fallback: T, check: (value: unknown) => value is T = (value): value is T => typeof value === typeof fallback): [T, (value: T) => void] {
  useEffect(() => loadPref(key), [key])
  const value = prefs((s) => s.values[key])
  return [check(value) ? value : fallback, useCallback((next: T) => setPref(key, next), [key])]
}

/** The present value, for code outside components. */
export const prefOf = (key: string): unknown => prefs.getState().values[key]

const setLocally = (key: string, value: unknown): void => prefs.setState(({ values }) => ({ values: { ...values, [key]: value } }))
