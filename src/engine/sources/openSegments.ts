/** Opens the files of a source and hands out their lines, one file after the other, in segments. */
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { withTellingNames, whyNot } from './expand.ts'
import { FileInput } from './fileInput.ts'
import { type FileState, FileWatch, fileState } from './fileWatch.ts'
import { LineReader } from './lineReader.ts'
import { encodingOf, foreignFormat, magicBytes } from './magic.ts'
import { OpenFiles } from './openFiles.ts'
import { PlainTextFile } from './plainTextFile.ts'
import type { Segment, Segments, SegmentsChange, SegmentsSpec, SourceFile } from './segments.ts'
import { SpooledTextFile } from './spooledTextFile.ts'
import { StreamInput, standardInput } from './standardInput.ts'
import type { TextFile } from './textFile.ts'

/**
 * Several instances may be open on one spec (one in a worker reads, another looks texts up), but only one may call
 * `next`; and each of them has to be restarted once the files have been replaced, or it goes on reading the old ones.
 */
export const openSegments = (spec: SegmentsSpec): Promise<FileSegments> => openSegmentsFrom(spec, standardInput)

/** @param stdin gives the stream behind `-`; asked for once the first line is wanted */
export async function openSegmentsFrom(spec: SegmentsSpec, stdin: () => Readable): Promise<FileSegments> {
  const segments = new FileSegments(spec, stdin)
  await segments.open()
  return segments
}

type Opened = { text: TextFile; lines: LineReader; state: FileState | null; takenBytes: number }

export class FileSegments implements Segments {
  readonly files: readonly SourceFile[]
  readonly #spec: SegmentsSpec
  readonly #stdin: () => Readable
  #handles = new OpenFiles()
  #opened: Opened[] = []
  #current = 0
  #readBytes = 0
  #totalBytes = 0
  #watch: FileWatch | null = null

  constructor(spec: SegmentsSpec, stdin: () => Readable) {
    this.#spec = spec
    this.#stdin = stdin
    this.files = withTellingNames(spec.paths.map((path) => ({ name: path === '-' ? 'standard input' : basename(path), path })))
  }

  get totalBytes(): number | null {
    return this.#spec.paths.includes('-') ? null : this.#totalBytes
  }

  async open(): Promise<void> {
    await mkdir(this.#spec.folder, { recursive: true, mode: 0o700 })
    for (const [i, path] of this.#spec.paths.entries()) {
      const spool = join(this.#spec.folder, `text-${i}`)
      this.#opened.push(path === '-' ? this.#openStdin(spool) : await this.#openFile(path, spool))
    }
    this.#totalBytes = this.#opened.reduce((sum, { state }) => sum + (state?.sizeBytes ?? 0), 0)
  }

  async next(maxBytes: number, signal?: AbortSignal): Promise<Segment | null> {
    signal?.throwIfAborted()
    for (let tried = 0; tried < this.#opened.length; tried++) {
      const file = this.#current
      const opened = this.#opened[file]
      const lines = opened && (await opened.lines.next(maxBytes, signal))
      const problems = opened?.text.takeProblems().map((problem) => ({ ...problem, line: opened.lines.place.line })) ?? []
      if (opened && (lines || problems.length > 0)) {
        const piece = lines ?? { ...opened.lines.place, bytes: new Uint8Array() }
        return { file, ...piece, ...(problems.length > 0 && { problems }), readBytes: this.#take(opened) }
      }
      this.#current = (file + 1) % this.#opened.length
    }
    return null
  }

  async readText(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    const bytes = await this.readSome(file, byte, sizeBytes)
    if (bytes.length < sizeBytes) throw new Error(`${this.files[file]?.name} has become shorter: byte ${byte + bytes.length} is no longer there.`)
    return bytes
  }

  /** As `readText`, but gives what there is where the text ends earlier. */
  async readSome(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    const opened = this.#opened[file]
    if (opened === undefined) throw new Error(`This source has no file ${file}.`)
    const target = new Uint8Array(sizeBytes)
    return target.subarray(0, await opened.text.read(target, byte))
  }

  async restart(): Promise<void> {
    const [first] = this.#opened
    this.#current = 0
    this.#readBytes = 0
    if (this.#spec.paths[0] === '-' && first !== undefined) {
      // A pipe cannot be read twice, but all that came is kept.
      this.#opened = [{ ...first, lines: new LineReader(first.text), takenBytes: 0 }]
      return
    }
    await this.#closeFiles()
    await this.open()
    this.#watch?.reset(this.#watched())
  }

  watch(onChange: (change: SegmentsChange) => void): () => void {
    this.#watch?.stop()
    const told = (change: SegmentsChange): void => {
      if (change.kind === 'grew') this.#totalBytes += change.bytes
      onChange(change)
    }
    const watch = new FileWatch({ files: this.#watched(), takenBytes: (file) => this.#opened[file]?.lines.takenBytes ?? 0, onChange: told })
    this.#watch = watch
    return () => watch.stop()
  }

  async close(): Promise<void> {
    this.#watch?.stop()
    await this.#closeFiles()
  }

  #take(opened: Opened): number {
    const { takenBytes } = opened.lines
    this.#readBytes += takenBytes - opened.takenBytes
    opened.takenBytes = takenBytes
    if (this.#readBytes > this.#totalBytes) this.#totalBytes = this.#readBytes
    return this.#readBytes
  }

  #openStdin(spool: string): Opened {
    const text = new SpooledTextFile(() => new StreamInput(this.#stdin()), spool)
    return { text, lines: new LineReader(text), state: null, takenBytes: 0 }
  }

  async #openFile(path: string, spool: string): Promise<Opened> {
    const state = await fileState(path).catch((error: NodeJS.ErrnoException) => {
      throw new Error(whyNot(error, path), { cause: error })
    })
    const format = foreignFormat(state.head)
    if (format !== null) throw new Error(`${path} is ${format}, not JSON Lines. Provscope reads plain, gzip and zstd files of UTF-8 text.`)
    const encoding = state.head.length < magicBytes ? 'plain' : encodingOf(state.head)
    const handles = this.#handles
    const text = encoding === 'plain' ? new PlainTextFile(handles, path) : new SpooledTextFile(() => new FileInput(handles, path), spool)
    return { text, lines: new LineReader(text), state, takenBytes: 0 }
  }

  #watched(): { path: string; state: FileState }[] {
    return this.#opened.flatMap(({ state }, i) => (state ? [{ path: this.#spec.paths[i] ?? '', state }] : []))
  }

  async #closeFiles(): Promise<void> {
    await Promise.all(this.#opened.map(({ text }) => text.close()))
    await this.#handles.close()
    this.#opened = []
    this.#handles = new OpenFiles()
  }
}
