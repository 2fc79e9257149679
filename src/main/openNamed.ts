/** Opens what a command line, the system or a drop named, and tells in a dialog what could not be opened. */
import { app, type BrowserWindow, dialog } from 'electron'
import type { Reply } from '#contract/reply'
import type { Answer } from '#hosting/answer'
import { isAddress, openings } from '#hosting/namedSources'

const never = new AbortController().signal

export type Opener = { named: (names: string[]) => Promise<void>; sample: () => Promise<void> }

export function openWith(hostAnswer: Answer, window: () => BrowserWindow | null): Opener {
  return {
    async named(names) {
      for (const path of names.filter((name) => !isAddress(name))) app.addRecentDocument(path)
      await Promise.all(openings(names).map(({ method, params }) => tellFailure(window, hostAnswer(method, params, never))))
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
