/** Files kept open for reading by place, the least used closed when there are many. */
import { type FileHandle, open } from 'node:fs/promises'
import { whyNot } from './expand.ts'

const defaultLimit = 64

/** Which file a path led to when it was first opened. */
type Identity = { dev: number; ino: number }

type Entry = { handle: Promise<FileHandle>; users: number }

/** A file replaced on disk goes on being read as it was, as long as it stays open; reopened, it is refused. */
export class OpenFiles {
  readonly #limit: number
  readonly #open = new Map<string, Entry>()
  readonly #identities = new Map<string, Identity>()

  constructor(limit = defaultLimit) {
    this.#limit = limit
  }

  /** Runs `job` with the file open; it is not closed meanwhile. */
  async use<R>(path: string, job: (handle: FileHandle) => Promise<R>): Promise<R> {
    const entry = this.#open.get(path) ?? { handle: this.#openSame(path), users: 0 }
    this.#open.delete(path)
    this.#open.set(path, entry)
    entry.users++
    try {
      return await job(await entry.handle)
    } catch (error) {
      if (this.#open.get(path) === entry && (await settled(entry.handle)) === null) this.#open.delete(path)
      throw error
    } finally {
      entry.users--
      await this.#closeLeastUsed()
    }
  }

  async close(): Promise<void> {
    const entries = [...this.#open.values()]
    this.#open.clear()
    this.#identities.clear()
    await Promise.all(entries.map(async (entry) => (await settled(entry.handle))?.close()))
  }

  async #openSame(path: string): Promise<FileHandle> {
    const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      throw new Error(whyNot(error, path), { cause: error })
    })
    const { dev, ino } = await handle.stat()
    const known = this.#identities.get(path)
    if (known !== undefined && (known.dev !== dev || known.ino !== ino)) {
      await handle.close()
      throw new Error(`${path} is another file now than the one that was read.`)
    }
    this.#identities.set(path, { dev, ino })
    return handle
  }

  async #closeLeastUsed(): Promise<void> {
    if (this.#open.size <= this.#limit) return
    for (const [path, entry] of this.#open) {
      if (entry.users > 0) continue
      this.#open.delete(path)
      await (await settled(entry.handle))?.close()
      if (this.#open.size <= this.#limit) return
    }
  }
}

async function settled(handle: Promise<FileHandle>): Promise<FileHandle | null> {
  return handle.catch(() => null)
}

/** Reads until `target` is full or the file ends. */
export async function readFully(handle: FileHandle, target: Uint8Array, byte: number): Promise<number> {
  let filled = 0
  while (filled < target.length) {
    const { bytesRead } = await handle.read(target, filled, target.length - filled, byte + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}
