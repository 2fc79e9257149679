/** A small JSON file of settings: written whole and atomically; an unreadable one is put aside, never overwritten. One that people edit stays where it is until something is to be written. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What was wrong with a settings file, and what was done about it. */
export type SettingsNote = { readonly file: string; readonly message: string; readonly did: string }

type Options<T> = {
  path: string
  /** Gives null for JSON that is not what the file should hold. */
  parse: (json: unknown) => T | null
  empty: () => T
  onNote: (note: SettingsNote) => void
  /** For files that people edit: told why one cannot be understood, or null once it can; it is put aside only to make room for another. */
  onUnreadable?: (why: string | null) => void
}

/**
 * Read anew for every update, so that several processes may share it. Where the folder cannot be written (a read-only
 * home), the value lives on in memory and that is noted once.
 */
export class JsonFile<T> {
  readonly #options: Options<T>
  #last: T | null = null
  #readOnly = false
  #unreadable = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: Options<T>) {
    this.#options = options
  }

  read(): Promise<T> {
    return this.#queue(() => this.#load())
  }

  /** @param change gives the new value, or null to leave it as it is */
  update(change: (value: T) => T | null): Promise<void> {
    return this.#queue(async () => {
      const next = change(await this.#load())
      if (next === null) return
      this.#last = next
      if (this.#unreadable) await this.#putAside()
      if (!this.#readOnly) await this.#save(next)
    })
  }

  #queue<R>(job: () => Promise<R>): Promise<R> {
    const result = this.#turn.then(job)
    this.#turn = result.catch(() => null)
    return result
  }

  async #load(): Promise<T> {
    const { path, parse, empty } = this.#options
    if (this.#readOnly && this.#last !== null) return this.#last
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#keepInMemory(error)
      else this.#tellReadable(null)
      // A file that somebody took away says nothing any more.
      if (!this.#readOnly) this.#last = null
      return this.#last ?? empty()
    }
    const { json, mistake } = readJson(text)
    const value = parse(json)
    this.#tellReadable(value === null ? (mistake ?? 'It holds no object of names and values.') : null)
    if (value !== null) return (this.#last = value)
    // What was known before somebody began to edit it still holds.
    if (this.#unreadable) return this.#last ?? empty()
    await this.#putAside()
    return empty()
  }

  #tellReadable(why: string | null): void {
    const { onUnreadable } = this.#options
    if (!onUnreadable) return
    this.#unreadable = why !== null
    onUnreadable(why)
  }

  async #putAside(): Promise<void> {
    const { path, onNote } = this.#options
    const file = basename(path)
    try {
      await rename(path, `${path}.bad`)
      this.#tellReadable(null)
      onNote({ file, message: `${path} could not be understood.`, did: `Kept as ${file}.bad; a new one was begun` })
    } catch (error) {
      this.#keepInMemory(error)
    }
  }

  async #save(value: T): Promise<void> {
    const { path } = this.#options
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(temporary, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 })
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true }).catch((second: unknown) => this.#keepInMemory(second))
      this.#keepInMemory(error)
    }
  }

  #keepInMemory(error: unknown): void {
    if (this.#readOnly) return
    this.#readOnly = true
    const { path, onNote } = this.#options
    onNote({ file: basename(path), message: `${path} cannot be kept: ${error instanceof Error ? error.message : String(error)}`, did: 'Remembered until Provscope ends' })
  }
}

function readJson(text: string): { json: unknown; mistake: string | null } {
  try {
    return { json: JSON.parse(text), mistake: null }
  } catch (error) {
    if (error instanceof SyntaxError) return { json: undefined, mistake: mistakeWords(error.message, text) }
    throw error
  }
}

/** With the line, where the engine says a place at all. */
function mistakeWords(message: string, text: string): string {
  const position = / at position (\d+)$/.exec(message)?.[1]
  if (position === undefined) return `${message}.`
  const before = text.slice(0, Number(position)).split('\n')
  return `${message.replace(/ in JSON at position \d+$/, '')} in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`
}
