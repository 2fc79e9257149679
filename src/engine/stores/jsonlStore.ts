/** Records in a plain JSON Lines buffer, as Flowcept dumps it: a record is what the messages of its lines merge into, so writing appends. */
import { open, type FileHandle } from 'node:fs/promises'
import type { FilterNode } from '#contract/filter'
import { JsonSyntaxError, isJsonObject, parseJson, setField, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { Refusal } from '#contract/reply'
import { classify, idField, type RecordKind } from '#engine/records/classify'
import { mergeRecord } from '#engine/records/mergeRecord'
import { recordId } from '#engine/records/recordId'
import { compareText } from './compareValues.ts'
import { keepable } from './keepable.ts'
import { matcherOf } from './matchFilter.ts'
import { groupBatch, mergeInto } from './mergeInto.ts'
import { idOf, projectDocument, TopRows } from './shapeRecords.ts'
import { recordKinds, type Store, type StoredRecord, type StoreProblem, type StoreQuery, type StoreState, type StoreWrite, type WriteOptions, type WriteResult } from './store.ts'

export type JsonlOptions = {
  readonly readOnly?: boolean | undefined
  /** A line that is no message; its number counts from 1. */
  readonly onUnreadable?: ((line: number, reason: string) => void) | undefined
}

/** Where a record's lines are: offset and size in bytes, one after the other. */
type Places = number[]

const limits = { maxDepth: 500, maxDigits: 4300 }
const pieceBytes = 1 << 20

/** Reads the file once to learn which lines belong to which record; what it holds is some 100 bytes a line. @throws Refusal `not-found` */
export async function openJsonlStore(path: string, options: JsonlOptions = {}): Promise<JsonlStore> {
  const file = await openFile(path, options.readOnly === true ? 'r' : 'a+')
  const store = new JsonlStore(file, path, options)
  try {
    await store.readIndex()
    return store
  } catch (error) {
    await file.close()
    throw error
  }
}

export class JsonlStore implements Store {
  readonly type = 'jsonl'
  readonly name: string
  state: StoreState = { name: 'live' }
  private readonly records: Record<RecordKind, Map<string, Places>> = { task: new Map(), workflow: new Map(), agent: new Map(), object: new Map() }
  private readonly listeners = new Set<(state: StoreState) => void>()
  private sizeBytes = 0
  private endsInLine = true
  /** One write after the other: each reads what the one before left. */
  private queue: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly file: FileHandle,
    readonly path: string,
    private readonly options: JsonlOptions
  ) {
    this.name = path
  }

  onState(listener: (state: StoreState) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  async readIndex(): Promise<void> {
    let rest: Buffer = Buffer.alloc(0)
    let line = 0
    for (let at = 0; ; ) {
      const { buffer, bytesRead } = await this.file.read({ buffer: Buffer.alloc(pieceBytes), position: at })
      if (bytesRead === 0) break
      const start = at - rest.length
      at += bytesRead
      const piece = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
      let from = 0
      for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, from)) {
        this.index(piece.subarray(from, end), start + from, ++line)
        from = end + 1
      }
      rest = piece.subarray(from)
      this.sizeBytes = at
    }
    this.endsInLine = rest.length === 0
    if (rest.length > 0) this.index(rest, this.sizeBytes - rest.length, ++line)
  }

  write(batch: readonly StoreWrite[], options: WriteOptions = {}): Promise<WriteResult> {
    const result = this.queue.then(() => this.append(batch, options))
    this.queue = result.catch(() => undefined)
    return result
  }

  storable(kind: RecordKind, document: JsonObject): { document: JsonObject; problems: StoreProblem[] } {
    const kept = keepable(document, limits)
    const finite = withoutOddNumbers(kept.document)
    const id = idOf(document, idField[kind])
    return { document: finite.document, problems: [...kept.problems, ...finite.problems].map((problem) => ({ kind, id, ...problem })) }
  }

  async get(kind: RecordKind, id: string): Promise<JsonObject | null> {
    const places = this.records[kind].get(id)
    return places ? await this.read(kind, id, places) : null
  }

  async getMany(kind: RecordKind, ids: readonly string[]): Promise<Map<string, JsonObject>> {
    const found = new Map<string, JsonObject>()
    for (const id of ids) {
      const document = await this.get(kind, id)
      if (document) found.set(id, document)
    }
    return found
  }

  async *query(kind: RecordKind, query: StoreQuery): AsyncIterable<JsonObject> {
    const { projection, sort = [], offset = 0, limit = Infinity } = query
    if (limit <= 0) return
    const matches = query.filter ? matcherOf(query.filter) : () => true
    const paths = projection && [...projection, idField[kind]]
    const shaped = (document: JsonObject): JsonObject => (paths ? projectDocument(document, paths) : document)
    const top = new TopRows<null>(sort, offset + limit)
    let passed = 0
    for await (const { id, document } of this.iterate(kind)) {
      if (!matches(document)) continue
      if (sort.length > 0) top.add(id, document, null)
      else if (passed++ >= offset) yield shaped(document)
      if (sort.length === 0 && passed >= offset + limit) return
    }
    for (const { id } of top.sorted().slice(offset)) {
      const document = await this.get(kind, id)
      if (document) yield shaped(document)
    }
  }

  async count(kind: RecordKind, filter?: FilterNode): Promise<number> {
    if (!filter) return this.records[kind].size
    const matches = matcherOf(filter)
    let count = 0
    for await (const { document } of this.iterate(kind)) if (matches(document)) count++
    return count
  }

  async *iterate(kind: RecordKind, after?: string): AsyncIterable<StoredRecord> {
    const ids = [...this.records[kind].keys()].filter((id) => after === undefined || compareText(id, after) > 0).sort(compareText)
    for (const id of ids) {
      const document = await this.get(kind, id)
      if (document) yield { id, document }
    }
  }

  async close(): Promise<void> {
    if (this.state.name === 'closed') return
    this.state = { name: 'closed' }
    await this.queue
    await this.file.close()
    for (const listener of this.listeners) listener(this.state)
  }

  private async append(batch: readonly StoreWrite[], options: WriteOptions): Promise<WriteResult> {
    if (this.options.readOnly === true) throw new Refusal('bad-request', `${this.path} is open for reading only.`)
    const problems: StoreProblem[] = []
    const counts = { created: 0, changed: 0, equal: 0 }
    const lines: { kind: RecordKind; id: string; bytes: Buffer }[] = []
    for (const group of groupBatch(batch, options, limits, problems)) {
      const messages = group.messages.map((message) => {
        const { document, problems: found } = withoutOddNumbers(message)
        problems.push(...found.map((problem) => ({ kind: group.kind, id: group.id, ...problem })))
        return document
      })
      const merged = mergeInto((await this.get(group.kind, group.id)) ?? undefined, { ...group, messages }, options)
      counts[merged.outcome]++
      if (merged.outcome !== 'equal') lines.push({ kind: group.kind, id: group.id, bytes: Buffer.from(`${stringifyJson({ type: group.kind, ...merged.document })}\n`) })
    }
    if (lines.length > 0) await this.appendLines(lines)
    return { ...counts, problems }
  }

  private async appendLines(lines: readonly { kind: RecordKind; id: string; bytes: Buffer }[]): Promise<void> {
    const before = this.endsInLine ? Buffer.alloc(0) : Buffer.from('\n')
    const bytes = Buffer.concat([before, ...lines.map((line) => line.bytes)])
    try {
      await this.file.appendFile(bytes)
      await this.file.sync()
    } catch (error) {
      // What came through of it would be half a line that the next one is glued to.
      await this.file.truncate(this.sizeBytes)
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      throw new Refusal('unavailable', `The disk of ${this.path} is full. What was written before is kept.`)
    }
    let at = this.sizeBytes + before.length
    for (const line of lines) {
      this.place(line.kind, line.id, at, line.bytes.length - 1)
      at += line.bytes.length
    }
    this.sizeBytes = at
    this.endsInLine = true
  }

  private index(bytes: Buffer, offset: number, line: number): void {
    const message = this.parse(bytes, line)
    if (!message) return
    const kind = classify(message)
    if (!(recordKinds as readonly string[]).includes(kind)) return
    // Where its line begins is the same each time the file is read.
    this.place(kind as RecordKind, recordId(kind as RecordKind, message) ?? `line at byte ${offset}`, offset, bytes.length)
  }

  private place(kind: RecordKind, id: string, offset: number, size: number): void {
    const places = this.records[kind].get(id)
    if (places) places.push(offset, size)
    else this.records[kind].set(id, [offset, size])
  }

  private async read(kind: RecordKind, id: string, places: Places): Promise<JsonObject> {
    const messages: JsonObject[] = []
    for (let at = 0; at < places.length; at += 2) {
      const [offset, size] = [places[at] as number, places[at + 1] as number]
      const { buffer } = await this.file.read({ buffer: Buffer.alloc(size), position: offset })
      const message = this.parse(buffer, 0)
      if (message) messages.push(message)
    }
    return mergeRecord(kind, messages, { newId: () => id }).document
  }

  private parse(bytes: Buffer, line: number): JsonObject | undefined {
    const text = bytes.toString('utf8').trim()
    if (text === '') return undefined
    try {
      const value = parseJson(text)
      if (isJsonObject(value)) return value
      this.options.onUnreadable?.(line, 'It is no JSON object.')
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error
      this.options.onUnreadable?.(line, `${error.message}.`)
    }
    return undefined
  }
}

async function openFile(path: string, flags: string): Promise<FileHandle> {
  try {
    return await open(path, flags)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Refusal('not-found', `There is no file ${path}.`)
    throw error
  }
}

/** NaN and the infinities are null in JSON Lines, as Flowcept writes them. */
function withoutOddNumbers(document: JsonObject): { document: JsonObject; problems: { field: string; reason: string; effect: 'changed' }[] } {
  const problems: { field: string; reason: string; effect: 'changed' }[] = []
  const visit = (value: JsonValue, path: readonly string[]): JsonValue => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      problems.push({ field: path.join('.'), reason: `It is ${value}, which is null in JSON Lines.`, effect: 'changed' })
      return null
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, String(index)]))
    if (!isJsonObject(value)) return value
    const dict: JsonObject = {}
    for (const [key, item] of Object.entries(value)) setField(dict, key, visit(item, [...path, key]))
    return dict
  }
  return { document: visit(document, []) as JsonObject, problems }
}
