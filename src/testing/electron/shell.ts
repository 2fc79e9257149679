/** Runs the built shell (out/main/index.js, out/preload/index.cjs) against a stand-in Electron, with the real engine in its process. */
import { execFileSync } from 'node:child_process'
import { createRequire, register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Reply } from '#contract/reply'
import { StandInElectron, type StandInOptions } from './standInElectron.ts'
import type { StandInWindow } from './standInWindow.ts'

export const root = resolve(import.meta.dirname, '..', '..', '..')
const { nativeImport } = createRequire(import.meta.url)('./nativeImport.cjs') as { nativeImport: (url: string) => Promise<unknown> }

const names = ['app', 'BrowserWindow', 'dialog', 'ipcMain', 'Menu', 'nativeTheme', 'Notification', 'protocol', 'safeStorage', 'screen', 'session', 'shell', 'utilityProcess']
/** Each shell's own `electron`, found by the number in the address of the module that imports it. */
const hook = `
export const resolve = async (specifier, context, next) => {
  if (specifier !== 'electron') return next(specifier, context)
  const number = new URL(context.parentURL).searchParams.get('shell')
  const code = 'export const { ${names.join(', ')} } = globalThis.standInElectrons.get(' + number + ')'
  return { url: 'data:text/javascript,' + encodeURIComponent(code), shortCircuit: true }
}`
const electrons = new Map<number, Record<string, unknown>>()
let registered = false

export type Shell = {
  electron: StandInElectron
  /** Its one window, once there is one. */
  window: () => Promise<StandInWindow>
  /** A call as the page makes it. */
  call: <T>(method: string, params?: unknown, callId?: string) => Promise<Reply<T>>
  /** What was written to stderr. */
  said: () => string
}

export type ShellOptions = StandInOptions & { args?: string[]; env?: Record<string, string>; electron?: StandInElectron; ready?: boolean; platform?: NodeJS.Platform; /** Of the built app, if not this checkout's. */ folder?: string }

/** Builds what is stale first, so that a test never runs yesterday's shell. */
export function buildShell(): void {
  execFileSync(process.execPath, [join(root, 'bin', 'build.mjs')], { stdio: 'inherit' })
}

export async function startShell({ args = [], env = {}, ready = true, electron, platform = 'linux', folder = root, ...options }: ShellOptions = {}): Promise<Shell> {
  if (!registered) {
    Object.assign(globalThis, { standInElectrons: electrons })
    register(`data:text/javascript,${encodeURIComponent(hook)}`)
    registered = true
  }
  const standIn = electron ?? new StandInElectron(options)
  const number = electrons.size + 1
  electrons.set(number, standIn.mainModule())
  const said: string[] = []
  const restore = arrange(standIn, args, { ...env, platform }, said)
  try {
    await nativeImport(`${pathToFileURL(join(folder, 'out', 'main', 'index.js')).href}?shell=${number}`)
    if (ready) standIn.app.becomeReady()
    await new Promise((settled) => setImmediate(settled))
  } finally {
    restore()
  }
  const window = async (): Promise<StandInWindow> => {
    for (;;) {
      const [first] = standIn.windows
      if (first && first.webContents.loaded.length > 0) return first
      await new Promise((later) => setTimeout(later, 5))
    }
  }
  const call = async <T>(method: string, params: unknown = {}, callId?: string): Promise<Reply<T>> => {
    const { provscope } = (await window()).world as { provscope: { call: (...args: unknown[]) => Promise<Reply<T>> } }
    return provscope.call(method, params, callId)
  }
  return { electron: standIn, window, call, said: () => said.join('') }
}

/** What the shell reads when it starts: its arguments, its environment; and what it writes, kept to be looked at. */
function arrange(standIn: StandInElectron, args: string[], { platform, ...env }: Record<string, string>, said: string[]): () => void {
  const { argv, stderr } = process
  const host = Object.getOwnPropertyDescriptor(process, 'platform')
  Object.defineProperty(process, 'platform', { ...host, value: platform })
  const own = { PROVSCOPE_CONFIG_DIR: join(standIn.folder, 'config'), ...env }
  const before = Object.fromEntries(Object.keys(own).map((key) => [key, process.env[key]]))
  process.argv = [argv[0] ?? '', ...(standIn.packaged ? [] : ['.']), ...args]
  Object.assign(process.env, own)
  const write = stderr.write.bind(stderr)
  stderr.write = ((text: string) => { said.push(text); return true }) as typeof stderr.write
  standIn.onDispose(() => {
    stderr.write = write
    Object.defineProperty(process, 'platform', { ...host })
    for (const [key, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[key]
      else process.env[key] = value
    }
  })
  return () => { process.argv = argv }
}
