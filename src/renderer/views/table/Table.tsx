/** The Table: records as rows, dotted names as columns; chooses between rows and groups and says what there is to see. */
import { CircleX, SearchX, TableIcon } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import type { Column } from '#contract/tables'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { schemaOf, useLayout, useTableLayout } from '../../state/tableLayout.ts'
import { useWorkbench } from '../../state/workbench.ts'
import { GroupTable } from './GroupTable.tsx'
import { RecordTable } from './RecordTable.tsx'
import css from './Table.module.css'

const noColumns: Column[] = []

export function Table(): ReactNode {
  const source = useSource()
  const records = useWorkbench((s) => s.records)
  const sourceId = source?.sourceId ?? ''
  const list = useCall('columns.list', source ? { sourceId, records, limit: 10_000 } : null)
  const columns = list.data?.columns ?? noColumns
  const { key, layout } = useLayout(sourceId, records)
  const restore = useTableLayout((s) => s.restore)
  const settled = source !== null && source.state !== 'reading' && list.current && columns.length > 0
  const schema = settled ? schemaOf(columns) : null
  useEffect(() => {
    if (schema !== null) void restore(key, records, schema)
  }, [key, records, schema, restore])

  if (!source) return null
  if (list.error && !list.data) {
    return (
      <EmptyState icon={CircleX} tone="error" title="The columns could not be listed" actions={<Button onClick={list.retry}>Try again</Button>}>
        {list.error.message}
      </EmptyState>
    )
  }
  if (source.state === 'failed') {
    return (
      <EmptyState icon={CircleX} tone="error" title={`${source.name} could not be read`}>
        {source.error}
      </EmptyState>
    )
  }
  const groupBy = layout.groupBy !== null && columns.find((column) => column.name === layout.groupBy)
  return (
    <div className={css['view']}>
      {groupBy ? (
        <GroupTable source={source} records={records} columns={columns} by={groupBy} />
      ) : (
        <RecordTable key={`${sourceId}/${records}`} source={source} records={records} columns={columns} columnsKnown={list.data !== null} />
      )}
    </div>
  )
}

/** What stands in place of rows. */
export function NoRows({ what, filtered, reading, onClear }: { what: string; filtered: boolean; reading: boolean; onClear: () => void }): ReactNode {
  if (filtered) {
    return (
      <EmptyState icon={SearchX} title={`No ${what} match`} actions={<Button onClick={onClear}>Clear the filter</Button>}>
        The filter, the search and the time range together leave nothing.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={TableIcon} title={reading ? `No ${what} yet` : `No ${what} in this source`}>
      {reading ? 'They appear here as they are read.' : 'Choose another kind of record, or look at its messages: every line that could be read is there.'}
    </EmptyState>
  )
}
