/** Values of two columns, which may lie in two sources and be stored in two ways, as SQL that is equal where the values are. */
import type { NamedColumn } from '../table/sourceTable.ts'
import { valueKey } from '../table/valueKey.ts'

type Stored = Pick<NamedColumn, 'sql' | 'storage'>

/**
 * SQL of one type for both. As in filters, 1 and 1.0 are one number: Flowcept's tables do not keep them apart, and the same parameter is
 * written either way by different runs. NaN is NaN; a field that is null and one that is missing are alike, as in tables.
 */
export function comparable(a: Stored | undefined, b: Stored | undefined): { a: string; b: string; /** Whether they are texts, to be compared by `digest`. */ isText: boolean } {
  const same = a === undefined || b === undefined || a.storage === b.storage
  const sqlOf = (column: Stored | undefined): string => (column === undefined ? 'NULL' : same && column.storage !== 'JSON' ? `(${column.sql})` : canonical(column))
  const storage = a?.storage ?? b?.storage
  return { a: sqlOf(a), b: sqlOf(b), isText: !same || storage === 'JSON' || storage === 'VARCHAR' }
}

/** JSON text of a value: numbers in one way of writing, dicts and lists in their normal one. */
export function canonical(column: Stored): string {
  const sql = `(${column.sql})`
  switch (column.storage) {
    case 'JSON':
      return valueKey(column)
    case 'VARCHAR':
      return `CAST(to_json(${sql}) AS VARCHAR)`
    case 'DOUBLE':
      return `CASE WHEN ${sql} = trunc(${sql}) AND abs(${sql}) < 1e38 THEN CAST(CAST(${sql} AS HUGEINT) AS VARCHAR) ELSE CAST(${sql} AS VARCHAR) END`
    default:
      return `CAST(${sql} AS VARCHAR)`
  }
}

/** Long texts are compared by what identifies them, so that joins do not carry them. `text` is a name: it stands there thrice. */
export function digest(text: string): string {
  return `CASE WHEN strlen(${text}) > 40 THEN 'md5 ' || md5(${text}) ELSE ${text} END`
}
