/** One `test` for both hosts: `workbench.open(…)` gives the page of a workbench of its own, whichever host shows it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { _electron, type Browser, chromium, expect, type Page, test as base } from '@playwright/test'
import { findChromium } from '../bin/chromium.mjs'
import { findDesktop } from '../src/headless/desktop.ts'

export { expect }
export type HostName = 'served' | 'desktop'

export type Opening = {
  /** Paths from the root of the repository, absolute ones, or addresses of queues and databases; opened together. None: the workbench begins empty. */
  sources?: string[]
  theme?: 'light' | 'dark'
  size?: { width: number; height: number }
  /** Text size and motion as a person sets them in the system. */
  reducedMotion?: boolean
  forcedColors?: boolean
  /** Language and zone of the browser; served mode only. */
  locale?: string
  timezoneId?: string
  /** What the page may do, such as `clipboard-read`. Served mode only: the desktop grants nothing. */
  permissions?: string[]
  /** Added to the environment, as a person's shell or a job would: MQ_HOST and its like. */
  env?: Record<string, string>
  /** Where the server listens; 0, the default, takes a free port. */
  port?: number
}

export type Workbench = {
  host: HostName
  /** Each workbench is one of its own; they share the settings folder, as a later start of the program does. */
  open: (opening?: Opening) => Promise<Page>
  /** An empty folder for what the spec writes; removed at its end. The folder dialog begins here. */
  folder: string
  /** Where settings are kept. */
  configFolder: string
  /** Ends the servers of this spec so far, as the end of their machine would; served mode only. */
  endServers: () => Promise<void>
  /** What broke the page's policy or threw in it so far; a spec that expects none need not look: it fails at its end. */
  faults: string[]
}

export const root = resolve(import.meta.dirname, '..')
export const sample = 'resources/samples/weather_stations.jsonl'
const startWithinMs = 60_000

export const test = base.extend<{ workbench: Workbench; hostName: HostName }, { chrome: () => Promise<Browser> }>({
  hostName: ['served', { option: true }],
  /** One browser a worker, from the first spec that needs it; what a page keeps is its context's, and each page has one of its own. */
  chrome: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from it what a fixture needs
    async ({}, use) => {
      let launched = null as Promise<Browser> | null
      await use(async () => {
        // One that crashed takes no further spec with it.
        if (launched !== null && !(await launched).isConnected()) launched = null
        return await (launched ??= launchChromium())
      })
      await (await launched)?.close()
    },
    { scope: 'worker' }
  ],
  workbench: async ({ chrome, hostName }, use, info) => {
    const faults: string[] = []
    const cleanUp: (() => Promise<unknown>)[] = []
    const folder = await mkdtemp(join(tmpdir(), 'provscope-e2e-'))
    cleanUp.push(() => rm(folder, { recursive: true, force: true }))
    const files = join(folder, 'files')
    await mkdir(files)
    const servers: Server[] = []
    const desktop = hostName === 'desktop' ? await findDesktop({ onDownload: () => undefined }) : null
    if (desktop && 'missing' in desktop) info.skip(true, `No desktop app here: ${desktop.missing}.`)
    const open = async (opening: Opening = {}): Promise<Page> => {
      const page = desktop && 'electron' in desktop ? await openDesktop(desktop.electron, opening, folder, cleanUp) : await openServed(opening, { chrome, folder, servers, faults, cleanUp })
      if (hostName === 'desktop') watch(page, faults)
      // Drawn from the engine's first answer: keys and menus act from then on.
      await page.locator('main > *').first().waitFor()
      return page
    }
    await use({ host: hostName, open, faults, folder: files, configFolder: join(folder, 'config'), endServers: async () => void (await Promise.all(servers.map(stop))) })
    for (const clean of cleanUp.reverse()) await clean()
    expect(faults, 'the page ran without faults').toEqual([])
  }
})

type Spec = { chrome: () => Promise<Browser>; folder: string; servers: Server[]; faults: string[]; cleanUp: (() => Promise<unknown>)[] }

async function openServed({ sources = [], theme = 'light', size = { width: 1440, height: 900 }, reducedMotion = true, forcedColors = false, permissions = [], port = 0, env = {}, locale, timezoneId }: Opening, { chrome, folder, servers, faults, cleanUp }: Spec): Promise<Page> {
  const server = spawn(process.execPath, [join(root, 'bin', 'provscope.mjs'), 'serve', '--no-open', '--port', String(port), ...sources.map((name) => (name.includes('://') ? name : resolve(root, name)))], {
    cwd: join(folder, 'files'),
    env: { ...process.env, ...env, PROVSCOPE_CONFIG_DIR: join(folder, 'config'), TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  servers.push(server)
  cleanUp.push(() => stop(server))
  const url = await readyUrl(server)
  const context = await (await chrome()).newContext({ viewport: size, colorScheme: theme, reducedMotion: reducedMotion ? 'reduce' : 'no-preference', forcedColors: forcedColors ? 'active' : 'none', acceptDownloads: true, permissions, ...(locale !== undefined && { locale }), ...(timezoneId !== undefined && { timezoneId }) })
  cleanUp.push(() => context.close())
  const page = await context.newPage()
  watch(page, faults)
  await page.goto(url)
  return page
}

async function launchChromium(): Promise<Browser> {
  const executablePath = await findChromium()
  if (executablePath === null) throw new Error('No Chromium was found; set PROVSCOPE_CHROMIUM to one.')
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

async function openDesktop(electron: string, { sources = [], theme = 'light', size = { width: 1440, height: 900 }, reducedMotion = true, forcedColors = false, env = {} }: Opening, folder: string, cleanUp: (() => Promise<unknown>)[]): Promise<Page> {
  const app = await _electron.launch({
    executablePath: electron,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${join(folder, 'user')}`, root, '--', ...sources],
    cwd: root,
    env: { ...process.env, ...env, PROVSCOPE_CONFIG_DIR: join(folder, 'config') } as Record<string, string>
  })
  cleanUp.push(() => app.close())
  const page = await app.firstWindow()
  await page.emulateMedia({ colorScheme: theme, reducedMotion: reducedMotion ? 'reduce' : 'no-preference', forcedColors: forcedColors ? 'active' : 'none' })
  await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size)
  return page
}

function watch(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`${error.name}: ${error.message}\n${error.stack ?? ''}`))
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught|Maximum update depth|unique "key"/i.test(message.text())) faults.push(message.text())
  })
}

type Server = ChildProcessByStdio<null, Readable, null>

function readyUrl(server: Server): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    let said = ''
    const timer = setTimeout(() => reject(new Error(`The server did not start: ${said}`)), startWithinMs)
    server.stdout.on('data', (part: Buffer) => {
      said += part.toString('utf8')
      const url = /^Provscope is ready at (\S+)$/m.exec(said)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolveUrl(url)
    })
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)))
  })
}

async function stop(server: Server): Promise<void> {
  if (server.exitCode !== null) return
  const gone = new Promise((resolveGone) => server.once('exit', resolveGone))
  server.kill('SIGTERM')
  await gone
}
