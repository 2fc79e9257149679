/** What the loader has to say to DuckDB to read one segment file into the table `rows`. */
import type { SegmentFile } from './batchWriter.ts'
import { quoteName, quoteText } from '../table/fieldTree.ts'
import type { KnownShape, Shapes } from './shapes.ts'
import { kindNumber, type Storage } from '../table/sourceTable.ts'

export type LoadPart = {
  readonly path: string
  readonly rows: number
  readonly longestBytes: number
  /** The `columns` argument of read_json. */
  readonly columns: string
  /** Physical columns filled, and from what. */
  readonly values: readonly { readonly column: string; readonly expression: string }[]
  /** Expression of the record's id. */
  readonly id: string
}

const header = `'n': 'BIGINT', 'f': 'INTEGER', 'l': 'BIGINT', 'o': 'BIGINT', 'z': 'INTEGER', 's': 'INTEGER', 'k': 'UTINYINT', 'q': 'BOOLEAN', 'i': 'VARCHAR', 'g': 'INTEGER', 't': 'BIGINT'`

export function planFast(file: SegmentFile, seen: ReadonlySet<KnownShape>, shapes: Shapes): LoadPart {
  const wanted = new Set<number>()
  for (const shape of seen) for (const column of shape.scanColumns) if (column >= 0) wanted.add(column)
  const storage = (column: number): Storage | null => shapes.columns[column]?.storage ?? null
  const { sources, type } = shapes.tree.plan(wanted, storage, 'd')
  const found = [...sources].map(([column, expressions]) => ({ column, expression: oneOf(expressions.map((value) => stored(value, storage(column)))) }))
  const values = found.map(({ column, expression }) => ({ column: `c${column}`, expression }))
  return { ...shared(file), columns: `{${header}${type === null ? '' : `, 'd': ${quoteText(type)}`}}`, values, id: `coalesce(i, ${idOf(found, shapes)})` }
}

export function planSlow(file: SegmentFile, keys: ReadonlySet<string>, hasMore: boolean, shapes: Shapes): LoadPart {
  const parts: string[] = []
  const byColumn = new Map<number, string[]>()
  for (const key of keys) {
    const column = Number(key.slice(1))
    const storage = shapes.columns[column]?.storage ?? null
    if (storage === null) continue
    const isExact = key.startsWith('x')
    parts.push(`${quoteName(key)} ${isExact ? 'VARCHAR' : storage}`)
    const value = isExact ? `d.${key}` : stored(`d.${key}`, storage)
    byColumn.set(column, [...(byColumn.get(column) ?? []), value])
  }
  const values = [...byColumn].map(([column, expressions]) => ({ column: `c${column}`, expression: oneOf(expressions) }))
  if (hasMore) values.push({ column: 'more', expression: 'm::MAP(VARCHAR, VARCHAR)' })
  return { ...shared(file), columns: `{${header}${hasMore ? `, 'm': 'MAP(VARCHAR, JSON)'` : ''}${parts.length === 0 ? '' : `, 'd': ${quoteText(`STRUCT(${parts.join(', ')})`)}`}}`, values, id: 'i' }
}

function shared(file: SegmentFile): { path: string; rows: number; longestBytes: number } {
  return { path: file.path, rows: file.rows, longestBytes: file.longestBytes }
}

/** A null in a column of JSON text is NULL like any other. */
function stored(value: string, storage: Storage | null): string {
  return storage === 'JSON' ? `nullif(${value}::VARCHAR, 'null')` : value
}

function oneOf(expressions: readonly string[]): string {
  return expressions.length === 1 ? (expressions[0] as string) : `coalesce(${expressions.join(', ')})`
}

/** Ids that are no text stand in the header; here they are texts, some in a column that had to become JSON. */
function idOf(values: readonly { column: number; expression: string }[], shapes: Shapes): string {
  const cases = idColumns.flatMap(([kind, name]) => {
    const value = values.find(({ column }) => shapes.columns[column]?.name === name)
    if (!value) return []
    const storage = shapes.columns[value.column]?.storage
    return [`WHEN ${kind} THEN ${storage === 'JSON' ? `(${value.expression})::JSON->>'$'` : `${value.expression}::VARCHAR`}`]
  })
  return cases.length === 0 ? 'NULL' : `CASE k ${cases.join(' ')} END`
}

const idColumns = [
  [kindNumber.task, 'task_id'],
  [kindNumber.workflow, 'workflow_id'],
  [kindNumber.agent, 'agent_id'],
  [kindNumber.object, 'object_id']
] as const
