/** The page's calls: one channel, answered for our own page's main frame only, always as audience `page`. */
import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron'
import type { Reply } from '#contract/reply'
import type { Answer } from '#hosting/answer'

export type IpcOptions = {
  answer: Answer
  isOwnUrl: (url: string) => boolean
  /** Paths of files that a person dropped on the window, as the preload resolved them. */
  onDrop: (paths: string[]) => void
}

export function listenToPage({ answer, isOwnUrl, onDrop }: IpcOptions): void {
  const running = new Calls()

  ipcMain.handle('call', async (event, method: unknown, params: unknown, callId: unknown): Promise<Reply<unknown>> => {
    if (!isOwnPage(event, isOwnUrl)) return refused('This page may not call.')
    if (typeof method !== 'string' || !(callId === undefined || isCallId(callId))) return refused('A call names a method.')
    const call = running.begin(event.sender, callId)
    try {
      return await answer(method, params, call.signal)
    } finally {
      call.end()
    }
  })

  ipcMain.on('cancel', (event, callId: unknown) => {
    if (isOwnPage(event, isOwnUrl) && isCallId(callId)) running.cancel(event.sender, callId)
  })

  ipcMain.on('drop', (event, paths: unknown) => {
    if (!isOwnPage(event, isOwnUrl) || !Array.isArray(paths)) return
    const named = paths.filter((path) => typeof path === 'string' && path !== '')
    if (named.length > 0) onDrop(named)
  })
}

/** What each page has under way. A page that goes away or loads anew takes its calls with it. */
class Calls {
  readonly #pages = new Map<WebContents, Map<unknown, AbortController>>()

  begin(page: WebContents, callId: string | undefined): { signal: AbortSignal; end: () => void } {
    const calls = this.#of(page)
    const controller = new AbortController()
    const key = callId ?? controller
    calls.set(key, controller)
    return { signal: controller.signal, end: () => calls.delete(key) }
  }

  cancel(page: WebContents, callId: string): void {
    this.#of(page).get(callId)?.abort()
  }

  #of(page: WebContents): Map<unknown, AbortController> {
    const known = this.#pages.get(page)
    if (known) return known
    const calls = new Map<unknown, AbortController>()
    const abortAll = (): void => {
      for (const controller of calls.values()) controller.abort()
    }
    this.#pages.set(page, calls)
    page.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) abortAll()
    })
    page.once('destroyed', () => {
      abortAll()
      this.#pages.delete(page)
    })
    return calls
  }
}

function isOwnPage({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent, isOwnUrl: (url: string) => boolean): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnUrl(senderFrame.url)
}

const isCallId = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 100

const refused = (message: string): Reply<never> => ({ ok: false, error: { code: 'bad-request', message } })
