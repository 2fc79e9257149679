/** Opening sources: by the desktop's dialogs, the served mode's browser of folders, recents, the sample, stores. */
import { create } from 'zustand'
import type { Result } from '#contract/methods'
import type { StoreRef } from '#contract/stores'
import { call } from '../connection/call.ts'
import { openAttach } from './attach.ts'
import { engine, refreshSources } from './sources.ts'
import { toast } from './toasts.ts'
import { workbench } from './workbench.ts'

export const isDesktop = (): boolean => (engine.getState().host?.host ?? (window.provscope ? 'desktop' : 'served')) === 'desktop'

/** Asks for files or a folder, natively on the desktop, else in a dialog of the page. */
export async function openByDialog(kind: 'files' | 'folder'): Promise<void> {
  if (!isDesktop()) return workbench.getState().setDialog(kind === 'files' ? 'open-file' : 'open-folder')
  const reply = await call('dialog.open', { kind })
  if (!reply.ok) toast({ tone: 'failed', title: 'The dialog could not be opened', detail: reply.error.message })
  else if (reply.value.handles.length > 0) await openHandles(reply.value.handles)
}

/** Opens files and folders together as one source, and shows it. */
export async function openHandles(handles: string[]): Promise<boolean> {
  return show(await call('sources.open', { handles }))
}

export async function openSample(): Promise<boolean> {
  return show(await call('sources.openSample', {}))
}

/** What the dialog "Open a store" begins with. */
export const storeChoice = create<{ kind: 'lmdb' | 'mongodb'; uri: string; mistake: string | null }>()(() => ({ kind: 'lmdb', uri: '', mistake: null }))

export function openStoreDialog(begin: { kind?: 'lmdb' | 'mongodb'; uri?: string; mistake?: string } = {}): void {
  storeChoice.setState({ kind: begin.kind ?? 'lmdb', uri: begin.uri ?? '', mistake: begin.mistake ?? null })
  workbench.getState().setDialog('open-store')
}

/** Opens an LMDB folder or a MongoDB database, and shows it. Null, or why not. */
export async function openStore(store: StoreRef, keepPassword = false): Promise<string | null> {
  const reply = await call('stores.open', { store, keepPassword })
  if (!reply.ok) return reply.error.message
  await show(reply)
  return null
}

type Recent = Result<'recents.list'>['recents'][number]
/** As its kind asks for: files and folders at once, a queue by the dialog that it was attached with, a database by its address. */
export async function openRecent({ kind, path, handle }: Pick<Recent, 'kind' | 'path' | 'handle'>): Promise<void> {
  if (kind === 'queue') return openAttach({ url: path })
  if (kind !== 'mongodb') return void (await openHandles([handle]))
  const mistake = await openStore({ type: 'mongodb', uri: path })
  if (mistake !== null) openStoreDialog({ kind: 'mongodb', uri: path, mistake })
}

async function show(reply: Awaited<ReturnType<typeof call<'sources.open'>>>): Promise<boolean> {
  if (!reply.ok) {
    toast({ tone: 'failed', title: 'It could not be opened', detail: reply.error.message })
    return false
  }
  await refreshSources()
  workbench.getState().openSource(reply.value.sourceId)
  return true
}

type SourceMethod = 'sources.close' | 'sources.stop' | 'sources.readOn'
/** Acts on one source and tells if it failed. */
export async function actOnSource(method: SourceMethod, sourceId: string): Promise<void> {
  const reply = await call(method, { sourceId })
  if (!reply.ok) toast({ tone: 'failed', title: failures[method], detail: reply.error.message })
  await refreshSources()
}

export async function followSource(sourceId: string, on: boolean): Promise<void> {
  const reply = await call('sources.follow', { sourceId, on })
  if (!reply.ok) toast({ tone: 'failed', title: on ? 'The file cannot be followed' : 'Following could not be ended', detail: reply.error.message })
  await refreshSources()
}

const failures: Record<SourceMethod, string> = {
  'sources.close': 'The source could not be closed',
  'sources.stop': 'Reading could not be stopped',
  'sources.readOn': 'The rest could not be read'
}
