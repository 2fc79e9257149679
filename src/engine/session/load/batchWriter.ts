/** Writes what DuckDB is to load next: each line wrapped with its number, place and shape, in two files, plain lines and slow ones. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { recordId } from '#engine/records/recordId'
import type { RecordKind } from '#engine/records/classify'
import { isJsonObject, parseJson } from '#contract/json'
import { describe, type Description } from './describe.ts'
import { LineWriter } from './lineWriter.ts'
import { planFast, planSlow, type LoadPart } from './loadPlan.ts'
import { kindBit, lineFlag, type Scanner } from './scanner.ts'
import type { SeenIds } from './seenIds.ts'
import { hasTextId, type KnownShape, type Shapes } from './shapes.ts'
import { flattenSlowly } from './slowLane.ts'
import { kindNumber } from '../table/sourceTable.ts'

export type RowPlace = { readonly line: number; readonly file: number; readonly fileLine: number; readonly byte: number }
/** For records that have been merged: what their row has and no line can tell. */
export type Merged = { readonly kind: number; readonly id: string; readonly messages: number; readonly firstLine: number }

const flushBytes = 8 << 20

export class BatchWriter {
  rows = 0
  /** Messages by kind (index: `kindNumber`). */
  readonly kinds = [0, 0, 0, 0, 0, 0]
  /** Lines of tasks or objects that had to be given an id. */
  readonly namedHere: RowPlace[] = []
  private readonly fast: SegmentFile
  private readonly slow: SegmentFile
  private readonly seen = new Set<KnownShape>()
  private readonly slowKeys = new Set<string>()
  private hasMore = false

  constructor(
    path: string,
    private readonly shapes: Shapes,
    private readonly scanner: Scanner,
    /** Ids of which a message has been written already. */
    private readonly seenIds: SeenIds,
    /** Names a record that has no id, by the place of its message. */
    private readonly nameFor: (place: RowPlace) => string
  ) {
    this.fast = new SegmentFile(`${path}.jsonl`)
    this.slow = new SegmentFile(`${path}.slow.jsonl`)
  }

  /** A line just scanned with `scanner`, found to be an object. */
  addScanned(bytes: Uint8Array, start: number, end: number, place: RowPlace, merged: Merged | null): KnownShape {
    const { scanner, shapes } = this
    const text = (): string => Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
    const slowly = (scanner.flags & (lineFlag.minusZero | lineFlag.loneSurrogate)) !== 0
    const shape = slowly ? shapes.of(scanner, text, merged !== null) : shapes.note(scanner, text, merged !== null)
    if (slowly || shape.slow) {
      const line = text()
      this.addSlow(line, describe(line), shape, place, end - start, merged)
      return shape
    }
    this.seen.add(shape)
    const { out } = this.fast
    const hasId = hasTextId(shape, scanner)
    const id = merged?.id ?? (hasId ? null : this.idOf(shape, text, place))
    this.header(out, shape, place, end - start, id, merged !== null || this.isRecord(shape, hasId), merged)
    out.text(',"d":')
    out.copy(bytes, start, end)
    this.fast.endLine()
    return shape
  }

  /** A line too deep for the scanner; `description` is of `text`. */
  addDeep(text: string, place: RowPlace, sizeBytes: number, merged: Merged | null): KnownShape {
    const description = describe(text)
    const shape = this.shapes.ofText(text, description, merged !== null)
    this.addSlow(text, description, shape, place, sizeBytes, merged)
    return shape
  }

  finish(merged: boolean): LoadPart[] {
    this.shapes.takeCounts(this.seen, merged)
    const parts: LoadPart[] = []
    if (this.fast.close() > 0) parts.push(planFast(this.fast, this.seen, this.shapes))
    if (this.slow.close() > 0) parts.push(planSlow(this.slow, this.slowKeys, this.hasMore, this.shapes))
    return parts
  }

  private addSlow(text: string, description: Description, shape: KnownShape, place: RowPlace, sizeBytes: number, merged: Merged | null): void {
    const { out } = this.slow
    this.shapes.noteDescription(shape, description, merged !== null)
    const flat = flattenSlowly(text, description, this.shapes, merged !== null, this.slowKeys)
    const id = merged?.id ?? this.idOf(shape, () => text, place)
    // What may share a row is for the scanner's view of the line to say; these few are merged like records of several messages.
    this.header(out, shape, place, sizeBytes, id, merged !== null, merged)
    out.text(',"d":')
    out.utf8(flat.fields)
    if (flat.more !== null) {
      out.text(',"m":')
      out.utf8(flat.more)
      this.hasMore = true
    }
    this.slow.endLine()
  }

  /** Whether this message may stand for its record: it has to be the first, and (tasks) its own normal form. */
  private isRecord(shape: KnownShape, hasId: boolean): boolean {
    const { scanner } = this
    if (shape.kind >= kindNumber.control) return false
    if (!hasId) return shape.mayShare && (shape.idLeaf < 0 || scanner.kinds[shape.idLeaf] === kindBit.null) && this.isNormal(shape)
    return !this.seenIds.add(shape.kind, scanner.ids[shape.kind] as number) && (shape.kind !== kindNumber.task || (shape.mayShare && this.isNormal(shape)))
  }

  private isNormal(shape: KnownShape): boolean {
    const { scanner } = this
    if ((scanner.flags & lineFlag.oddStatus) !== 0) return false
    return shape.flagLeaves.every((leaf) => ((scanner.kinds[leaf] as number) & (kindBit.null | kindBit.boolean)) !== 0)
  }

  private idOf(shape: KnownShape, text: () => string, place: RowPlace): string | null {
    const kind = recordKinds[shape.kind]
    if (!kind) return null
    const message = parseJson(text())
    const id = isJsonObject(message) ? recordId(kind, message) : null
    if (id !== null) return id
    this.namedHere.push(place)
    return this.nameFor(place)
  }

  private header(out: LineWriter, shape: KnownShape, place: RowPlace, sizeBytes: number, id: string | null, isRecord: boolean, merged: Merged | null): void {
    this.rows++
    if (!merged) this.kinds[shape.kind]!++
    out.text('{"n":')
    out.integer(place.line)
    out.text(',"f":')
    out.integer(place.file)
    out.text(',"l":')
    out.integer(place.fileLine)
    out.text(',"o":')
    out.integer(place.byte)
    out.text(',"z":')
    out.integer(sizeBytes)
    out.text(',"s":')
    out.integer(shape.id)
    out.text(',"k":')
    out.integer(merged?.kind ?? shape.kind)
    if (isRecord) out.text(',"q":true')
    if (id !== null) {
      out.text(',"i":')
      out.utf8(JSON.stringify(wellFormed(id)))
    }
    if (merged) {
      out.text(',"g":')
      out.integer(merged.messages)
      out.text(',"t":')
      out.integer(merged.firstLine)
    }
  }
}

const recordKinds: readonly (RecordKind | undefined)[] = ['task', 'workflow', 'agent', 'object']

/** A file written in large pieces; it comes into being with its first line. */
export class SegmentFile {
  readonly out = new LineWriter()
  rows = 0
  longestBytes = 0
  private lineStart = 0
  private descriptor: number | null = null

  constructor(readonly path: string) {}

  endLine(): void {
    this.out.text('}\n')
    this.rows++
    this.longestBytes = Math.max(this.longestBytes, this.out.length - this.lineStart)
    if (this.out.length >= flushBytes) this.flush()
    this.lineStart = this.out.length
  }

  /** Returns how many lines there are. */
  close(): number {
    if (this.out.length > 0) this.flush()
    if (this.descriptor !== null) closeSync(this.descriptor)
    this.descriptor = null
    return this.rows
  }

  private flush(): void {
    this.descriptor ??= openSync(this.path, 'w', 0o600)
    const bytes = this.out.written()
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at)
    this.out.clear()
    this.lineStart = 0
  }
}

/** An id with half a surrogate pair cannot be kept in a text column; its field keeps it exactly. */
function wellFormed(id: string): string {
  return id.replaceAll(/\p{Cs}/gu, '\ufffd')
}
