/** The host methods of the desktop: native dialogs, which are what gives the page its handles. */
import { type BrowserWindow, dialog, type OpenDialogOptions, shell } from 'electron'
import type { HostHandlers } from '#contract/dispatch'
import type { Method, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Answer } from '#hosting/answer'
import { fileName } from '#hosting/fileName'

export function dialogHandlers(window: () => BrowserWindow | null, hostAnswer: Answer): HostHandlers {
  const ask = async <M extends Method>(method: M, params: unknown, signal: AbortSignal): Promise<Result<M>> => {
    const reply = await hostAnswer(method, params, signal)
    if (!reply.ok) throw new Refusal(reply.error.code, reply.error.message, reply.error.path)
    return reply.value as Result<M>
  }
  const grant = async (path: string, use: 'read' | 'write', signal: AbortSignal): Promise<string> => (await ask('paths.grant', { path, use }, signal)).handle
  return {
    'dialog.open': async ({ kind }, { signal }) => {
      const paths = await choosePaths(window(), kind)
      return { handles: await Promise.all(paths.map((path) => grant(path, 'read', signal))) }
    },
    'dialog.save': async ({ name }, { signal }) => {
      const path = await chooseTarget(window(), fileName(name, 'export.csv'))
      return { handle: path === null ? null : await grant(path, 'write', signal) }
    },
    'exports.reveal': async ({ exportId }, { signal }) => {
      shell.showItemInFolder((await ask('exports.path', { exportId }, signal)).path)
      return {}
    }
  }
}

/** Empty if the person cancelled. */
export async function choosePaths(window: BrowserWindow | null, kind: 'files' | 'folder'): Promise<string[]> {
  const options: OpenDialogOptions =
    kind === 'folder'
      ? { title: 'Open folder', properties: ['openDirectory'] }
      : {
          title: 'Open file',
          properties: ['openFile', 'multiSelections'],
          filters: [
            { name: 'Flowcept buffers', extensions: ['jsonl', 'ndjson', 'json', 'gz', 'zst'] },
            { name: 'All files', extensions: ['*'] }
          ]
        }
  const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  return canceled ? [] : filePaths
}

async function chooseTarget(window: BrowserWindow | null, name: string): Promise<string | null> {
  const options = { title: 'Export', defaultPath: name, filters: [{ name: 'CSV', extensions: ['csv'] }] }
  const { canceled, filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
  return canceled || filePath === '' ? null : filePath
}
