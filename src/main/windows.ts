/** All windows of the app: each with a workbench of its own over the one engine, where it was, and in the order in which they were used. */
import { join } from 'node:path'
import { app, type BrowserWindow } from 'electron'
import { bringUp, openWindow } from './window.ts'
import { type Bounds, type KeptWindow, readWindows, writeWindows } from './windowState.ts'

const saveAfterMs = 500
/** A further window does not hide the one it was opened from. */
const stepPx = 28

export type WindowsOptions = { preload: string; devUrl: string | null; onProblem: (what: string) => void }

export class Windows {
  readonly #options: WindowsOptions
  readonly #path = join(app.getPath('userData'), 'window.json')
  /** The one used last at the end. */
  readonly #open = new Map<number, BrowserWindow>()
  /** What is known of each, open or to be opened again. */
  readonly #kept = new Map<number, KeptWindow>()
  #timer: NodeJS.Timeout | undefined
  #quitting = false

  constructor(options: WindowsOptions) {
    this.#options = options
    for (const window of readWindows(this.#path)) this.#kept.set(window.id, window)
    app.on('before-quit', () => { this.#quitting = true })
  }

  /** The one used last. */
  current(): BrowserWindow | null {
    return [...this.#open.values()].at(-1) ?? null
  }

  /** Brings the one used last to the front, or opens those that were open. @param all of them, or only the first */
  show(all: boolean): void {
    const current = this.current()
    if (current) return bringUp(current)
    this.#quitting = false
    const [first, ...others] = this.#kept.values()
    if (!all) for (const { id } of others) this.#kept.delete(id)
    for (const kept of [...(all ? others : []), ...(first ? [first] : [])]) this.#openOne(kept, null)
  }

  /** A further one, beside the one used last. */
  openNew(address: string | null): void {
    const id = this.#freeId()
    const beside = this.current()?.getNormalBounds()
    const bounds: Bounds | null = beside ? { ...beside, x: beside.x + stepPx, y: beside.y + stepPx } : null
    const kept = { id, bounds, maximised: false }
    this.#kept.set(id, kept)
    this.#openOne(kept, address)
    this.#save()
  }

  /** Asks the page that is used now to run one of its commands. */
  command(id: string): void {
    this.current()?.webContents.send('command', id)
  }

  #openOne(kept: KeptWindow, address: string | null): void {
    const { id } = kept
    const window = openWindow({ ...this.#options, id, state: kept, address })
    this.#open.set(id, window)
    const note = (): void => void this.#kept.set(id, { id, bounds: window.getNormalBounds(), maximised: window.isMaximized() })
    const saveSoon = (): void => {
      note()
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#save(), saveAfterMs)
    }
    window.on('resize', saveSoon)
    window.on('move', saveSoon)
    window.on('focus', () => {
      if (this.#open.delete(id)) this.#open.set(id, window)
    })
    window.on('close', () => {
      note()
      // One that is closed while others stay is done with; the last one, and all when the app ends, come back.
      if (!this.#quitting && this.#open.size > 1) this.#kept.delete(id)
      this.#save()
    })
    window.once('closed', () => void this.#open.delete(id))
  }

  #freeId(): number {
    let id = 1
    while (this.#kept.has(id) || this.#open.has(id)) id++
    return id
  }

  #save(): void {
    clearTimeout(this.#timer)
    try {
      writeWindows(this.#path, [...this.#kept.values()])
    } catch (error) {
      this.#options.onProblem(`The window’s place was not saved: ${String(error)}`)
    }
  }
}
