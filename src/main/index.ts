/** Electron's entry: one instance, one window, one engine process, and nothing of the work itself. */
import { join } from 'node:path'
import { app, type BrowserWindow, nativeTheme, protocol, session, utilityProcess } from 'electron'
import { configDir } from '#engine/session/services/configDir'
import { type Answer, withHostMethods } from '#hosting/answer'
import { pageFolder, version } from '#hosting/installation'
import { SecretFile } from '#hosting/secrets'
import { secretHandlers, withSecrets } from '#hosting/withSecrets'
import { choosePaths, dialogHandlers } from './dialogs.ts'
import { EngineProcess } from './engineProcess.ts'
import { listenToPage } from './ipc.ts'
import { type LaunchSources, launchSources, readLaunchSources } from './launchSources.ts'
import { lockDown } from './lockdown.ts'
import { setMenu } from './menu.ts'
import { openWith } from './openNamed.ts'
import { isOwnUrl, schemePrivileges, servePage } from './protocol.ts'
import { finishBeforeQuit } from './quitting.ts'
import { systemCipher } from './systemCipher.ts'
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
    open({ named: [path], sample: false })
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
  const secrets = new SecretFile({ folder: configDir(), cipher: systemCipher(process.platform), onProblem: report })
  const hostAnswer = withSecrets(secrets, engine.answer('host'), report)
  const pageAnswer = withSecrets(secrets, engine.answer('page'), report)
  let window: BrowserWindow | null = null
  /** Until the kept theme is known there is no window: it would open in the wrong colours. Nor is there one while the app ends. */
  let begun = false
  const show = (): void => {
    if (!begun) return
    if (window) return bringUp(window)
    window = openWindow({ preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'), devUrl, onProblem: report })
    window.once('closed', () => { window = null })
  }
  const opener = openWith(hostAnswer, () => window)
  const hostMethods = { ...dialogHandlers(() => window, hostAnswer), ...secretHandlers(secrets) }

  lockDown(session.defaultSession, devUrl && new URL(devUrl).origin)
  servePage(pageFolder)
  const answer = followTheme(withHostMethods(hostMethods, pageAnswer, (error, method) => report(`${method}: ${String(error)}`)))
  const own = (url: string): boolean => isOwnUrl(url) || (devUrl !== null && URL.parse(url)?.origin === new URL(devUrl).origin)
  listenToPage({ answer, isOwnUrl: own, onDrop: (paths) => void opener.named(paths) })
  /** On macOS the menu outlives the window. */
  const choose = async (kind: 'files' | 'folder'): Promise<void> => {
    const paths = await choosePaths(window, kind, 'read')
    if (paths.length > 0) show()
    await opener.named(paths)
  }
  setMenu({ openFiles: () => void choose('files'), openFolder: () => void choose('folder'), openSample: () => { show(); void opener.sample() } }, devUrl !== null)
  app.setAboutPanelOptions({ applicationName: 'Provscope', applicationVersion: version })
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  finishBeforeQuit(engine, { onQuit: () => { begun = false }, onProblem: report })
  void hostAnswer('prefs.get', { key: 'theme' }, never).then((reply) => {
    if (reply.ok) useTheme((reply.value as { value: unknown }).value)
    begun = true
    show()
  })
  return ({ named, sample }) => {
    show()
    void opener.named(named)
    if (sample) void opener.sample()
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

/** Only what electron-vite itself started from a checkout, and only on this machine. */
function developmentUrl(): string | null {
  const url = process.env['ELECTRON_RENDERER_URL']
  if (app.isPackaged || url === undefined || process.env['NODE_ENV_ELECTRON_VITE'] !== 'development') return null
  return /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/.test(url) ? url : null
}

function report(what: string): void {
  process.stderr.write(`${what}\n`)
}
