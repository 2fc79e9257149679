/** A store's records as lines of JSON, one a record: what the reader takes from a file, read from LMDB or MongoDB. */
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setField, stringifyJson, type JsonObject } from '#contract/json'
import { classify, idField, type RecordKind } from '#engine/records/classify'
import { recordId } from '#engine/records/recordId'
import type { Segment, Segments, SourceFile } from '#engine/sources/segments'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import { collectionOf, recordKinds, type Store } from '#engine/stores/store'

/** Survives a structured clone: LMDB has to be opened by the thread that reads it. */
export type StoreSpec = {
  /** `uri` has the password. */
  readonly store: { readonly type: 'lmdb'; readonly path: string } | { readonly type: 'mongodb'; readonly uri: string }
  /** Without a password. */
  readonly name: string
  /** Private folder for the lines, which texts are read from later. */
  readonly folder: string
  /** What the store takes on disk, for progress; an estimate. */
  readonly totalBytes: number
}

type Line = { readonly file: number; readonly text: string }

/** Opens nothing yet: one instance reads, in the reader's thread, another looks up what that one has read. */
export async function openStoreSegments(spec: StoreSpec): Promise<StoreSegments> {
  await mkdir(spec.folder, { recursive: true, mode: 0o700 })
  return new StoreSegments(spec)
}

export class StoreSegments implements Segments {
  readonly files: readonly SourceFile[]
  readonly totalBytes: number
  /** Stored, not written by hand: NaN is how Python writes it. */
  readonly holdsOddNumbers = true
  #store: Store | null = null
  #lines: AsyncGenerator<Line> | null = null
  /** A line of the next file, read before it was known that it is one. */
  #ahead: Line | null = null
  #unreadable: string[] = []
  #spools: FileHandle[] = []
  #places = recordKinds.map(() => ({ byte: 0, line: 1 }))
  #records = 0
  #read = 0

  constructor(private readonly spec: StoreSpec) {
    this.files = recordKinds.map((kind) => ({ name: collectionOf[kind], path: `${spec.name}/${collectionOf[kind]}` }))
    this.totalBytes = spec.totalBytes
  }

  /** @throws Refusal for a store that cannot be read */
  async next(maxBytes: number, signal?: AbortSignal): Promise<Segment | null> {
    signal?.throwIfAborted()
    this.#lines ??= this.#all()
    const texts: string[] = []
    let length = 0
    let file = -1
    // The signal ends a segment, not a line: what has been taken is handed out.
    while (length < maxBytes && !signal?.aborted) {
      const line = this.#ahead ?? (await this.#nextLine())
      this.#ahead = null
      if (line === null) break
      if (file !== -1 && line.file !== file) {
        this.#ahead = line
        break
      }
      file = line.file
      texts.push(line.text)
      length += line.text.length
      this.#read++
    }
    if (texts.length > 0) return await this.#segment(file, texts)
    signal?.throwIfAborted()
    return null
  }

  async readText(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    const bytes = await this.readSome(file, byte, sizeBytes)
    if (bytes.length < sizeBytes) throw new Error(`What was read of ${this.files[file]?.name} is no longer there.`)
    return bytes
  }

  /** As `readText`, but gives what there is where the text ends earlier. */
  async readSome(file: number, byte: number, sizeBytes: number): Promise<Uint8Array> {
    const { buffer, bytesRead } = await (await this.#spool(file)).read(Buffer.alloc(sizeBytes), 0, sizeBytes, byte)
    return buffer.subarray(0, bytesRead)
  }

  async restart(): Promise<void> {
    await this.#lines?.return(undefined)
    this.#lines = null
    this.#ahead = null
    this.#read = 0
    this.#places = recordKinds.map(() => ({ byte: 0, line: 1 }))
    await Promise.all(this.#spools.filter(Boolean).map(async (spool) => await spool.truncate(0)))
  }

  /** Whoever opened the store watches it: a store that has changed is read anew. */
  watch(): () => void {
    return () => undefined
  }

  async close(): Promise<void> {
    await this.#store?.close()
    await Promise.all(this.#spools.filter(Boolean).map(async (spool) => await spool.close()))
    this.#spools = []
  }

  async #nextLine(): Promise<Line | null> {
    const result = await this.#lines?.next()
    return result === undefined || result.done === true ? null : result.value
  }

  async *#all(): AsyncGenerator<Line> {
    this.#store ??= this.#open()
    const store = this.#store
    const counts = await Promise.all(recordKinds.map(async (kind) => await store.count(kind)))
    this.#records = counts.reduce((sum, count) => sum + count, 0)
    for (const [file, kind] of recordKinds.entries()) {
      for await (const { id, document } of store.iterate(kind)) {
        yield* this.#takeUnreadable(file)
        yield { file, text: `${lineOf(kind, id, document)}\n` }
      }
      yield* this.#takeUnreadable(file)
    }
  }

  /** As they are, so that they are listed among the problems and can be looked at. */
  *#takeUnreadable(file: number): Generator<Line> {
    for (const text of this.#unreadable.splice(0)) yield { file, text: `${text.replaceAll(/[\r\n]/g, ' ')}\n` }
  }

  #open(): Store {
    const { store } = this.spec
    if (store.type === 'mongodb') return openMongoStore(store.uri, { readOnly: true })
    return openLmdbStore(store.path, { readOnly: true, onUnreadable: (_kind, _id, _reason, text) => void this.#unreadable.push(text) })
  }

  async #segment(file: number, texts: readonly string[]): Promise<Segment> {
    const bytes = Buffer.from(texts.join(''))
    const place = this.#places[file] ?? { byte: 0, line: 1 }
    const spool = await this.#spool(file)
    for (let at = 0; at < bytes.length; ) at += (await spool.write(bytes, at, bytes.length - at, place.byte + at)).bytesWritten
    this.#places[file] = { byte: place.byte + bytes.length, line: place.line + texts.length }
    // Records that come while it is read make more than were counted.
    const share = Math.min(1, this.#read / Math.max(1, this.#records))
    return { file, byte: place.byte, line: place.line, bytes, readBytes: Math.round(this.totalBytes * share) }
  }

  async #spool(file: number): Promise<FileHandle> {
    return (this.#spools[file] ??= await open(join(this.spec.folder, `${collectionOf[recordKinds[file] ?? 'task']}.jsonl`), 'a+', 0o600))
  }
}

/** The record's exact JSON. What it is and its id are added where the document itself does not tell what its place in the store does. */
function lineOf(kind: RecordKind, id: string, document: JsonObject): string {
  const isTold = classify(document) === kind
  const isNamed = recordId(kind, document) === id
  if (isTold && isNamed) return stringifyJson(document)
  const told: JsonObject = {}
  if (!isTold) told.type = kind
  if (!isNamed) told[idField[kind]] = id
  for (const [name, value] of Object.entries(document)) if (!Object.hasOwn(told, name)) setField(told, name, value)
  return stringifyJson(told)
}
