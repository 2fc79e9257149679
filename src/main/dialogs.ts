/** The host methods of the desktop: native dialogs, which are what gives the page its handles. */
import { extname } from 'node:path'
import { type BrowserWindow, dialog, type FileFilter, Notification, type OpenDialogOptions, shell } from 'electron'
import type { HostHandlers } from '#contract/dispatch'
import type { Method, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Answer } from '#hosting/answer'
import { fileName } from '#hosting/fileName'
import { bringUp } from './window.ts'

export function dialogHandlers(window: () => BrowserWindow | null, hostAnswer: Answer): HostHandlers {
  const ask = async <M extends Method>(method: M, params: unknown, signal: AbortSignal): Promise<Result<M>> => {
    const reply = await hostAnswer(method, params, signal)
    if (!reply.ok) throw new Refusal(reply.error.code, reply.error.message, reply.error.path)
    return reply.value as Result<M>
  }
  const grant = async (path: string, use: 'read' | 'write', signal: AbortSignal): Promise<string> => (await ask('paths.grant', { path, use }, signal)).handle
  return {
    'dialog.open': async ({ kind, use }, { signal }) => {
      const paths = await choosePaths(window(), kind, use)
      return { handles: await Promise.all(paths.map((path) => grant(path, use, signal))), ...(paths.length > 0 && { paths }) }
    },
    'dialog.save': async ({ name }, { signal }) => {
      const path = await chooseTarget(window(), fileName(name, 'export.csv'))
      return path === null ? { handle: null } : { handle: await grant(path, 'write', signal), path }
    },
    'exports.reveal': async ({ exportId }, { signal }) => {
      shell.showItemInFolder((await ask('exports.path', { exportId }, signal)).path)
      return {}
    },
    'host.notify': ({ title, body }) => ({ shown: notify({ title, body, onClick: () => bringUpIfOpen(window()) }) })
  }
}

/** Kept until it is gone: one that is collected answers no click. */
const shown = new Set<Notification>()

function notify({ title, body, onClick }: { title: string; body: string; onClick: () => void }): boolean {
  if (!Notification.isSupported()) return false
  const notification = new Notification({ title, body })
  const forget = (): void => void shown.delete(notification)
  notification.on('click', () => {
    onClick()
    forget()
  })
  notification.on('close', forget)
  shown.add(notification)
  notification.show()
  return true
}

function bringUpIfOpen(window: BrowserWindow | null): void {
  if (window) bringUp(window)
}

/** Empty if the person cancelled. */
export async function choosePaths(window: BrowserWindow | null, kind: 'files' | 'folder', use: 'read' | 'write'): Promise<string[]> {
  const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, openOptions[use][kind]) : dialog.showOpenDialog(openOptions[use][kind]))
  return canceled ? [] : filePaths
}

const everyFile = { name: 'All files', extensions: ['*'] }
const bufferFiles = { name: 'Flowcept buffers', extensions: ['jsonl', 'ndjson', 'json', 'gz', 'zst'] }

/** Where something is written a folder may be made on the way, and one is chosen at a time. */
const openOptions: Record<'read' | 'write', Record<'files' | 'folder', OpenDialogOptions>> = {
  read: {
    folder: { title: 'Open folder', properties: ['openDirectory'] },
    files: { title: 'Open file', properties: ['openFile', 'multiSelections'], filters: [bufferFiles, everyFile] }
  },
  write: {
    folder: { title: 'Choose a folder to write to', buttonLabel: 'Choose', properties: ['openDirectory', 'createDirectory', 'promptToCreate'] },
    files: { title: 'Choose a file to write to', buttonLabel: 'Choose', properties: ['openFile', 'promptToCreate'], filters: [bufferFiles, everyFile] }
  }
}

async function chooseTarget(window: BrowserWindow | null, name: string): Promise<string | null> {
  const kind = savedKinds[extname(name).toLowerCase()]
  const options = { title: 'Save', defaultPath: name, filters: [...(kind ? [kind] : []), everyFile] }
  const { canceled, filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
  return canceled || filePath === '' ? null : filePath
}

/** What is saved says by its name what it is; models and datasets can be anything. */
const savedKinds: Partial<Record<string, FileFilter>> = {
  '.csv': { name: 'CSV', extensions: ['csv'] },
  '.tsv': { name: 'Tab-separated values', extensions: ['tsv'] },
  '.parquet': { name: 'Parquet', extensions: ['parquet'] },
  '.arrow': { name: 'Arrow IPC', extensions: ['arrow'] },
  '.provn': { name: 'PROV-N', extensions: ['provn'] },
  '.zip': { name: 'Archive', extensions: ['zip'] },
  '.md': { name: 'Markdown', extensions: ['md'] },
  '.html': { name: 'Web page', extensions: ['html'] },
  '.jsonl': { name: 'JSON Lines', extensions: ['jsonl'] },
  '.json': { name: 'JSON', extensions: ['json'] }
}
