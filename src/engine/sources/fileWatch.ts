/** Tells when files that were opened grow, shrink, are replaced or vanish. Polls: network file systems send no events. */
import { open, stat } from 'node:fs/promises'
import type { SegmentsChange } from './segments.ts'

/** What a file was like when it was last looked at. */
export type FileState = {
  readonly dev: number
  readonly ino: number
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** Its first bytes and the last ones before `sizeBytes`: a file rewritten in place seldom keeps both. */
  readonly head: Uint8Array
  readonly tail: Uint8Array
}

const headBytes = 1024
const tailBytes = 256
const pollMs = 250
/** Looked at in one round; more files take several. */
const filesPerPoll = 256
/** A file is gone once this many rounds did not find it: replacing may mean deleting first. */
const patienceRounds = 3

export async function fileState(path: string): Promise<FileState> {
  const handle = await open(path, 'r')
  try {
    const { dev, ino, size, mtimeMs } = await handle.stat()
    const head = await bytesAt(0, Math.min(headBytes, size))
    const tail = await bytesAt(Math.max(0, size - tailBytes), Math.min(tailBytes, size))
    return { dev, ino, sizeBytes: size, modifiedMs: mtimeMs, head, tail }
  } finally {
    await handle.close()
  }

  async function bytesAt(byte: number, sizeBytes: number): Promise<Uint8Array> {
    const buffer = new Uint8Array(sizeBytes)
    const { bytesRead } = await handle.read(buffer, 0, sizeBytes, byte)
    return buffer.subarray(0, bytesRead)
  }
}

type Watched = { readonly path: string; state: FileState; missedRounds: number }

type Options = {
  files: readonly { path: string; state: FileState }[]
  /** Bytes on disk of file `i` that have been read: growth up to there is no news. */
  takenBytes: (file: number) => number
  onChange: (change: SegmentsChange) => void
  everyMs?: number
}

export class FileWatch {
  readonly #options: Options
  #files: Watched[]
  #timer: NodeJS.Timeout | undefined
  #next = 0
  #stopped = false

  constructor(options: Options) {
    this.#options = options
    this.#files = options.files.map(({ path, state }) => ({ path, state, missedRounds: 0 }))
    this.#later()
  }

  /** After a restart: what the files are like now is what they are compared with. */
  reset(files: readonly { path: string; state: FileState }[]): void {
    this.#files = files.map(({ path, state }) => ({ path, state, missedRounds: 0 }))
    this.#next = 0
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #later(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.#poll(), this.#options.everyMs ?? pollMs).unref()
  }

  async #poll(): Promise<void> {
    const files = this.#files
    const until = Math.min(files.length, this.#next + filesPerPoll)
    let grewBytes = 0
    for (let i = this.#next; i < until; i++) {
      const file = files[i]
      const change = file && (await this.#look(file, i))
      // A restart or the end of the watch while we were looking.
      if (this.#stopped || this.#files !== files) break
      if (change?.kind === 'grew') grewBytes += change.bytes
      else if (change) this.#options.onChange(change)
    }
    if (this.#files === files) this.#next = until >= files.length ? 0 : until
    if (grewBytes > 0 && !this.#stopped && this.#files === files) this.#options.onChange({ kind: 'grew', bytes: grewBytes })
    this.#later()
  }

  async #look(file: Watched, index: number): Promise<SegmentsChange | null> {
    // Asked before the file: what is read meanwhile must not look like truncation.
    const takenBytes = this.#options.takenBytes(index)
    try {
      const found = await stat(file.path)
      if (file.missedRounds >= patienceRounds) return await this.#anew(file, index, 'replaced')
      file.missedRounds = 0
      const { state } = file
      if (found.dev !== state.dev || found.ino !== state.ino) return await this.#anew(file, index, 'replaced')
      if (found.size < Math.max(state.sizeBytes, takenBytes)) return await this.#anew(file, index, 'truncated')
      if (found.size === state.sizeBytes && found.mtimeMs === state.modifiedMs) return null
      if (!(await sameContent(file.path, state))) return await this.#anew(file, index, 'replaced')
      const knownBytes = Math.max(state.sizeBytes, takenBytes)
      file.state = await fileState(file.path)
      const bytes = file.state.sizeBytes - knownBytes
      return bytes > 0 ? { kind: 'grew', bytes } : null
    } catch {
      // Whatever keeps us from looking at it (deleted, no longer permitted, the disk unplugged), it is not there for us.
      return ++file.missedRounds === patienceRounds ? { kind: 'replaced', file: index, reason: 'gone' } : null
    }
  }

  async #anew(file: Watched, index: number, reason: 'replaced' | 'truncated'): Promise<SegmentsChange> {
    file.state = await fileState(file.path)
    file.missedRounds = 0
    return { kind: 'replaced', file: index, reason }
  }
}

async function sameContent(path: string, state: FileState): Promise<boolean> {
  const handle = await open(path, 'r')
  try {
    const head = Buffer.alloc(state.head.length)
    const tail = Buffer.alloc(state.tail.length)
    await handle.read(head, 0, head.length, 0)
    await handle.read(tail, 0, tail.length, state.sizeBytes - tail.length)
    return head.equals(state.head) && tail.equals(state.tail)
  } finally {
    await handle.close()
  }
}
