/** Opens what a command line, the system or a drop named, sources and files of views, and tells in a dialog what could not be opened. */
import { app, type BrowserWindow, dialog } from 'electron'
import type { Reply } from '#contract/reply'
import type { Answer } from '#hosting/answer'
import { isAddress, isViewFile, openings } from '#hosting/namedSources'

const never = new AbortController().signal

export type Opener = { named: (names: string[]) => Promise<void>; sample: () => Promise<void> }

export function openWith(hostAnswer: Answer, window: () => BrowserWindow | null): Opener {
  return {
    async named(names) {
      const [views, sources] = [names.filter(isViewFile), names.filter((name) => !isViewFile(name))]
      for (const path of sources.filter((name) => !isAddress(name))) app.addRecentDocument(path)
      await Promise.all([...views.map((path) => ({ method: 'savedViews.bring', params: { path } })), ...openings(sources)].map(({ method, params }) => tellFailure(window, hostAnswer(method, params, never))))
    },
    sample: () => tellFailure(window, hostAnswer('sources.openSample', {}, never))
  }
}

async function tellFailure(window: () => BrowserWindow | null, answered: Promise<Reply<unknown>>): Promise<void> {
  const reply = await answered
  if (reply.ok) return
  const parent = window()
  const box = { type: 'error' as const, message: 'This could not be opened.', detail: reply.error.message }
  await (parent ? dialog.showMessageBox(parent, box) : dialog.showMessageBox(box))
}
