/** At the end of the tab row: which kind of record, grouping, and the column chooser. */
import { CodeXml, Columns3, Group } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { Column } from '#contract/tables'
import type { Records } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count } from '../../parts/format.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { Menu, type MenuItem } from '../../parts/Menu.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { useCommands } from '../../state/commands.ts'
import { useCall } from '../../state/query.ts'
import { useSource } from '../../state/sources.ts'
import { shownColumns, useLayout, useTableLayout } from '../../state/tableLayout.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { ColumnChooser } from './ColumnChooser.tsx'

const noColumns: Column[] = []
const kinds: { records: Records; label: string }[] = [
  { records: 'tasks', label: 'Tasks' },
  { records: 'workflows', label: 'Workflows' },
  { records: 'agents', label: 'Agents' },
  { records: 'objects', label: 'Objects' },
  { records: 'messages', label: 'Messages' }
]
/** Offered first for grouping, as far as they are there. */
const groupFirst = ['activity_id', 'status', 'workflow_id', 'campaign_id', 'hostname', 'subtype', 'agent_id', 'user', 'type']

export function TableTools(): ReactNode {
  const source = useSource()
  const records = useWorkbench((s) => s.records)
  const setRecords = useWorkbench((s) => s.setRecords)
  const sourceId = source?.sourceId ?? ''
  const list = useCall('columns.list', source ? { sourceId, records, limit: 10_000 } : null)
  const columns = list.data?.columns ?? noColumns
  const { key, layout, constant } = useLayout(sourceId, records)
  const change = useTableLayout((s) => s.change)
  const [open, setOpen] = useState(false)
  const shown = useMemo(() => shownColumns(columns, layout, constant), [columns, layout, constant])
  useCommands(
    () => [
      { id: 'table.columns', title: 'Choose columns', group: 'Table', run: () => setOpen(true) },
      ...kinds.map(({ records: kind, label }) => ({ id: `table.${kind}`, title: `Show ${label.toLowerCase()}`, detail: 'in the Table', group: 'Table' as const, run: () => setRecords(kind) }))
    ],
    [setRecords]
  )
  if (!source) return null
  const has = (kind: Records): boolean => kind === 'tasks' || kind === 'messages' || kind === records || source.counts[kind] > 0
  const usable = groupFirst.flatMap((name) => columns.find((column) => column.name === name && column.filled > 0) ?? [])
  const groupItems: MenuItem[] = [
    { kind: 'heading', label: 'Group by' },
    ...[...usable, ...shown.filter((column) => !usable.includes(column) && ['text', 'boolean', 'integer'].includes(column.type)).slice(0, 12)].map(({ name }) => ({
      label: name,
      checked: layout.groupBy === name,
      run: () => change(key, { groupBy: layout.groupBy === name ? null : name })
    })),
    { kind: 'separator' },
    { label: 'No grouping', disabled: layout.groupBy === null, run: () => change(key, { groupBy: null }) }
  ]
  return (
    <>
      <Segmented name="Kind of record" value={records} options={kinds.filter(({ records: kind }) => has(kind)).map(({ records: kind, label }) => ({ value: kind, label }))} onChange={setRecords} />
      <Menu name="Group by" trigger={<IconButton name="Group by a column" icon={Group} small pressed={layout.groupBy !== null} />} items={groupItems} />
      <IconButton name="Copy the view as code" icon={CodeXml} small onClick={() => workbench.getState().setDialog('copy-code')} />
      <Popover
        name="Columns"
        align="end"
        open={open}
        onOpenChange={setOpen}
        trigger={
          <Button size="small" icon={Columns3} aria-label={`Columns: ${shown.length} of ${columns.length} shown`}>
            {count(shown.length)} of {count(columns.length)}
          </Button>
        }
      >
        <ColumnChooser source={source} records={records} columns={columns} shown={shown} />
      </Popover>
    </>
  )
}
