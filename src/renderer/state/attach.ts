/** Attaching to a queue: what its dialog begins with, and the attaching itself. */
import { create } from 'zustand'
import type { Given, Result } from '#contract/methods'
import { call } from '../connection/call.ts'
import { refreshSources } from './sources.ts'
import { workbench } from './workbench.ts'

/** @property url of a recent queue; null: what Flowcept's settings name */
export const attachChoice = create<{ url: string | null }>()(() => ({ url: null }))

export function openAttach({ url = null }: { url?: string | null } = {}): void {
  attachChoice.setState({ url })
  workbench.getState().setDialog('attach')
}

/** Shows the queue as a source. Null, or why not. */
export async function attach(params: Given<'live.attach'>): Promise<string | null> {
  const reply = await call('live.attach', params)
  if (!reply.ok) return reply.error.message
  await refreshSources()
  workbench.getState().openSource(reply.value.sourceId)
  return null
}

export type QueueTest = Result<'live.test'>
export type Settings = Result<'live.settings'>
export type SettingValue = Settings['settings'][number]
