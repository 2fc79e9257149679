/** What the export dialog is set to, the figures that follow from it, and the start of the export. */
import { useState } from 'react'
import type { Source } from '#contract/sources'
import type { Records } from '#contract/values'
import { call } from '../../connection/call.ts'
import { noteStarted, refreshExports } from '../../state/exports.ts'
import { isDesktop } from '../../state/open.ts'
import { useCall } from '../../state/query.ts'
import { useMatching } from '../../state/useMatching.ts'
import { useScope } from '../../state/useScope.ts'
import { useWorkbench } from '../../state/workbench.ts'

type Rows = 'filtered' | 'selected' | 'whole'
type Columns = 'shown' | 'all'
const mostColumns = 10_000

export function useExportChoice(source: Source) {
  const scope = useScope()
  const { records, matching, total } = useMatching()
  const selectedIds = useWorkbench((s) => s.selectedIds)
  const selection = useWorkbench((s) => s.selection)
  const tableColumns = useWorkbench((s) => s.tableColumns)
  const sort = useWorkbench((s) => s.tableSort)
  const idColumn = idColumns[records]
  const ids = idColumn === null ? [] : selectedIds.length > 0 ? selectedIds : selection ? [selection.id] : []
  const [rows, setRows] = useState<Rows>('filtered')
  const [columns, setColumns] = useState<Columns>(tableColumns.length > 0 ? 'shown' : 'all')
  const [name, setName] = useState(() => `${source.name.replace(/(\.jsonl)?(\.gz|\.zst)?$/i, '').replace(/[/\\:]/g, '_') || 'provscope'}-${records}.csv`)
  const [guard, setGuard] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const all = useCall('columns.list', { sourceId: source.sourceId, records, limit: mostColumns })
  const figures = {
    matching,
    total,
    selected: ids.length,
    rows: rows === 'filtered' ? matching : rows === 'selected' ? ids.length : total,
    shownColumns: tableColumns.length,
    allColumns: all.data?.total ?? null,
    columns: columns === 'shown' ? tableColumns.length : (all.data?.total ?? 0),
    sort: sort.length > 0 ? 'In the order of the table.' : 'In the order of the source.'
  }
  const write = async (): Promise<void> => {
    setMistake(null)
    setBusy(true)
    const outcome = await begin({
      sourceId: source.sourceId,
      records,
      format: 'csv',
      scope: rows === 'filtered' ? scope : rows === 'whole' ? { filter: {}, search: '' } : { filter: { [idColumn ?? '']: { $in: ids } }, search: '' },
      sort,
      columns: columns === 'shown' ? tableColumns : await everyColumn(source.sourceId, records),
      name: name.trim(),
      guardFormulas: guard
    })
    setBusy(false)
    if (outcome !== null) setMistake(outcome)
  }
  return { rows, setRows, columns, setColumns, name, setName, guard, setGuard, figures, records, mistake, busy: busy || name.trim() === '' || /[/\\]/.test(name), write }
}

/** The column that a selection is a filter on. Messages have none: their id is their place, not a field. */
const idColumns = { tasks: 'task_id', workflows: 'workflow_id', agents: 'agent_id', objects: 'object_id', messages: null } as const

/** Asks for the place where there is a native dialog, and starts. Null: started, or the person cancelled. */
async function begin(params: Parameters<typeof call<'exports.start'>>[1]): Promise<string | null> {
  let handle: string | undefined
  if (isDesktop()) {
    const saved = await call('dialog.save', { name: params.name })
    if (!saved.ok) return saved.error.message
    if (saved.value.handle === null) return null
    handle = saved.value.handle
  }
  const reply = await call('exports.start', { ...params, ...(handle !== undefined && { handle }) })
  if (!reply.ok) return reply.error.message
  noteStarted(reply.value.exportId)
  await refreshExports()
  return null
}

async function everyColumn(sourceId: string, records: Records): Promise<string[]> {
  const names: string[] = []
  for (;;) {
    const reply = await call('columns.list', { sourceId, records, offset: names.length, limit: mostColumns })
    if (!reply.ok) return names
    names.push(...reply.value.columns.map((column) => column.name))
    if (reply.value.columns.length === 0 || names.length >= reply.value.total) return names
  }
}
