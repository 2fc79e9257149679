/** Opening sources: by the desktop's dialogs, the served mode's browser of folders, recents, the sample. */
import { call } from '../connection/call.ts'
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
