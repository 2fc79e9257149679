/** Where a dotted path of a filter leads in a source: to a column, to dicts that are only seen in shapes, through lists. */
import type { Records } from '#contract/values'
import type { Operand } from '#contract/filterOperand'
import { leadsToNull, testColumn, testJsonOrElements, testValues, valuesAt, type ValueTest } from './jsonPredicates.ts'
import type { Leaf } from '../table/shape.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { allOf, always, anyOf, never, noneOf, param, raw, sql } from '../table/sql.ts'

/** A list on the way: its column, and the keys that are left from there. */
type Passage = { readonly column: NamedColumn; readonly rest: readonly string[] }

/** The conditions a filter can put to one path. */
export class PathSql {
  private readonly column: NamedColumn | undefined
  private readonly passages: readonly Passage[]
  /** Computed columns below the path: a dict that no shape tells of. */
  private readonly derived: readonly NamedColumn[]
  /** Shapes that have the path, with a value or a null. */
  private readonly present: number[] = []
  /** Shapes in which the path is a dict, with the leaves below it by their keys from there; none for an empty dict. */
  private readonly dicts = new Map<number, Map<string, Leaf>>()

  constructor(
    private readonly table: SourceTable,
    private readonly records: Records,
    path: string
  ) {
    this.column = table.column(records, path)
    this.passages = passagesOf(table, records, path)
    this.derived = table.columns(records).filter((column) => column.derived && column.name.startsWith(`${path}.`))
    this.readShapes(path)
  }

  /** False for a path that leads nowhere in any record of this kind. */
  get known(): boolean {
    return this.column !== undefined || this.dicts.size > 0 || this.passages.length > 0 || this.derived.length > 0
  }

  exists(): Sql {
    return anyOf([
      this.column ? sql`${raw(this.column.sql)} IS NOT NULL` : never,
      this.shapeIn(this.column ? this.present : []),
      this.isDict(),
      ...this.passages.map(({ column, rest }) => sql`len(${valuesAt(valueOf(column), rest)}) > 0`)
    ])
  }

  /** Holds for the value at the path or, if it is a list, for any of its elements. The test's values are not null. */
  passes(test: ValueTest): Sql {
    const dicts = test.kind === 'equals' ? test.values.filter((value): value is ReadonlyMap<string, Operand> => value instanceof Map) : []
    return anyOf([
      this.column ? testColumnOrElements(test, this.column) : never,
      ...dicts.map((dict) => this.equalsDict(dict)),
      ...this.passages.map(({ column, rest }) => testValues(test, valuesAt(valueOf(column), rest)))
    ])
  }

  /** Holds for null, for a path that leads nowhere, and for a list with a null in it. */
  isNull(): Sql {
    const empty = allOf([
      this.column ? isNullColumn(this.column) : always,
      noneOf(this.isDict()),
      ...this.passages.map(({ column, rest }) => leadsToNull(valueOf(column), rest))
    ])
    return anyOf([empty, this.holdsNull()])
  }

  /** Holds for a null that is there, by itself or in a list. */
  isExplicitNull(): Sql {
    if (!this.column) return this.holdsNull()
    return anyOf([allOf([isNullColumn(this.column), this.shapeIn(this.present)]), this.holdsNull()])
  }

  private holdsNull(): Sql {
    const test = { kind: 'null' } as const
    return anyOf([
      this.column?.storage === 'JSON' ? testJsonOrElements(test, valueOf(this.column)) : never,
      ...this.passages.map(({ column, rest }) => testValues(test, valuesAt(valueOf(column), rest)))
    ])
  }

  private isDict(): Sql {
    return anyOf([this.shapeIn([...this.dicts.keys()]), ...this.derived.map((column) => sql`${raw(column.sql)} IS NOT NULL`)])
  }

  /** The shapes that have just the dict's keys, and in them the values. */
  private equalsDict(dict: ReadonlyMap<string, Operand>): Sql {
    const wanted = flatten(dict, [])
    const matching = [...this.dicts].filter(([, leaves]) => leaves.size === wanted.size && [...wanted].every(([key, value]) => hasForm(value, leaves.get(key))))
    const [first] = matching
    if (!first) return never
    const values = [...wanted].map(([key, value]) => this.equalsLeaf(first[1].get(key) as Leaf, value))
    return allOf([this.shapeIn(matching.map(([id]) => id)), ...values])
  }

  private equalsLeaf(leaf: Leaf, value: Operand): Sql {
    if (value instanceof Map) return always
    const column = this.table.column(this.records, leaf.name)
    if (!column) return never
    return value === null ? isNullColumn(column) : testColumn({ kind: 'equals', values: [value] }, valueOf(column), column.storage)
  }

  private readShapes(path: string): void {
    const visible = new Map<string, boolean>()
    const isVisible = (leaf: Leaf): boolean => {
      const known = visible.get(leaf.name) ?? (leaf.column < 0 || this.table.column(this.records, leaf.name) !== undefined)
      visible.set(leaf.name, known)
      return known
    }
    for (const { id, leaves } of this.table.shapes) {
      for (const leaf of leaves) {
        if (leaf.name === path) {
          if (leaf.kind === 'dict') this.dicts.set(id, new Map())
          else this.present.push(id)
        } else if (leaf.name.startsWith(path)) {
          const keys = keysBelow(leaf, path)
          if (keys && isVisible(leaf)) getOrSet(this.dicts, id).set(JSON.stringify(keys), leaf)
        }
      }
    }
  }

  private shapeIn(ids: readonly number[]): Sql {
    if (ids.length === 0) return never
    if (ids.length <= maxListed) return raw(`r.shape IN (${ids.join(', ')})`)
    return sql`r.shape IN (SELECT unnest(CAST(${param(`[${ids.join(',')}]`)} AS INTEGER[])))`
  }
}

/** More shapes than this are passed as one parameter, since DuckDB's parser is slow with long lists. */
const maxListed = 2000

function testColumnOrElements(test: ValueTest, column: NamedColumn): Sql {
  return column.storage === 'JSON' ? testJsonOrElements(test, valueOf(column)) : testColumn(test, valueOf(column), column.storage)
}

function isNullColumn(column: NamedColumn): Sql {
  return sql`${raw(column.sql)} IS NULL`
}

/** DuckDB's JSON functions fail on half a surrogate pair, which JSON may hold: such a cell counts as a text, which is its JSON. */
function valueOf(column: NamedColumn): Sql {
  const value = raw(column.sql)
  return column.storage === 'JSON' ? sql`CASE WHEN contains(${value}, '\\ud') AND NOT json_valid(${value}) THEN CAST(to_json(${value}) AS VARCHAR) ELSE ${value} END` : value
}

/** Every column of JSON that the path goes through; only there can a list be. */
function passagesOf(table: SourceTable, records: Records, path: string): Passage[] {
  const keys = path.split('.')
  const passages: Passage[] = []
  for (let length = 1; length < keys.length; length++) {
    const column = table.column(records, keys.slice(0, length).join('.'))
    if (column?.storage === 'JSON') passages.push({ column, rest: keys.slice(length) })
  }
  return passages
}

/**
 * The keys from the dict at `path` to the leaf; null if the path ends in the middle of one of its keys. As in a leaf's name, keys that are
 * empty add nothing at its beginning.
 */
function keysBelow(leaf: Leaf, path: string): readonly string[] | null {
  let length = -1
  for (const [index, key] of leaf.path.entries()) {
    if (length === -1 && key === '') continue
    length += 1 + key.length
    if (length === path.length && index < leaf.path.length - 1) return leaf.path.slice(index + 1)
    if (length > path.length) return null
  }
  return null
}

function flatten(dict: ReadonlyMap<string, Operand>, path: readonly string[]): Map<string, Operand> {
  const leaves = new Map<string, Operand>()
  for (const [key, value] of dict) {
    const keys = [...path, key]
    if (value instanceof Map && value.size > 0) for (const [name, leaf] of flatten(value as ReadonlyMap<string, Operand>, keys)) leaves.set(name, leaf)
    else leaves.set(JSON.stringify(keys), value)
  }
  return leaves
}

/** Shapes tell empty dicts from other leaves; what the others are, their columns tell. */
function hasForm(value: Operand, leaf: Leaf | undefined): boolean {
  return leaf !== undefined && (leaf.kind === 'dict') === value instanceof Map
}

function getOrSet(dicts: Map<number, Map<string, Leaf>>, id: number): Map<string, Leaf> {
  const known = dicts.get(id)
  if (known) return known
  const leaves = new Map<string, Leaf>()
  dicts.set(id, leaves)
  return leaves
}
