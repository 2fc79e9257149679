/** Every shape and every column seen so far, in the reader: which lines DuckDB may read by itself, and how columns store what they hold. */
import { isJsonObject, parseJson } from '#contract/json'
import { classify } from '#engine/records/classify'
import { dictFields } from '#engine/records/dictFields'
import { isStatusFlag } from '#engine/records/status'
import { describe, type Description } from './describe.ts'
import { FieldTree } from '../table/fieldTree.ts'
import { kindBit, type Scanner } from './scanner.ts'
import type { Leaf, Shape } from '../table/shape.ts'
import { kindNumber, type Storage } from '../table/sourceTable.ts'

/** Set beside the kinds of a column: a text that only JSON can hold (half a surrogate pair). */
export const exactTextBit = 512

export type ColumnState = {
  readonly index: number
  readonly name: string
  /** Kind bits of all its values. */
  kinds: number
  /** Null as long as it holds nothing but nulls: then there is no physical column. */
  storage: Storage | null
  /** Its place among the columns of the messages, −1 if only merged records have it. */
  messageOrder: number
  /** Values that are not null in lines of each kind of message (index: `kindNumber`), and in merged records of that kind. */
  readonly filledByKind: number[]
  readonly mergedByKind: number[]
  /** Whether records of each kind have it, be it null. */
  readonly kindsSeen: boolean[]
}

/** A shape with what the reader has to know of it for each line. */
export type KnownShape = Shape & {
  readonly kind: number
  /** Column of each leaf in the order in which leaves stand in the line; −1 for empty dicts. */
  readonly scanColumns: Int32Array
  readonly scanPaths: readonly (readonly string[])[]
  /** Kinds seen at each leaf, and how often it was not null since the last `takeCounts`. */
  readonly scanKinds: Uint16Array
  readonly scanCounts: Uint32Array
  /** Where in the line's leaves the id stands, −1 if it has none. */
  readonly idLeaf: number
  /** A task of this shape may be its message (see mergeRecord.ts), if what hangs on values allows it too. */
  readonly mayShare: boolean
  /** Leaves (in scan order) in which a value that is no boolean keeps a task from sharing. */
  readonly flagLeaves: readonly number[]
  slow: boolean
}

/**
 * The table has no more columns than this (DuckDB pays for each cell, filled or not). What later names hold stands in its column `more`,
 * as one map a row of JSON texts, `{c1000: …}`; their lines take the slow lane.
 */
export const mostPhysicalColumns = 1000

export class Shapes {
  readonly columns: ColumnState[] = []
  readonly byId: KnownShape[] = []
  readonly tree = new FieldTree()
  private readonly byHash = new Map<number | string, KnownShape>()
  private readonly byName = new Map<string, ColumnState>()
  private readonly leaves = new Map<string, Leaf>()
  private messageColumns = 0

  /** The shape of the line just scanned, with the kinds of its leaves noted unless it is or has become `slow`. */
  note(scanner: Scanner, lineText: () => string, merged: boolean): KnownShape {
    const shape = this.of(scanner, lineText, merged)
    if (shape.slow) return shape
    const { kinds, leafCount } = scanner
    const { scanKinds, scanCounts } = shape
    let news = 0
    for (let i = 0; i < leafCount; i++) {
      const kind = kinds[i] as number
      if (kind !== 1) scanCounts[i]!++
      news |= kind & ~(scanKinds[i] as number)
    }
    if (news !== 0) this.widen(shape, kinds, leafCount)
    return shape
  }

  /** The shape of the line just scanned, nothing noted. */
  of(scanner: Scanner, lineText: () => string, merged: boolean): KnownShape {
    return this.byHash.get(scanner.hash) ?? this.learn(scanner.hash, lineText(), merged)
  }

  /** The shape of a line too deep for the scanner. */
  ofText(text: string, description: Description, merged: boolean): KnownShape {
    const key = JSON.stringify([kindOfLine(text), description.leaves.map((leaf) => [leaf.path, leaf.kind === 'dict'])])
    return this.byHash.get(key) ?? this.learn(key, text, merged)
  }

  /** Notes the values of a line that takes the slow lane. */
  noteDescription(shape: KnownShape, { values }: Description, merged: boolean): void {
    for (const leaf of values) {
      const column = this.column(leaf.name, !merged)
      addKinds(column, kindBit[leaf.kind])
      if (leaf.kind !== 'null') countFilled(column, shape.kind, merged, 1)
    }
  }

  /** Adds the counts of the fast lane to the columns. To be called whenever `merged` changes, and before columns are asked. */
  takeCounts(shapes: Iterable<KnownShape>, merged: boolean): void {
    for (const { kind, scanColumns, scanCounts } of shapes) {
      for (let i = 0; i < scanColumns.length; i++) {
        const column = this.columns[scanColumns[i] as number]
        if (column) countFilled(column, kind, merged, scanCounts[i] as number)
      }
      scanCounts.fill(0)
    }
  }

  column(name: string, inMessage: boolean): ColumnState {
    let column = this.byName.get(name)
    if (!column) {
      column = { index: this.columns.length, name, kinds: 0, storage: null, messageOrder: -1, filledByKind: [0, 0, 0, 0, 0, 0], mergedByKind: [0, 0, 0, 0, 0, 0], kindsSeen: [false, false, false, false, false, false] }
      this.columns.push(column)
      this.byName.set(name, column)
    }
    if (inMessage && column.messageOrder < 0) column.messageOrder = this.messageColumns++
    return column
  }

  private learn(hash: number | string, text: string, merged: boolean): KnownShape {
    const description = describe(text)
    const id = this.byId.length
    const kind = kindNumber[kindOfLine(text)]
    const leaves = description.leaves.map((leaf) => this.intern(leaf, merged))
    for (const leaf of leaves) {
      const column = this.columns[leaf.column]
      if (column) column.kindsSeen[kind] = true
    }
    const scanOrder = description.leaves.map((leaf, index) => ({ start: leaf.start, index })).toSorted((a, b) => a.start - b.start)
    const inScanOrder = scanOrder.map(({ index }) => leaves[index] as Leaf)
    const idKey = kind < 4 ? idKeys[kind] : undefined
    const shape: KnownShape = {
      id,
      leaves,
      kind,
      scanColumns: Int32Array.from(inScanOrder, (leaf) => leaf.column),
      scanPaths: inScanOrder.map((leaf) => leaf.path),
      scanKinds: new Uint16Array(leaves.length),
      scanCounts: new Uint32Array(leaves.length),
      idLeaf: inScanOrder.findIndex((leaf) => leaf.path.length === 1 && leaf.path[0] === idKey),
      mayShare: kind === 0 && !leaves.some((leaf) => leaf.path.length === 1 && leaf.kind !== 'dict' && (dictFields as readonly string[]).includes(leaf.name)),
      flagLeaves: inScanOrder.flatMap((leaf, index) => (leaf.path.length === 1 && isStatusFlag(leaf.name) ? [index] : [])),
      slow: description.collides || description.depth > 40 || leaves.some((leaf) => leaf.column >= mostPhysicalColumns)
    }
    this.byId.push(shape)
    this.byHash.set(hash, shape)
    return shape
  }

  private intern(leaf: { path: readonly string[]; name: string; kind: Leaf['kind'] }, merged: boolean): Leaf {
    const isDict = leaf.kind === 'dict'
    const column = isDict ? undefined : this.column(leaf.name, !merged)
    if (column && leaf.kind === 'null') column.kinds |= kindBit.null
    const key = JSON.stringify([leaf.path, isDict])
    let known = this.leaves.get(key)
    if (!known) {
      known = { path: leaf.path, name: leaf.name, kind: leaf.kind, column: column?.index ?? -1 }
      this.leaves.set(key, known)
    }
    return known
  }

  private widen(shape: KnownShape, kinds: Uint16Array, leafCount: number): void {
    for (let i = 0; i < leafCount; i++) {
      const kind = kinds[i] as number
      if (((shape.scanKinds[i] as number) & kind) !== 0) continue
      shape.scanKinds[i]! |= kind
      const column = this.columns[shape.scanColumns[i] as number]
      if (column) addKinds(column, kind)
      const path = shape.scanPaths[i] as readonly string[]
      // A null needs no room of its own, but what it stands in is a dict.
      const fits = kind === kindBit.null ? this.tree.admit(path.slice(0, -1), -1) : this.tree.admit(path, column ? column.index : -1)
      if (!fits) shape.slow = true
    }
    if (!shape.slow) return
    // This very line goes the slow way already, and is counted there.
    for (let i = 0; i < leafCount; i++) if (kinds[i] !== kindBit.null) shape.scanCounts[i]!--
  }
}

const idKeys = ['task_id', 'workflow_id', 'agent_id', 'object_id']

/** BIGINT and DOUBLE join to DOUBLE only while every integer is one that a double can hold. */
export function storageOf(kinds: number): Storage | null {
  const values = kinds & ~(kindBit.null | kindBit.dict)
  if (values === 0) return null
  if (values === kindBit.boolean) return 'BOOLEAN'
  if ((values & ~(kindBit.integer | kindBit.long)) === 0) return 'BIGINT'
  if ((values & ~(kindBit.integer | kindBit.number)) === 0) return 'DOUBLE'
  if (values === kindBit.text) return 'VARCHAR'
  return 'JSON'
}

export function addKinds(column: ColumnState, kinds: number): void {
  if ((column.kinds | kinds) === column.kinds) return
  column.kinds |= kinds
  column.storage = storageOf(column.kinds)
}

function countFilled(column: ColumnState, kind: number, merged: boolean, count: number): void {
  const counts = merged ? column.mergedByKind : column.filledByKind
  counts[kind] = (counts[kind] ?? 0) + count
}

function kindOfLine(text: string): keyof typeof kindNumber {
  const message = parseJson(text)
  // `type` alone hangs on a value; which values matter is part of the hash.
  return isJsonObject(message) ? classify(message) : 'unknown'
}

/** Whether a line holds what its record is called, for lines whose shape has no id as text. */
export function hasTextId(shape: KnownShape, scanner: Scanner): boolean {
  return shape.idLeaf >= 0 && scanner.kinds[shape.idLeaf] === kindBit.text
}

