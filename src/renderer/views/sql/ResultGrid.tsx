/** The rows of a result: sorted by a click on a head, copied as a rectangle, a task's row opened in the inspector. */
import { ArrowDown, ArrowUp, Braces, Calendar, CircleX, Hash, Tag as TagIcon, ToggleLeft } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useState } from 'react'
import type { SqlResultColumn, SqlSort } from '#contract/sql'
import type { Cell } from '#contract/values'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { counted } from '../../parts/format.ts'
import { Grid } from '../../parts/grid/Grid.tsx'
import { rectangleOf, type Selection } from '../../parts/grid/selection.ts'
import { Icon } from '../../parts/Icon.tsx'
import { MenuAt } from '../../parts/Menu.tsx'
import { moveKey } from '../../state/commands.ts'
import { cellsText, checkCopied, type CopyForm, toClipboard } from '../../state/copyCells.ts'
import { alignmentZeros, formatCell, sharedDecimals } from '../../state/formatCell.ts'
import { announce } from '../../state/live.ts'
import { toast } from '../../state/toasts.ts'
import { workbench } from '../../state/workbench.ts'
import { readResult } from './readResult.ts'
import type { Ran } from './statements.ts'
import { useResultPages } from './useResultPages.ts'
import css from './Sql.module.css'

type Props = { ran: Ran; askedId: string; sort: SqlSort; onSort: (sort: SqlSort) => void; onRun: () => void }

export const isNumeric = (type: string): boolean => /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)
const noMarks: readonly number[] = []

export function ResultGrid({ askedId, onRun, onSort, ran, sort }: Props): ReactNode {
  const { columns, total } = ran
  const pages = useResultPages(askedId, ran, sort)
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({})
  const [chosen, setChosen] = useState<{ ran: Ran; selection: Selection; reveal: number } | null>(null)
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null)
  const selection = chosen?.ran === ran ? chosen.selection : null
  const taskAt = columns.findIndex(({ name }) => name.toLowerCase() === 'task_id')
  const gridColumns = useMemo(() => columns.map((column, at) => ({ id: String(at), widthPx: widths[`${ran.resultId} ${at}`] ?? usualWidthPx(column, ran.rows, at), pinned: false, band: '' })), [columns, ran, widths])
  const gridSort = useMemo(() => sort.map(({ column, descending = false }) => ({ id: String(column), descending })), [sort])
  const decimals = useMemo(() => columns.map((_, at) => sharedDecimals(ran.rows.map((row) => row[at]))), [columns, ran])
  const onSight = useCallback((first: number, last: number) => pages.want(first, last), [pages])
  const taskOf = (row: number): string | null => {
    const cell = taskAt === -1 ? null : pages.cell(row, taskAt)
    return typeof cell === 'string' ? cell : null
  }
  const select = (next: Selection): void => {
    setChosen((before) => ({ ran, selection: next, reveal: (before?.reveal ?? 0) + 1 }))
    const taskId = next.cursor.row < 0 ? null : taskOf(next.cursor.row)
    if (taskId !== null) workbench.getState().selectTask(taskId)
  }
  const openTask = (row: number): void => {
    const taskId = taskOf(row)
    if (taskId === null) return
    workbench.getState().selectTask(taskId)
    workbench.getState().setInspectorOpen(true)
  }
  const copy = async (form: CopyForm): Promise<void> => {
    if (!selection || selection.cursor.row < 0) return
    const { bottom, left, right, top } = rectangleOf(selection)
    try {
      checkCopied((bottom - top + 1) * (right - left + 1))
      const rows = await readResult(call, { sourceId: askedId, resultId: ran.resultId, sort }, top, bottom + 1)
      const cells = rows.map((row) => row.slice(left, right + 1))
      await toClipboard(cellsText(columns.slice(left, right + 1).map(({ name }) => name), cells, form))
      announce(`Copied ${counted(cells.length * (right - left + 1), 'cell')} of ${counted(cells.length, 'row')}`)
    } catch (error) {
      toast({ tone: 'failed', title: 'Not copied', detail: error instanceof Error ? error.message : String(error) })
    }
  }
  const onKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    const pressed = event.key.toLowerCase()
    if (pressed === 'c') void copy('tsv')
    else if (pressed === 'a' && total > 0) select({ anchor: { row: 0, column: 0 }, cursor: { row: total - 1, column: columns.length - 1 } })
    else return
    event.preventDefault()
  }
  if (pages.error !== null) {
    return (
      <EmptyState icon={CircleX} tone="error" title="The rows could not be read" actions={<Button onClick={onRun}>Run again</Button>}>
        {pages.error}
      </EmptyState>
    )
  }
  const taskId = selection && selection.cursor.row >= 0 ? taskOf(selection.cursor.row) : null
  return (
    <>
      <Grid
        lowHead
        label={`Result, ${counted(total, 'row')}`}
        columns={gridColumns}
        sort={gridSort}
        rows={total}
        selection={selection}
        reveal={chosen?.reveal ?? 0}
        marks={noMarks}
        busy={false}
        isRightAligned={(id) => isNumeric(columns[Number(id)]?.type ?? '')}
        header={(id) => <Head column={columns[Number(id)]} sort={gridSort.find((part) => part.id === id) ?? null} />}
        cell={(row, id) => <ResultCell cell={pages.cell(row, Number(id))} type={columns[Number(id)]?.type ?? ''} decimals={decimals[Number(id)] ?? 0} />}
        onSight={onSight}
        moveKey={moveKey}
        onSelect={select}
        onSort={(next) => onSort(next.map(({ descending, id }) => ({ column: Number(id), descending })))}
        onOpen={openTask}
        onKey={onKey}
        onColumnMenu={() => undefined}
        onCellMenu={(x, y) => setMenu({ x, y })}
        onResize={(id, widthPx) => setWidths((before) => ({ ...before, [`${ran.resultId} ${id}`]: Math.max(56, Math.min(1200, widthPx ?? usualWidthPx(columns[Number(id)], ran.rows, Number(id)))) }))}
        onMove={() => undefined}
      />
      {total === 0 && <p className={css['noRows']}>No rows. Nothing in the source is so.</p>}
      <MenuAt
        at={menu}
        name="Selection"
        onClose={() => setMenu(null)}
        items={[
          { label: 'Copy', keys: 'Ctrl+C', run: () => void copy('tsv') },
          { label: 'Copy as JSON', run: () => void copy('json') },
          ...(taskId === null ? [] : [{ kind: 'separator' as const }, { label: 'Open the task', detail: taskId, keys: 'Enter', run: () => openTask(selection?.cursor.row ?? -1) }])
        ]}
      />
    </>
  )
}

function Head({ column, sort }: { column: SqlResultColumn | undefined; sort: { descending: boolean } | null }): ReactNode {
  if (!column) return null
  return (
    <div className={css['columnHead']} title={`${column.name}\n${column.type}`}>
      <span className={css['columnName']}>
        <Icon of={iconOf(column.type)} size={12} />
        <span className="mono ell">{column.name}</span>
        {sort && <Icon of={sort.descending ? ArrowDown : ArrowUp} size={12} className="acc" />}
      </span>
      <span className={css['columnType']}>{column.type}</span>
    </div>
  )
}

function iconOf(type: string) {
  if (isNumeric(type)) return Hash
  if (type === 'BOOLEAN') return ToggleLeft
  if (/^(DATE|TIME|INTERVAL)/.test(type)) return Calendar
  return type === 'VARCHAR' ? TagIcon : Braces
}

function ResultCell({ cell, decimals, type }: { cell: Cell | undefined; type: string; decimals: number }): ReactNode {
  if (cell === undefined) return <span className={css['waiting']} />
  if (cell === null) return <span className="null">null</span>
  const { kind, text } = formatCell(cell)
  if (kind !== 'number') {
    return (
      <span className={kind === 'json' ? 'mono ell' : 'ell'} title={text.length > 12 ? text : undefined}>
        {text}
      </span>
    )
  }
  return (
    <span title={text}>
      {text}
      <span className={css['zeros']} aria-hidden="true">
        {isNumeric(type) ? alignmentZeros(text, decimals) : ''}
      </span>
    </span>
  )
}

/** By what is in the first rows and the names, within bounds. */
function usualWidthPx(column: SqlResultColumn | undefined, rows: readonly (readonly Cell[])[], at: number): number {
  if (!column) return 120
  const longest = rows.slice(0, 60).reduce((most, row) => Math.max(most, formatCell(row[at] ?? null).text.length), 0)
  return Math.round(Math.min(380, Math.max(84, 44 + column.name.length * 7.3, 24 + Math.min(longest, 48) * 7.1, 20 + Math.min(column.type.length, 24) * 6.5)))
}
