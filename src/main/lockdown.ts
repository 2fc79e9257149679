/** What the page may not do, whatever runs in it: leave, open windows, hold permissions, or reach the network. */
import { app, BrowserWindow, dialog, type Session, shell, type WebContents } from 'electron'
import { isOwnUrl } from './protocol.ts'

/** The one permission a page of ours needs: to copy what the person asked it to copy. */
const allowedPermission = 'clipboard-sanitized-write'

/** @param devServer origin of the development server, which alone may be reached besides the page's own files */
export function lockDown(session: Session, devServer: string | null): void {
  const own = (url: string): boolean => isOwnUrl(url) || (devServer !== null && URL.parse(url)?.origin === devServer)
  app.on('web-contents-created', (_event, contents) => lockContents(contents, own))
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(permission === allowedPermission && details.isMainFrame && own(details.requestingUrl)))
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => permission === allowedPermission && details.isMainFrame && own(requestingOrigin))
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !reachable(url, own, devServer) }))
}

function lockContents(contents: WebContents, own: (url: string) => boolean): void {
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!own(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (URL.parse(url)?.protocol === 'https:') void openOutside(url, contents)
    return { action: 'deny' }
  })
}

/** A record may hold any address: the person sees all of it before the browser does. */
async function openOutside(url: string, contents: WebContents): Promise<void> {
  const window = BrowserWindow.fromWebContents(contents)
  const question = { type: 'question' as const, message: 'Open this address in your browser?', detail: url, buttons: ['Open', 'Cancel'], defaultId: 1, cancelId: 1 }
  const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question))
  if (response === 0) await shell.openExternal(url)
}

function reachable(url: string, own: (url: string) => boolean, devServer: string | null): boolean {
  if (own(url) || url.startsWith('data:') || url.startsWith('blob:provscope-app://page/')) return true
  if (devServer === null) return false
  return url.startsWith('devtools:') || URL.parse(url)?.origin === devServer.replace(/^http/, 'ws')
}
