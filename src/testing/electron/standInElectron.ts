/**
 * An in-memory `electron` for tests: the parts that the shell uses, wired to each other as Electron wires them. Windows load
 * addresses through the registered protocol, and the preload runs against an `ipcRenderer` that reaches the `ipcMain` there is.
 */
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StandInSafeStorage } from './standInSafeStorage.ts'
import { StandInUtilityProcess } from './utilityProcess.ts'
import { StandInWindow, type WindowHost } from './standInWindow.ts'

type Handler = (event: unknown, ...args: unknown[]) => unknown
type Display = { id: number; workArea: { x: number; y: number; width: number; height: number } }
export type MenuItem = { id?: string; type?: string; registerAccelerator?: boolean; label?: string; role?: string; accelerator?: string; click?: () => void; submenu?: MenuItem[] }

/** An event that can be prevented, as Electron passes to listeners. */
export class PreventableEvent {
  defaultPrevented = false
  preventDefault = (): void => { this.defaultPrevented = true }
}

export type StandInOptions = {
  packaged?: boolean
  firstInstance?: boolean
  displays?: Display[]
  dark?: boolean
  /** A module that runs in place of the one that the shell names for a process. */
  engineModule?: string
}

export class StandInElectron {
  readonly folder = mkdtempSync(join(tmpdir(), 'provscope-electron-'))
  /** What the shell asked of the machine, in order. */
  readonly asked = { opened: [] as string[], revealed: [] as string[], recent: [] as string[], dialogs: [] as { kind: string; options: Record<string, unknown>; window: StandInWindow | null }[], notified: [] as { title: string; body: string; click: () => void }[], privileges: [] as unknown[], lock: undefined as unknown }
  /** What a person will answer to dialogs, in turn. */
  readonly answers = { open: [] as string[][], save: [] as (string | null)[], message: [] as (number | Promise<number>)[] }
  readonly windows: StandInWindow[] = []
  readonly app = new StandInApp(this)
  readonly ipcMain = new StandInIpcMain()
  readonly nativeTheme: EventEmitter & { shouldUseDarkColors: boolean; themeSource: string }
  readonly session: StandInSession
  readonly safeStorage = new StandInSafeStorage()
  readonly displays: Display[]
  readonly paths = new Map<object, string>()
  menu: MenuItem[] = []
  /** Every process that was started beside the main one. */
  readonly engines: StandInUtilityProcess[] = []
  protocols = new Map<string, (request: Request) => Promise<Response> | Response>()
  readonly firstInstance: boolean
  readonly packaged: boolean
  /** Whether the system shows notifications. */
  notifies = true
  readonly engineModule: string | undefined
  /** Set to see what a page exposes; keyed by the name in the page's world. */
  exposed: Record<string, unknown> = {}

  constructor({ packaged = false, firstInstance = true, displays = [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }], dark = false, engineModule }: StandInOptions = {}) {
    this.engineModule = engineModule
    this.packaged = packaged
    this.firstInstance = firstInstance
    this.displays = displays
    this.session = new StandInSession()
    this.nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: dark, themeSource: 'system' })
  }

  readonly #disposals: (() => void)[] = []
  onDispose(disposal: () => void): void {
    this.#disposals.unshift(disposal)
  }

  dispose(): void {
    for (const disposal of this.#disposals) disposal()
    for (const window of this.windows.slice()) window.destroy()
    for (const { child } of this.engines) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }

  /** What `import … from 'electron'` gives in the main process. */
  mainModule(): Record<string, unknown> {
    return {
      app: this.app,
      BrowserWindow: windowClass(this),
      dialog: this.#dialog(),
      ipcMain: this.ipcMain,
      Menu: { buildFromTemplate: (template: MenuItem[]) => template, setApplicationMenu: (menu: MenuItem[]) => { this.menu = menu } },
      nativeTheme: this.nativeTheme,
      Notification: notificationClass(this),
      protocol: {
        registerSchemesAsPrivileged: (schemes: unknown[]) => {
          if (this.app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
          this.asked.privileges.push(...schemes)
        },
        handle: (scheme: string, handler: (request: Request) => Promise<Response> | Response) => void this.protocols.set(scheme, handler)
      },
      safeStorage: this.safeStorage.module(() => this.app.isReady()),
      screen: { getPrimaryDisplay: () => this.displays[0], getAllDisplays: () => this.displays },
      session: { defaultSession: this.session },
      utilityProcess: {
        fork: (modulePath: string, args: string[] = []) => {
          if (!this.app.isReady()) throw new Error('utilityProcess cannot be created before app is ready.')
          const child = new StandInUtilityProcess(this.engineModule ?? modulePath, (text) => process.stderr.write(text), args)
          this.engines.push(child)
          return child
        }
      },
      shell: {
        openExternal: (url: string) => { this.asked.opened.push(url); return Promise.resolve() },
        showItemInFolder: (path: string) => void this.asked.revealed.push(path)
      }
    }
  }

  /** What `require('electron')` gives in the sandboxed preload of a window. */
  preloadModule(window: StandInWindow): Record<string, unknown> {
    const cloned = (args: unknown[]): unknown[] => args.map((arg) => structuredClone(arg))
    return {
      contextBridge: {
        exposeInMainWorld: (name: string, api: Record<string, (...args: unknown[]) => unknown>) => {
          window.world[name] = Object.fromEntries(Object.entries(api).map(([key, value]) => [key, (...args: unknown[]) => value(...args.map((arg) => (typeof arg === 'function' ? arg : structuredClone(arg))))]))
        }
      },
      ipcRenderer: {
        invoke: async (channel: string, ...args: unknown[]) => structuredClone(await this.ipcMain.invoke(channel, window.ipcEvent(), cloned(args))),
        send: (channel: string, ...args: unknown[]) => void this.ipcMain.emit(channel, window.ipcEvent(), ...cloned(args)),
        on: (channel: string, listener: (...args: unknown[]) => void) => void window.webContents.toPage.on(channel, listener),
        off: (channel: string, listener: (...args: unknown[]) => void) => void window.webContents.toPage.off(channel, listener)
      },
      webUtils: { getPathForFile: (file: object) => this.paths.get(file) ?? '' }
    }
  }

  #dialog(): Record<string, (...args: unknown[]) => Promise<unknown>> {
    const note = (kind: string, args: unknown[]): Record<string, unknown> => {
      const [window, options] = args.length > 1 ? [args[0] as StandInWindow, args[1]] : [null, args[0]]
      this.asked.dialogs.push({ kind, options: options as Record<string, unknown>, window })
      return options as Record<string, unknown>
    }
    return {
      showOpenDialog: (...args) => {
        note('open', args)
        const filePaths = this.answers.open.shift() ?? []
        return Promise.resolve({ canceled: filePaths.length === 0, filePaths })
      },
      showSaveDialog: (...args) => {
        note('save', args)
        const filePath = this.answers.save.shift() ?? null
        return Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' })
      },
      showMessageBox: async (...args) => {
        const options = note('message', args)
        const dismissed = new Promise<number>((resolve) => (options['signal'] as AbortSignal | undefined)?.addEventListener('abort', () => resolve(Number(options['cancelId'] ?? 0))))
        return { response: await Promise.race([Promise.resolve(this.answers.message.shift() ?? 0), dismissed]) }
      }
    }
  }
}

function windowClass(host: WindowHost): unknown {
  return class extends StandInWindow {
    constructor(options: Record<string, unknown>) {
      super(options, host)
    }
    static fromWebContents = (contents: unknown): StandInWindow | null => host.windows.find((window) => window.webContents === contents) ?? null
  }
}

class StandInApp extends EventEmitter {
  readonly #electron: StandInElectron
  #ready = false
  #resolveReady: () => void = () => undefined
  readonly #whenReady = new Promise<void>((resolve) => { this.#resolveReady = resolve })
  sandboxed = false
  about: Record<string, unknown> | null = null
  aboutShown = 0
  exited = false
  name = ''

  constructor(electron: StandInElectron) {
    super()
    this.#electron = electron
  }

  get isPackaged(): boolean {
    return this.#electron.packaged
  }

  /** For tests: Electron has started up. */
  becomeReady(): void {
    this.#ready = true
    this.#resolveReady()
  }

  /** For tests: how long it takes until the process is gone. */
  untilExit(): Promise<void> {
    return new Promise((resolve) => (this.exited ? resolve() : this.once('stand-in-exit', resolve)))
  }

  isReady = (): boolean => this.#ready
  whenReady = (): Promise<void> => this.#whenReady
  setName = (name: string): void => { this.name = name }
  getPath = (): string => this.#electron.folder
  enableSandbox = (): void => { this.sandboxed = !this.#ready }
  addRecentDocument = (path: string): void => void this.#electron.asked.recent.push(path)
  setAboutPanelOptions = (options: Record<string, unknown>): void => { this.about = options }
  /** Schemes whose links the system hands to the app, with what it is started with. */
  readonly protocolClients: unknown[][] = []
  setAsDefaultProtocolClient = (...args: unknown[]): boolean => this.protocolClients.push(args) > 0
  showAboutPanel = (): void => void this.aboutShown++

  requestSingleInstanceLock = (sent: unknown): boolean => {
    this.#electron.asked.lock = structuredClone(sent)
    return this.#electron.firstInstance
  }

  /** Windows that close on the way are no reason to say that all have closed. */
  quitting = false
  quit = (): void => {
    if (this.quitting || this.exited) return
    this.quitting = true
    this.emit('before-quit', new PreventableEvent())
    for (const window of this.#electron.windows.slice()) window.close()
    const event = new PreventableEvent()
    this.emit('will-quit', event)
    this.quitting = false
    if (event.defaultPrevented) return
    this.exited = true
    this.emit('stand-in-exit')
  }
}

class StandInIpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }

  get channels(): string[] {
    return [...this.#handlers.keys(), ...this.eventNames().map(String)]
  }

  async invoke(channel: string, event: unknown, args: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    return await handler(event, ...args)
  }
}

class StandInSession extends EventEmitter {
  permissionRequest: ((contents: unknown, permission: string, answer: (granted: boolean) => void, details: object) => void) | null = null
  permissionCheck: ((contents: unknown, permission: string, origin: string, details: object) => boolean) | null = null
  devicePermission: ((details: object) => boolean) | null = null
  beforeRequest: ((details: { url: string }, answer: (answer: { cancel?: boolean }) => void) => void) | null = null
  spellChecker = true
  setPermissionRequestHandler = (handler: typeof this.permissionRequest): void => { this.permissionRequest = handler }
  setPermissionCheckHandler = (handler: typeof this.permissionCheck): void => { this.permissionCheck = handler }
  setDevicePermissionHandler = (handler: typeof this.devicePermission): void => { this.devicePermission = handler }
  setSpellCheckerEnabled = (on: boolean): void => { this.spellChecker = on }
  webRequest = { onBeforeRequest: (handler: typeof this.beforeRequest): void => { this.beforeRequest = handler } }

  /** For tests. Electron allows what nobody forbids. */
  requests(permission: string, details: object): boolean {
    let granted = true
    this.permissionRequest?.(null, permission, (answer) => { granted = answer }, details)
    return granted
  }

  /** For tests. */
  checks(permission: string, origin: string, details: object): boolean {
    return this.permissionCheck?.(null, permission, origin, details) ?? true
  }

  /** For tests: whether a request to this address would leave the process. */
  reaches(url: string): boolean {
    let cancelled = false
    this.beforeRequest?.({ url }, ({ cancel }) => { cancelled = cancel === true })
    return !cancelled
  }
}

function notificationClass(electron: StandInElectron): unknown {
  return class extends EventEmitter {
    static isSupported(): boolean {
      return electron.notifies
    }

    constructor(readonly options: { title: string; body: string }) {
      super()
    }

    show(): void {
      electron.asked.notified.push({ ...this.options, click: () => void this.emit('click') })
    }
  }
}
