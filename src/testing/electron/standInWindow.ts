/** A window of the stand-in: it has no picture, but loads, navigates, crashes and closes as one. */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'

export type Rectangle = { x: number; y: number; width: number; height: number }
export type Frame = { url: string }
/** What a window needs of the Electron it belongs to. */
export type WindowHost = {
  windows: StandInWindow[]
  app: EventEmitter & { quitting: boolean }
  session: { reaches(url: string): boolean }
  protocols: Map<string, (request: Request) => Promise<Response> | Response>
  preloadModule(window: StandInWindow): Record<string, unknown>
}

export class StandInWindow extends EventEmitter {
  readonly options: Record<string, unknown>
  readonly webContents: StandInContents
  /** What the page finds on its own `window`. */
  world: Record<string, unknown> = {}
  /** Listeners that the preload put on the page's window. */
  page = new EventTarget()
  shown = false
  focused = 0
  minimized = false
  maximized = false
  backgroundColor = ''
  overlay: unknown = null
  bounds: Rectangle
  readonly #host: WindowHost
  #destroyed = false

  constructor(options: Record<string, unknown>, host: WindowHost) {
    super()
    this.options = options
    this.#host = host
    const { x, y, width, height } = options as Rectangle
    this.bounds = { x, y, width, height }
    this.webContents = new StandInContents(this, host)
    host.windows.push(this)
    host.app.emit('web-contents-created', {}, this.webContents)
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url)
    this.emit('ready-to-show')
  }

  /** Runs the preload as a new page begins: in a world of its own, with `require('electron')` and nothing else of Node. */
  runPreload(): void {
    this.world = {}
    this.webContents.toPage = new EventEmitter()
    this.page = new EventTarget()
    const path = (this.options['webPreferences'] as { preload?: string }).preload
    if (path === undefined) return
    const module = this.#host.preloadModule(this)
    const require = (name: string): unknown => {
      if (name !== 'electron') throw new Error(`module not found: ${name}`)
      return module
    }
    const run = compileFunction(readFileSync(path, 'utf8'), ['require', 'module', 'exports', 'window'], { filename: path })
    run(require, { exports: {} }, {}, this.page)
  }

  /** What `ipcMain` sees of a message sent by this window's page. */
  ipcEvent(): { sender: StandInContents; senderFrame: Frame | null } {
    return { sender: this.webContents, senderFrame: this.webContents.mainFrame }
  }

  /** For tests: a person drops these on the page. */
  drop(files: object[], trusted = true): Event {
    const event = new Event('drop', { cancelable: true })
    Object.defineProperty(event, 'isTrusted', { value: trusted })
    Object.defineProperty(event, 'dataTransfer', { value: { files } })
    this.page.dispatchEvent(event)
    return event
  }

  close(): void {
    if (this.#destroyed) return
    this.emit('close', {})
    this.destroy()
    if (this.#host.windows.length === 0 && !this.#host.app.quitting) this.#host.app.emit('window-all-closed')
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#host.windows.splice(this.#host.windows.indexOf(this), 1)
    this.webContents.emit('destroyed')
    this.emit('closed')
  }

  isDestroyed = (): boolean => this.#destroyed
  show = (): void => { this.shown = true }
  focus = (): void => {
    this.focused++
    this.emit('focus')
  }
  isMinimized = (): boolean => this.minimized
  restore = (): void => { this.minimized = false }
  maximize = (): void => { this.maximized = true }
  isMaximized = (): boolean => this.maximized
  getNormalBounds = (): Rectangle => this.bounds
  setBackgroundColor = (color: string): void => { this.backgroundColor = color }
  setTitleBarOverlay = (overlay: unknown): void => { this.overlay = overlay }

  /** For tests: a person moves it. */
  move(bounds: Rectangle): void {
    this.bounds = bounds
    this.emit('resize')
    this.emit('move')
  }
}

export type Loaded = { url: string; status: number; headers: Headers; text: string }

export class StandInContents extends EventEmitter {
  mainFrame: Frame = { url: '' }
  /** Every address that was loaded, with what came back. */
  readonly loaded: Loaded[] = []
  killed = 0
  /** What the preload of the present page listens to. */
  toPage = new EventEmitter()
  readonly #window: StandInWindow
  readonly #host: WindowHost
  #openHandler: ((details: { url: string }) => { action: string }) | null = null

  constructor(window: StandInWindow, host: WindowHost) {
    super()
    this.#window = window
    this.#host = host
  }

  /** Messages from the main process; the preload gets copies. */
  send = (channel: string, ...args: unknown[]): void => void this.toPage.emit(channel, {}, ...args.map((arg) => structuredClone(arg)))
  getURL = (): string => this.mainFrame.url
  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }): void => { this.#openHandler = handler }

  async load(url: string): Promise<void> {
    const response = await this.#fetch(url)
    this.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false, url })
    this.mainFrame = { url }
    this.#window.runPreload()
    this.loaded.push({ url, status: response.status, headers: response.headers, text: await response.text() })
  }

  /** For tests: the page itself goes somewhere, unless that is prevented. */
  async navigate(url: string, kind: 'will-navigate' | 'will-redirect' | 'will-frame-navigate' = 'will-navigate'): Promise<boolean> {
    let prevented = false
    this.emit(kind, { url, preventDefault: () => { prevented = true } })
    if (!prevented) await this.load(url)
    return !prevented
  }

  /** For tests: the page calls window.open. Electron opens it unless it is denied. */
  opens(url: string): boolean {
    return this.#openHandler === null || this.#openHandler({ url }).action !== 'deny'
  }

  /** For tests: the page asks for a webview. */
  attachesWebview(): boolean {
    let prevented = false
    this.emit('will-attach-webview', { preventDefault: () => { prevented = true } }, {}, {})
    return !prevented
  }

  forcefullyCrashRenderer = (): void => {
    this.killed += 1
    this.crash('killed')
  }

  /** For tests. */
  crash(reason: string): void {
    this.emit('render-process-gone', {}, { reason })
  }

  async #fetch(url: string): Promise<Response> {
    if (!this.#host.session.reaches(url)) throw new Error(`ERR_BLOCKED_BY_CLIENT: ${url}`)
    const handler = this.#host.protocols.get(new URL(url).protocol.slice(0, -1))
    if (!handler) throw new Error(`ERR_UNKNOWN_URL_SCHEME: ${url}`)
    // A Request of Node cannot be of a foreign scheme with a body; the shell reads its address and method only.
    return await handler({ url, method: 'GET' } as Request)
  }
}
