/** Electron's entry: one instance, its windows, one engine process, and nothing of the work itself. */
import { join } from 'node:path'
import { app, nativeTheme, protocol, session, utilityProcess } from 'electron'
import { configDir } from '#engine/session/services/configDir'
import type { HostHandlers } from '#contract/dispatch'
import { type Answer, withHostMethods } from '#hosting/answer'
import { pageFolder, version } from '#hosting/installation'
import { SecretFile } from '#hosting/secrets'
import { secretHandlers, withSecrets } from '#hosting/withSecrets'
import { deepLinks } from './deepLinks.ts'
import { choosePaths, dialogHandlers } from './dialogs.ts'
import { EngineProcess } from './engineProcess.ts'
import { listenToPage } from './ipc.ts'
import { linkScheme } from './linkScheme.ts'
import { type LaunchSources, launchSources, readLaunchSources } from './launchSources.ts'
import { lockDown } from './lockdown.ts'
import { setMenu } from './menu.ts'
import { openWith } from './openNamed.ts'
import { isOwnUrl, schemePrivileges, servePage } from './protocol.ts'
import { finishBeforeQuit } from './quitting.ts'
import { systemCipher } from './systemCipher.ts'
import { Windows } from './windows.ts'

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
    open({ named: [path], links: [], sample: false })
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    open({ named: [], links: [link], sample: false })
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
    start: (again) => utilityProcess.fork(join(import.meta.dirname, 'engineEntry.js'), again ? ['--session=again'] : [], { serviceName: 'Provscope engine' }),
    onCrash: report
  })
  const secrets = new SecretFile({ folder: configDir(), cipher: systemCipher(process.platform), onProblem: report })
  const hostAnswer = withSecrets(secrets, engine.answer('host'), report)
  const pageAnswer = withSecrets(secrets, engine.answer('page'), report)
  const windows = new Windows({ preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'), devUrl, onProblem: report })
  /** Until the kept theme is known there is no window: it would open in the wrong colours. Nor is there one while the app ends. */
  let begun = false
  /** Whether all windows come back that were open, or one. */
  let restored = true
  const show = (): void => {
    if (begun) windows.show(restored)
  }
  const window = (): ReturnType<Windows['current']> => windows.current()
  const newWindow = (address: string | null): void => {
    if (!begun) return
    if (windows.current() === null) windows.show(false)
    else windows.openNew(address)
  }
  const opener = openWith(hostAnswer, window)
  const followLink = deepLinks({ hostAnswer, window, open: (path) => void opener.named([path]), onProblem: report })
  const hostMethods = {
    ...dialogHandlers(window, hostAnswer),
    ...secretHandlers(secrets),
    'windows.new': ({ address }) => {
      newWindow(address ?? null)
      return {}
    }
  } satisfies HostHandlers

  lockDown(session.defaultSession, devUrl && new URL(devUrl).origin)
  servePage(pageFolder)
  const answer = followTheme(withHostMethods(hostMethods, pageAnswer, (error, method) => report(`${method}: ${String(error)}`)))
  const own = (url: string): boolean => isOwnUrl(url) || (devUrl !== null && URL.parse(url)?.origin === new URL(devUrl).origin)
  listenToPage({ answer, isOwnUrl: own, onDrop: (paths) => void opener.named(paths) })
  /** On macOS the menu outlives the window. */
  const choose = async (kind: 'files' | 'folder'): Promise<void> => {
    const paths = await choosePaths(window(), kind, 'read')
    if (paths.length > 0) show()
    await opener.named(paths)
  }
  setMenu({ openFiles: () => void choose('files'), openFolder: () => void choose('folder'), openSample: () => { show(); void opener.sample() }, newWindow: () => newWindow(null), command: (id) => { show(); windows.command(id) } }, devUrl !== null)
  app.setAboutPanelOptions({ applicationName: 'Provscope', applicationVersion: version })
  if (app.isPackaged) registerLinks()
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  finishBeforeQuit(engine, { onQuit: () => { begun = false }, onProblem: report })
  const pref = async (key: string): Promise<unknown> => {
    const reply = await hostAnswer('prefs.get', { key }, never)
    return reply.ok ? (reply.value as { value: unknown }).value : null
  }
  void Promise.all([pref('theme'), pref('session.restore')]).then(([theme, restore]) => {
    useTheme(theme)
    restored = restore !== false
    begun = true
    show()
  })
  return ({ named, links, sample }) => {
    show()
    void opener.named(named)
    for (const link of links) void followLink(link)
    if (sample) void opener.sample()
  }
}

/** The theme of the settings is the window buttons' and the dialogs' theme too: the page asks for them whenever they have changed. */
function followTheme(answer: Answer): Answer {
  return async (method, params, signal) => {
    const reply = await answer(method, params, signal)
    if (reply.ok && (method === 'settings.list' || method === 'prefs.set')) {
      const theme = await answer('prefs.get', { key: 'theme' }, signal)
      if (theme.ok) useTheme((theme.value as { value: unknown }).value)
    }
    return reply
  }
}

function useTheme(theme: unknown): void {
  nativeTheme.themeSource = theme === 'light' || theme === 'dark' ? theme : 'system'
}

/** From the command line of Windows a link comes as an argument: after the dashes it can be nothing else. */
function registerLinks(): void {
  const registered = process.platform === 'win32' ? app.setAsDefaultProtocolClient(linkScheme, process.execPath, ['--']) : app.setAsDefaultProtocolClient(linkScheme)
  if (!registered) report(`Links of ${linkScheme}:// are not Provscope’s on this system.`)
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
