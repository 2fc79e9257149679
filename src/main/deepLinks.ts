/** `provscope://` links, which anybody may have written: a view is shown by the page, which asks; a file is opened when the person has seen its path and said so. */
import { stat } from 'node:fs/promises'
import { type BrowserWindow, dialog } from 'electron'
import type { Answer } from '#hosting/answer'
import { readLink } from './readLink.ts'

export type DeepLinksOptions = {
  hostAnswer: Answer
  window: () => BrowserWindow | null
  open: (path: string) => void
  onProblem: (what: string) => void
}

const never = new AbortController().signal

/** @returns what follows a link. One question at a time: a page that sends many gets one. */
export function deepLinks({ hostAnswer, window, open, onProblem }: DeepLinksOptions): (link: string) => Promise<void> {
  let asking = false
  const ask = async (options: Electron.MessageBoxOptions): Promise<number> => {
    if (asking) return options.cancelId ?? 0
    asking = true
    try {
      const parent = window()
      return (await (parent ? dialog.showMessageBox(parent, options) : dialog.showMessageBox(options))).response
    } finally {
      asking = false
    }
  }
  const refuse = async (why: string): Promise<void> => {
    onProblem(`A link was not followed: ${why}`)
    await ask({ type: 'warning', message: 'This link was not followed.', detail: why, buttons: ['OK'], defaultId: 0, cancelId: 0 })
  }
  return async (link) => {
    const read = readLink(link)
    if ('why' in read) return refuse(read.why)
    if ('view' in read) {
      const reply = await hostAnswer('savedViews.bring', { link: read.view }, never)
      if (!reply.ok) await refuse(reply.error.message)
      return
    }
    const why = await notOpenable(read.path)
    if (why !== null) return refuse(why)
    const answer = await ask({ type: 'question', message: 'A link asks to open this. Open it?', detail: read.path, buttons: ['Open', 'Cancel'], defaultId: 1, cancelId: 1 })
    if (answer === 0) open(read.path)
  }
}

async function notOpenable(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  if (found === null) return `There is no such file: ${path}`
  return found.isFile() || found.isDirectory() ? null : `This is neither a file nor a folder: ${path}`
}
