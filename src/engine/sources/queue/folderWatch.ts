/** Wakes who waits for something to change in a folder: by the system's notice where it has one, by looking again where it has not. */
import { watch, type FSWatcher } from 'node:fs'

/** Only Linux tells of every write at once; elsewhere, and where no more folders can be watched, it is looked at often enough to be in time. */
const noticedMs = 250
const unnoticedMs = 15

export class FolderWatch {
  private watcher: FSWatcher | null = null
  private hasChanged = false
  private wake: (() => void) | null = null

  constructor(private readonly folder: string) {}

  /** What changes from now on is not missed by the next `change`. */
  look(): void {
    this.hasChanged = false
  }

  /** Settles when something has changed since `look`, or may have. */
  async change(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.begin()
    if (this.hasChanged) return
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
        this.wake = null
        resolve()
      }
      const aborted = (): void => {
        done()
        reject(signal?.reason as Error)
      }
      const timer = setTimeout(done, this.watcher && process.platform === 'linux' ? noticedMs : unnoticedMs)
      signal?.addEventListener('abort', aborted, { once: true })
      this.wake = done
    })
    signal?.throwIfAborted()
  }

  close(): void {
    this.watcher?.close()
    this.watcher = null
    this.wake?.()
  }

  private begin(): void {
    if (this.watcher) return
    try {
      this.watcher = watch(this.folder, { persistent: false }, () => {
        this.hasChanged = true
        this.wake?.()
      })
      this.watcher.on('error', () => this.watcher?.close())
      // What was written before it was watched.
      this.hasChanged = true
    } catch (error) {
      if (!['ENOSPC', 'EMFILE', 'ENFILE', 'ENOSYS', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}
