/** What can be done with a column, and with the selected cells. */
import { ArrowDown, ArrowUp, ClipboardCopy, Braces, CodeXml, Download, EyeOff, Filter, FilterX, Group, Pin, PinOff, Waypoints } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { cellOperand } from '#contract/cellOperand'
import type { Column } from '#contract/tables'
import type { MenuItem } from '../../parts/Menu.tsx'
import { openExport } from '../../state/exports.ts'
import type { TableLayout } from '../../state/tableLayout.ts'
import { hasLineage, type LineageSubject, openLineageOfRow } from '../../state/lineageOfRow.ts'
import { type Lineage, workbench } from '../../state/workbench.ts'
import { type CopyForm, toClipboard } from '../../state/copyCells.ts'
import { formatCell } from '../../state/formatCell.ts'
import type { RowCache } from './RowCache.ts'
import { type Selection, rectangleOf } from '../../parts/grid/selection.ts'
import { type Command, keysNow } from '../../state/commands.ts'

type ColumnChoice = { column: Column | undefined; layout: TableLayout; shown: readonly string[]; change: (next: Partial<TableLayout>) => void }
type ColumnAction = { id: string; label: string; detail?: string; icon?: LucideIcon; disabled?: boolean; run: () => void }

/** What can be done with a column, in the groups of its menu; each by the id of its command. */
function columnActions(name: string, { layout, shown, change }: ColumnChoice): ColumnAction[][] {
  const sortBy = (descending: boolean, add: boolean) => (): void =>
    change({ sort: [...(add ? layout.sort.filter((part) => part.column !== name) : []), { column: name, descending }] })
  const isPinned = layout.pinned.includes(name)
  return [
    [
      { id: 'table.sortAscending', label: 'Sort ascending', icon: ArrowUp, run: sortBy(false, false) },
      { id: 'table.sortDescending', label: 'Sort descending', icon: ArrowDown, run: sortBy(true, false) },
      { id: 'table.thenBy', label: 'Then by this column', detail: 'after those sorted by now', disabled: layout.sort.length === 0, run: sortBy(false, true) }
    ],
    [
      { id: 'table.group', label: 'Group by this column', icon: Group, run: () => change({ groupBy: name }) },
      { id: 'table.withValue', label: 'Only rows with a value', icon: Filter, run: () => workbench.getState().addChips([{ [name]: { $ne: null } }]) },
      { id: 'table.withoutValue', label: 'Only rows without a value', icon: FilterX, run: () => workbench.getState().addChips([{ [name]: null }]) }
    ],
    [
      { id: 'table.pin', label: isPinned ? 'Unpin' : 'Pin to the left', icon: isPinned ? PinOff : Pin, run: () => change({ pinned: isPinned ? layout.pinned.filter((other) => other !== name) : [...layout.pinned, name] }) },
      { id: 'table.hide', label: 'Hide', icon: EyeOff, disabled: shown.length < 2, run: () => change({ visible: { ...layout.visible, [name]: false } }) },
      { id: 'table.copyPath', label: 'Copy the dotted path', icon: ClipboardCopy, run: () => void toClipboard(name) }
    ]
  ]
}

export function columnMenu(choice: ColumnChoice): MenuItem[] {
  if (!choice.column) return []
  const { name } = choice.column
  const groups = columnActions(name, choice)
  return [{ kind: 'heading', label: name }, ...groups.flatMap((actions, at): MenuItem[] => [...(at === 0 ? [] : [{ kind: 'separator' } as const]), ...actions.map(({ id, ...action }) => ({ ...action, keys: keysNow(id) }))])]
}

const columnTitles: Readonly<Record<string, string>> = {
  'table.sortAscending': 'Sort ascending by this column',
  'table.sortDescending': 'Sort descending by this column',
  'table.thenBy': 'Then sort by this column',
  'table.withValue': 'Only rows with a value here',
  'table.withoutValue': 'Only rows without a value here',
  'table.pin': 'Pin or unpin this column',
  'table.hide': 'Hide this column',
  'table.copyPath': 'Copy the dotted path of this column'
}

/** The same as commands, about the column of the current cell. */
export function columnCommands(choice: ColumnChoice): Command[] {
  const { column } = choice
  return columnActions(column?.name ?? '', choice).flat().map(({ id, label, disabled = false, run }) => ({
    id,
    title: columnTitles[id] ?? label,
    group: 'Table',
    ...(column && { detail: column.name }),
    unavailable: column ? (disabled ? 'not possible now' : undefined) : 'no cell is chosen',
    run
  }))
}

export function cellMenu({ cache, selection, columns, copy }: { cache: RowCache; selection: Selection | null; columns: readonly Column[]; copy: (form: CopyForm) => Promise<void> }): MenuItem[] {
  if (!selection || selection.cursor.row < 0) return []
  const { top, bottom, left, right } = rectangleOf(selection)
  const cells = (bottom - top + 1) * (right - left + 1)
  const name = columns[selection.cursor.column]?.name
  const cell = cache.cell(selection.cursor.row, selection.cursor.column)
  const items: MenuItem[] = [
    { label: cells === 1 ? 'Copy' : `Copy ${cells.toLocaleString('en-US')} cells`, icon: ClipboardCopy, keys: 'Ctrl+C', run: () => void copy('tsv') },
    { label: 'Copy as JSON', icon: Braces, keys: keysNow('table.copyJson'), run: () => void copy('json') },
    { label: 'Copy the view as code…', icon: CodeXml, run: () => workbench.getState().setDialog('copy-code') }
  ]
  if (name === undefined) return items
  items.push({ label: 'Copy the dotted path', detail: name, run: () => void toClipboard(name) })
  const operand = cell === undefined ? null : cellOperand(cell)
  if (operand) {
    const { value } = operand
    const equals = typeof value === 'object' && value !== null ? { $eq: value } : value
    const words = formatCell(cell ?? null).text.slice(0, 40)
    items.push(
      { kind: 'separator' },
      { label: `Only ${name} = ${words}`, icon: Filter, run: () => workbench.getState().addChips([{ [name]: equals }], { replace: name }) },
      { label: `Without ${name} = ${words}`, icon: FilterX, run: () => workbench.getState().addChips([{ [name]: { $ne: value } }]) }
    )
  }
  const subject = lineageOf(cache, selection, name)
  if (subject) {
    const open = (direction: Lineage['direction']) => (): void => void openLineageOfRow(subject, direction)
    items.push(
      { kind: 'separator' },
      { label: subject.column === null ? 'What led to this task' : 'Where does this value come from', icon: Waypoints, keys: keysNow('table.lineage'), run: open('up') },
      { label: subject.column === null ? 'What came of this task' : 'What was made of it', icon: Waypoints, run: open('down') }
    )
  }
  const rows = workbench.getState().selectedIds.length
  items.push({ kind: 'separator' }, { label: rows > 1 ? `Export ${rows.toLocaleString('en-US')} selected rows…` : 'Export…', icon: Download, ...(rows < 2 && { keys: keysNow('export') }), run: () => openExport({ about: rows > 1 ? 'selected' : 'filtered' }) })
  return items
}

/** What a lineage of the current cell is about: the value that a task used or generated, else the task. */
export function lineageOf(cache: RowCache, selection: Selection | null, name: string | undefined): LineageSubject | null {
  const { records, sourceId } = cache.view
  if (!selection || selection.cursor.row < 0 || !hasLineage(records)) return null
  const id = cache.head(selection.cursor.row)?.id
  if (id === undefined) return null
  // One that has not come yet is asked about as if it were there.
  const cell = cache.cell(selection.cursor.row, selection.cursor.column)
  const isValue = name !== undefined && /^(used|generated)\../.test(name) && cell !== null
  return { sourceId, records, id, column: isValue ? name : null }
}
