/** Electron's entry: one instance, one window, one engine process, and nothing of the work itself. */
import { join } from 'node:path'
import { app, BrowserWindow, dialog, nativeTheme, protocol, session, utilityProcess } from 'electron'
import type { Reply } from '#contract/reply'
import { type Answer, withHostMethods } from '#hosting/answer'
import { pageFolder, version } from '#hosting/installation'
import { choosePaths, dialogHandlers } from './dialogs.ts'
import { EngineProcess } from './engineProcess.ts'
import { listenToPage } from './ipc.ts'
import { type LaunchSources, launchSources, readLaunchSources } from './launchSources.ts'
import { lockDown } from './lockdown.ts'
import { setMenu } from './menu.ts'
import { isOwnUrl, schemePrivileges, servePage } from './protocol.ts'
import { bringUp, openWindow } from './window.ts'

const devUrl = developmentUrl()
const never = new AbortController().signal
const asked = launchSources(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd())

app.setName('Provscope')
app.enableSandbox()
protocol.registerSchemesAsPrivileged(schemePrivileges)
if (app.requestSingleInstanceLock(asked)) start()
else app.quit()

function start(): void {
  const queued: LaunchSources[] = [asked]
  let open = (sources: LaunchSources): void => void queued.push(sources)
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open({ paths: [path], sample: false })
  })
  app.on('second-instance', (_event, _argv, _folder, sent) => open(readLaunchSources(sent)))
  void app.whenReady().then(() => {
    open = run()
    for (const sources of queued) open(sources)
  })
}

/** @returns what opens further sources in the running app */
function run(): (sources: LaunchSources) => void {
  const engine = new EngineProcess({
    start: () => utilityProcess.fork(join(import.meta.dirname, 'engineEntry.js'), [], { serviceName: 'Provscope engine' }),
    onCrash: report
  })
  const hostAnswer = engine.answer('host')
  let window: BrowserWindow | null = null
  /** Until the kept theme is known there is no window: it would open in the wrong colours. */
  let begun = false
  const show = (): void => {
    if (!begun) return
    if (window) return bringUp(window)
    window = openWindow({ preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'), devUrl, onProblem: report })
    window.once('closed', () => { window = null })
  }
  const openPaths = async (paths: string[]): Promise<void> => {
    if (paths.length === 0) return
    for (const path of paths) app.addRecentDocument(path)
    await tellFailure(window, hostAnswer('sources.openPaths', { paths }, never))
  }
  const openSample = (): Promise<void> => tellFailure(window, hostAnswer('sources.openSample', {}, never))

  lockDown(session.defaultSession, devUrl && new URL(devUrl).origin)
  servePage(pageFolder)
  const answer = followTheme(withHostMethods(dialogHandlers(() => window, hostAnswer), engine.answer('page'), (error, method) => report(`${method}: ${String(error)}`)))
  const own = (url: string): boolean => isOwnUrl(url) || (devUrl !== null && URL.parse(url)?.origin === new URL(devUrl).origin)
  listenToPage({ answer, isOwnUrl: own, onDrop: (paths) => void openPaths(paths) })
  /** On macOS the menu outlives the window. */
  const choose = async (kind: 'files' | 'folder'): Promise<void> => {
    const paths = await choosePaths(window, kind)
    if (paths.length > 0) show()
    await openPaths(paths)
  }
  setMenu({ openFiles: () => void choose('files'), openFolder: () => void choose('folder'), openSample: () => { show(); void openSample() } }, devUrl !== null)
  app.setAboutPanelOptions({ applicationName: 'Provscope', applicationVersion: version })
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  closeBeforeQuit(engine)
  void hostAnswer('prefs.get', { key: 'theme' }, never).then((reply) => {
    if (reply.ok) useTheme((reply.value as { value: unknown }).value)
    begun = true
    show()
  })
  return ({ paths, sample }) => {
    show()
    void openPaths(paths)
    if (sample) void openSample()
  }
}

/** What the page keeps as its theme is the window buttons' and the dialogs' theme too. */
function followTheme(answer: Answer): Answer {
  return async (method, params, signal) => {
    const reply = await answer(method, params, signal)
    if (reply.ok && method === 'prefs.set' && typeof params === 'object' && params !== null && 'key' in params && params.key === 'theme') useTheme('value' in params ? params.value : null)
    return reply
  }
}

function useTheme(theme: unknown): void {
  nativeTheme.themeSource = theme === 'light' || theme === 'dark' ? theme : 'system'
}

/** The engine's temporary files go before the process does. */
function closeBeforeQuit(engine: EngineProcess): void {
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void engine.close().finally(() => {
      closed = true
      app.quit()
    })
  })
}

async function tellFailure(window: BrowserWindow | null, answered: Promise<Reply<unknown>>): Promise<void> {
  const reply = await answered
  if (reply.ok) return
  const box = { type: 'error' as const, message: 'This could not be opened.', detail: reply.error.message }
  await (window ? dialog.showMessageBox(window, box) : dialog.showMessageBox(box))
}

/** Only what electron-vite itself started from a checkout, and only on this machine. */
function developmentUrl(): string | null {
  const url = process.env['ELECTRON_RENDERER_URL']
  if (app.isPackaged || url === undefined || process.env['NODE_ENV_ELECTRON_VITE'] !== 'development') return null
  return /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/.test(url) ? url : null
}

function report(what: string): void {
  process.stderr.write(`${what}\n`)
}
