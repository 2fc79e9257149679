/** What a record used as one number, equal for records that used the same: for tasks matched by their inputs, and workflows by their parameters. */
import type { SourceTable } from '../table/sourceTable.ts'
import { quoteText } from '../table/fieldTree.ts'
import { canonical } from './comparable.ts'

/** SQL of a text over `r`. It does not depend on the columns of the table, which another may have in other places and storages. */
export function inputsKey(table: SourceTable, records: 'tasks' | 'workflows'): string {
  const columns = table.columns(records).filter(({ name, type }) => isInput(name) && type !== 'empty')
  const parts = columns.toSorted((one, other) => (one.name < other.name ? -1 : 1)).map((column) => `CASE WHEN ${column.sql} IS NOT NULL THEN ${quoteText(`${column.name}=`)} || ${canonical(column)} END`)
  return parts.length === 0 ? `''` : `md5(concat_ws(chr(31), ${parts.join(', ')}))`
}

export const isInput = (name: string): boolean => name === 'used' || name.startsWith('used.')
export const isOutput = (name: string): boolean => name === 'generated' || name.startsWith('generated.')
