/** One open source as queries see it: a DuckDB table of rows, what its columns are called, and the text behind each row. */
import type { Column } from '#contract/tables'
import type { Records } from '#contract/values'
import type { Shape } from './shape.ts'

/** Numbers in the column `kind` of `rows`. */
export const kindNumber = { task: 0, workflow: 1, agent: 2, object: 3, control: 4, unknown: 5 } as const

/** How a physical column stores its leaves: JSON holds lists, wide integers and mixed kinds as JSON text (a VARCHAR). */
export type Storage = 'BOOLEAN' | 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'JSON'

/** A column as a filter, a sort or a page names it, for one kind of record. */
export type NamedColumn = Column & {
  readonly storage: Storage
  /** SQL expression over the row alias `r`, of the type `storage` says. */
  readonly sql: string
  /** Index of the column it is read from, as leaves of shapes have it; null for computed ones (then a null value means missing). Read it by `sql` only. */
  readonly physical: number | null
}

export type Sql = { readonly text: string; readonly values: readonly SqlValue[] }
export type SqlValue = null | boolean | number | bigint | string

export interface SourceTable {
  readonly sourceId: string
  /** Qualified, quoted name of the table `rows`. */
  readonly rows: string
  /** Changes whenever an answer could. */
  readonly revision: number
  /** Rows of the kind asked for: `r.is_record AND r.kind = 0` for tasks, `r.is_message` for messages. */
  recordsPredicate(records: Records): string
  /** All columns of that kind of record that any of them has: tasks in a useful order, messages exactly in pandas' order. */
  columns(records: Records): readonly NamedColumn[]
  column(records: Records, name: string): NamedColumn | undefined
  /** Every shape seen, by id. */
  readonly shapes: readonly Shape[]
  /**
   * Runs SQL with `?` parameters. Rows are arrays of plain JavaScript values: BIGINT as bigint, JSON as its text.
   * @param onShare told now and then what share of a long statement is done
   */
  query(sql: Sql, signal?: AbortSignal, onShare?: (share: number) => void): Promise<SqlResult[]>
  /** A column at a time, which is many times faster where there are many rows. All columns are numbers or VARCHAR. See queryColumns.ts. */
  queryColumns?(sql: Sql, signal?: AbortSignal): Promise<ColumnValues[]>
  /** The exact text of a row: a line of a file, or a merged record. */
  text(place: { file: number; byte: number; size: number }): Promise<string>
  /** Name of a file of this source, for people. */
  fileName(file: number): string
}
export type SqlResult = readonly (null | boolean | number | bigint | string)[]
/** Of numbers, with NaN for null; of texts. */
export type ColumnValues = Float64Array | readonly (string | null)[]
