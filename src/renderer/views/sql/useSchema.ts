/** Tables and columns of the source, for the schema and for completion. */
import { useMemo } from 'react'
import { type SqlColumn, type SqlTable, sqlTables } from '#contract/sql'
import { useCall } from '../../state/query.ts'

export type TableSchema = { readonly name: SqlTable; readonly rows: number; readonly columnCount: number; readonly columns: readonly SqlColumn[] }

const restMs = 3000
/** Of a table; what is beyond is found by the search of the schema. */
export const mostColumns = 5000

/** @param asked tables of which the columns are wanted */
export function useSchema(sourceId: string, asked: ReadonlySet<SqlTable>, search = ''): { tables: readonly TableSchema[]; loading: boolean; retry: () => void; error: string | null } {
  const schema = useCall('sql.schema', { sourceId }, restMs)
  const answers = [
    useColumns(sourceId, 'tasks', asked, search),
    useColumns(sourceId, 'workflows', asked, search),
    useColumns(sourceId, 'agents', asked, search),
    useColumns(sourceId, 'objects', asked, search),
    useColumns(sourceId, 'messages', asked, search),
    useColumns(sourceId, 'gaps', asked, search)
  ]
  const lists = answers.map(({ data }) => data?.columns)
  const tables = useMemo(
    () => (schema.data?.tables ?? []).map(({ name, rows, columns }) => ({ name, rows, columnCount: columns, columns: lists[sqlTables.indexOf(name)] ?? [] })),
    // The lists are the same objects as long as nothing in them changes.
    [schema.data, ...lists]
  )
  const retry = (): void => {
    schema.retry()
    for (const answer of answers) answer.retry()
  }
  return { tables, loading: schema.loading || answers.some(({ loading }) => loading), retry, error: schema.error?.message ?? null }
}

function useColumns(sourceId: string, table: SqlTable, asked: ReadonlySet<SqlTable>, search: string) {
  return useCall('sql.columns', asked.has(table) ? { sourceId, table, search, limit: mostColumns } : null, restMs)
}
