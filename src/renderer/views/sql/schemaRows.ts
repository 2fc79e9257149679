/** The schema as the rows of a tree: tables, the parts of dotted names, columns. */
import type { SqlColumn, SqlTable } from '#contract/sql'
import { count } from '../../parts/format.ts'
import type { TableSchema } from './useSchema.ts'

type Common = { readonly key: string; readonly level: number; readonly name: string; /** As a statement names it. */ readonly path: string; readonly about: string; readonly open: boolean }
export type SchemaNode = (Common & { readonly kind: 'table' | 'group' }) | (Common & { readonly kind: 'column'; readonly type: string; readonly unit: string | null; readonly nulls: number | null; readonly rows: number })
/** What it holds in the order of the columns; one name may be a column and a group. */
type Group = { readonly held: (SqlColumn | string)[]; readonly groups: Map<string, Group>; count: number }

const typeWords: Readonly<Record<string, string>> = { VARCHAR: 'text', BIGINT: 'bigint', DOUBLE: 'double', BOOLEAN: 'boolean', JSON: 'json' }

export const typeWord = ({ type, unit }: Pick<SqlColumn, 'type' | 'unit'>): string => (unit === 'epoch s' ? 'time' : (typeWords[type] ?? type.toLowerCase()))

/** @param search not empty: everything that is found is shown, open */
export function schemaRows(tables: readonly TableSchema[], open: ReadonlySet<string>, search: string): SchemaNode[] {
  const isSearch = search !== ''
  return tables.flatMap((table): SchemaNode[] => {
    const isNamed = table.name.includes(search.toLowerCase())
    if (isSearch && table.columns.length === 0 && !isNamed) return []
    const isOpen = isSearch ? table.columns.length > 0 : open.has(table.name)
    const head: SchemaNode = { kind: 'table', key: table.name, level: 1, name: table.name, path: table.name, about: count(table.rows), open: isOpen }
    return isOpen ? [head, ...groupRows(groupOf(table.columns), table, '', 2, open, isSearch)] : [head]
  })
}

function groupOf(columns: readonly SqlColumn[]): Group {
  const root = emptyGroup()
  for (const column of columns) {
    const parts = column.name.split('.')
    let group = root
    for (const part of parts.slice(0, -1)) {
      const known = group.groups.get(part)
      const next = known ?? emptyGroup()
      if (!known) group.held.push(part)
      group.groups.set(part, next)
      next.count++
      group = next
    }
    group.held.push(column)
  }
  return root
}

function groupRows(group: Group, table: TableSchema, prefix: string, level: number, open: ReadonlySet<string>, isSearch: boolean): SchemaNode[] {
  return group.held.flatMap((held): SchemaNode[] => {
    if (typeof held !== 'string') return [columnRow(held, table, held.name.slice(prefix.length), level)]
    const inner = group.groups.get(held) ?? emptyGroup()
    const path = `${prefix}${held}`
    const key = `${table.name}:${path}`
    const isOpen = isSearch || open.has(key)
    const head: SchemaNode = { kind: 'group', key, level, name: held, path, about: count(inner.count), open: isOpen }
    return isOpen ? [head, ...groupRows(inner, table, `${path}.`, level + 1, open, isSearch)] : [head]
  })
}

const emptyGroup = (): Group => ({ held: [], groups: new Map(), count: 0 })

function columnRow(column: SqlColumn, { name: table, rows }: { name: SqlTable; rows: number }, name: string, level: number): SchemaNode {
  return { kind: 'column', key: `${table}:${column.name}#`, level, name, path: column.name, about: typeWord(column), open: false, type: column.type, unit: column.unit, nulls: column.nulls, rows }
}
