/** A window: how it is made, where it opens, and how it comes back when its page crashes or hangs. */
import { join } from 'node:path'
import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { installationFolder } from '#hosting/installation'
import { pageUrl, stoppedUrl } from './protocol.ts'
import { type Bounds, placeWindow, smallestSize, type WindowState } from './windowState.ts'

/** Height of the page's title row, in which the window's buttons are drawn. */
const titleHeight = 36
/** The page is not loaded again after it crashed more often than this within `crashWindowMs`. */
const mostCrashes = 3
const crashWindowMs = 60_000

export type WindowOptions = {
  preload: string
  /** Instead of the built page. */
  devUrl: string | null
  /** Its number, by which its page knows itself again after a restart. */
  id: number
  state: WindowState
  /** The hash of what its page shows to begin with. */
  address: string | null
  onProblem: (what: string) => void
}

export function openWindow({ preload, devUrl, id, state, address, onProblem }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...placeWindow(state.bounds, workAreas()),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    show: false,
    title: 'Provscope',
    icon: join(installationFolder, 'resources', 'icon.png'),
    backgroundColor: colours().color,
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'hidden',
    titleBarOverlay: { ...colours(), height: titleHeight },
    webPreferences: { preload, contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false, navigateOnDragDrop: false, spellcheck: false, devTools: devUrl !== null }
  })
  if (state.maximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  followTheme(window)
  const url = urlOf(devUrl ?? pageUrl, id, address)
  recover(window, url, onProblem)
  void window.loadURL(url).catch((error: unknown) => onProblem(`The page did not load: ${String(error)}`))
  return window
}

function urlOf(base: string, id: number, address: string | null): string {
  const url = new URL(base)
  if (id !== 1) url.searchParams.set('window', String(id))
  if (address !== null) url.hash = address
  return url.href
}

/** Brings a window to the front, wherever it is. */
export function bringUp(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function workAreas(): Bounds[] {
  const primary = screen.getPrimaryDisplay()
  return [primary, ...screen.getAllDisplays().filter((display) => display.id !== primary.id)].map((display) => display.workArea)
}

/** The page's `app` and `text` colours. */
const colours = (): { color: string; symbolColor: string } =>
  nativeTheme.shouldUseDarkColors ? { color: '#0e1114', symbolColor: '#e5e9ee' } : { color: '#f1f3f6', symbolColor: '#151a21' }

function followTheme(window: BrowserWindow): void {
  const paint = (): void => {
    window.setBackgroundColor(colours().color)
    if (process.platform !== 'darwin') window.setTitleBarOverlay({ ...colours(), height: titleHeight })
  }
  nativeTheme.on('updated', paint)
  window.once('closed', () => nativeTheme.off('updated', paint))
}

function recover(window: BrowserWindow, firstUrl: string, onProblem: (what: string) => void): void {
  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    onProblem(`The page stopped (${reason}).`)
    crashes.push(Date.now())
    const recent = crashes.filter((at) => at > Date.now() - crashWindowMs).length
    const next = recent > mostCrashes ? stoppedUrl : recovered(window.webContents.getURL() || firstUrl)
    void window.loadURL(next).catch((error: unknown) => onProblem(`The page did not come back: ${String(error)}`))
  })
  window.on('unresponsive', () => void askToReload(window))
}

/** The same address, and with it the same view; the page sees `recovered` and says what happened. */
function recovered(url: string): string {
  const again = new URL(url)
  again.searchParams.set('recovered', '1')
  return again.href
}

async function askToReload(window: BrowserWindow): Promise<void> {
  const answered = new AbortController()
  const dismiss = (): void => answered.abort()
  window.once('responsive', dismiss)
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'The window does not respond.',
    detail: 'It may be drawing something large. Loading it again keeps what is open.',
    buttons: ['Wait', 'Load again'],
    defaultId: 0,
    cancelId: 0,
    signal: answered.signal
  })
  window.off('responsive', dismiss)
  if (response === 1 && !answered.signal.aborted && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer()
}
