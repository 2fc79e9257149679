/** The settings as they hold: asked for once, and again whenever they change, here, in another window or in their file. */
import { useCallback } from 'react'
import { create } from 'zustand'
import type { Result } from '#contract/methods'
import { type SettingKey, settingOf, type SettingValues } from '#contract/settingList'
import { call } from '../connection/call.ts'
import { engine } from './sources.ts'
import { toast } from './toasts.ts'

type Listed = Result<'settings.list'>
type State = {
  /** Null until the engine has answered. */
  listed: Listed | null
  /** Set here and not yet confirmed. */
  pending: Partial<Record<SettingKey, unknown>>
}
export const settingsStore = create<State>()(() => ({ listed: null, pending: {} }))

const valueIn = <K extends SettingKey>({ listed, pending }: State, key: K): SettingValues[K] =>
  (key in pending ? pending[key] : (listed?.settings.find((one) => one.key === key)?.value ?? settingOf(key).fallback)) as SettingValues[K]

/** A setting and its setter, which tells where it could not be set. */
export function useSetting<K extends SettingKey>(key: K): [SettingValues[K], (value: SettingValues[K]) => void] {
  const value = settingsStore((state) => valueIn(state, key))
  return [value, useCallback((next) => void setTold(key, next), [key])]
}

/** The present value, for code outside components. */
export const settingNow = <K extends SettingKey>(key: K): SettingValues[K] => valueIn(settingsStore.getState(), key)

/** Now, or as soon as the engine has said what they are. */
export function whenSettingsKnown(run: () => void): void {
  if (settingsStore.getState().listed) return run()
  const end = settingsStore.subscribe(({ listed }) => {
    if (!listed) return
    end()
    run()
  })
}

/** @param handle in place of a value: a folder that a dialog gave. @returns why not, or null */
export async function setSetting<K extends SettingKey>(key: K, value: SettingValues[K] | undefined, handle?: string): Promise<string | null> {
  if (handle === undefined) settingsStore.setState(({ pending }) => ({ pending: { ...pending, [key]: value } }))
  const reply = await call('settings.set', { key, ...(handle === undefined ? { value } : { handle }) })
  await refresh(key)
  return reply.ok ? null : reply.error.message
}

/** Back to the default: one, or all of them. @returns why not, or null */
export async function resetSetting(key: SettingKey | null): Promise<string | null> {
  const reply = await call('settings.reset', key === null ? {} : { key })
  await refresh()
  return reply.ok ? null : reply.error.message
}

/** As long as the page lives. */
export function followSettings(): () => void {
  return engine.subscribe(
    ({ link, versions, epoch }) => `${link.state === 'live'} ${epoch} ${versions.settings}`,
    () => void refresh(),
    { fireImmediately: true }
  )
}

async function setTold<K extends SettingKey>(key: K, value: SettingValues[K]): Promise<void> {
  const mistake = await setSetting(key, value)
  if (mistake !== null) toast({ tone: 'failed', title: `${settingOf(key).title} could not be set`, detail: mistake })
}

let asked = 0
/** @param confirmed what was set and answered for: from here on the engine's word holds */
async function refresh(confirmed?: SettingKey): Promise<void> {
  const mine = ++asked
  const reply = await call('settings.list', {})
  if (mine === asked && reply.ok && JSON.stringify(settingsStore.getState().listed) !== JSON.stringify(reply.value)) settingsStore.setState({ listed: reply.value })
  if (confirmed === undefined) return
  settingsStore.setState(({ pending }) => {
    const { [confirmed]: _, ...left } = pending
    return { pending: left }
  })
}
