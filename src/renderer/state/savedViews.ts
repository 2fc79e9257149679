/** Saved views: what is shown now as one, one applied to whatever is open, and what of it does not fit there. */
import { create } from 'zustand'
import type { BroughtView, SavedView } from '#contract/savedViews'
import type { Column } from '#contract/tables'
import { type ViewContent, viewFileEnding, viewLink, viewText } from '#contract/viewFile'
import { call } from '../connection/call.ts'
import { comparingText, readComparing } from './comparing.ts'
import { lanesText, readLanes } from './lanesShown.ts'
import { isDesktop } from './open.ts'
import { useCall } from './query.ts'
import { chipOf, type ScopeState, scopeOf, type TheFilter } from './scope.ts'
import { layoutKey, type TableLayout, useTableLayout } from './tableLayout.ts'
import { toast } from './toasts.ts'
import { asOneStep } from './undo.ts'
import { viewIds, workbench } from './workbench.ts'

type Saving = { viewId: string | null; name: string; view: ViewContent }
export const viewsStore = create<{
  /** The one that was applied or saved last, for "Update". */
  currentId: string | null
  /** What the dialog that asks for a name is about. */
  saving: Saving | null
  deleting: SavedView | null
  /** What somebody brought, the oldest first; each is shown until it is decided on. */
  brought: BroughtView[]
  bringing: boolean
}>()(() => ({ currentId: null, saving: null, deleting: null, brought: [], bringing: false }))

/** The engine has filled in what a view leaves out. */
export const useSavedViews = (): SavedView[] => (useCall('savedViews.list', { limit: 1000 }).data?.views as SavedView[] | undefined) ?? none
const none: SavedView[] = []

/** All that a view keeps of what is shown now. */
export function viewNow(): ViewContent {
  const { view, records, chips, search, node, range, lanes, compare, sourceId } = workbench.getState()
  const comparing = comparingText(compare)
  const layout = sourceId === null ? undefined : useTableLayout.getState().layouts[layoutKey(sourceId, records)]
  return {
    view,
    records,
    chips: chips.map(({ filter, on }) => ({ filter, on })),
    search,
    node: node && { kind: node.kind, key: node.key, name: node.name, filter: node.filter },
    range: range && { from: range.from, to: range.to },
    table: layout ? tableOf(layout) : null,
    lanes: lanes && lanesText(lanes),
    compare: comparing === null ? null : (JSON.parse(comparing) as Record<string, unknown>)
  }
}

const tableOf = ({ visible, order, pinned, widthsPx, sort, groupBy, hideEmpty, hideConstant }: TableLayout): NonNullable<ViewContent['table']> => ({
  visible: { ...visible },
  order: [...order],
  pinned: [...pinned],
  widthsPx: { ...widthsPx },
  sort: sort.map(({ column, descending }) => ({ column, descending })),
  groupBy,
  hideEmpty,
  hideConstant
})

/** The scope of a view, to count by. */
export const scopeOfView = (view: ViewContent): ReturnType<typeof scopeOf> => scopeOf(scopeStateOf(view), view.records)

function scopeStateOf({ chips, node, range, search }: ViewContent): ScopeState {
  return { chips: chips.map(({ filter, on }) => ({ ...chipOf(filter), on })), node: node && { kind: node.kind, key: node.key, name: node.name, filter: node.filter }, range: range && { from: range.from, to: range.to }, search }
}

/** Shows it on the source that is open, whatever that is; tells what does not fit, and breaks nothing. One step of undoing. */
export async function applyView(name: string, view: ViewContent): Promise<void> {
  const { sourceId } = workbench.getState()
  if (sourceId === null) return toast({ tone: 'note', title: 'Open a source first', detail: `“${name}” says what to show of one.` })
  const reply = await call('columns.list', { sourceId, records: view.records, limit: 10_000 })
  if (workbench.getState().sourceId !== sourceId) return
  const columns = reply.ok ? reply.value.columns : null
  const misfits = columns === null ? { missing: [], table: view.table } : fitted(view, columns)
  asOneStep(`applied “${name}”`, () => {
    workbench.getState().setRecords(view.records)
    workbench.setState({ ...scopeStateOf(view), selectedIds: [] })
    if (misfits.table !== null) useTableLayout.getState().change(layoutKey(sourceId, view.records), misfits.table)
  })
  const known = viewIds.find((id) => id === view.view)
  workbench.setState({ lanes: readLanes(view.lanes), compare: readComparing(view.compare), lineage: null })
  if (known) workbench.getState().openView(known)
  tellMisfits(name, misfits.missing, await emptyParts(sourceId, view), known ? null : view.view)
}

/** What the source does not have: the names, and the table without them where it could not be drawn otherwise. */
export function fitted(view: ViewContent, columns: readonly Pick<Column, 'name'>[]): { missing: string[]; table: ViewContent['table'] } {
  const known = new Set(columns.map(({ name }) => name))
  const { table } = view
  const named = [...view.chips.filter(({ on }) => on).flatMap(({ filter }) => fieldsOf(filter)), ...(table === null ? [] : [...table.sort.map(({ column }) => column), ...(table.groupBy === null ? [] : [table.groupBy]), ...table.pinned, ...Object.entries(table.visible).flatMap(([column, on]) => (on ? [column] : []))])]
  const missing = [...new Set(named)].filter((name) => !known.has(name))
  if (table === null) return { missing, table }
  const groupBy = table.groupBy !== null && known.has(table.groupBy) ? table.groupBy : null
  return { missing, table: { ...table, sort: table.sort.filter(({ column }) => known.has(column)), groupBy } }
}

/** Names of the fields that a filter speaks of. */
export function fieldsOf(filter: TheFilter): string[] {
  return Object.entries(filter).flatMap(([key, value]) => (key.startsWith('$') ? (Array.isArray(value) ? value.flatMap((part) => fieldsOf(part as TheFilter)) : []) : [key]))
}

/** Which of node and time leave nothing of this source. */
async function emptyParts(sourceId: string, { node, range, records }: ViewContent): Promise<string[]> {
  const parts = [...(node ? [{ word: `${node.kind} ${node.name}`, scope: { filter: node.filter } }] : []), ...(range ? [{ word: 'the chosen time', scope: { filter: { started_at: { $gte: range.from, $lte: range.to } } } }] : [])]
  if (parts.length === 0 || (records !== 'tasks' && records !== 'messages')) return []
  const reply = await call('filter.counts', { sourceId, records, scopes: parts.map(({ scope }) => scope) })
  return reply.ok ? parts.flatMap(({ word }, index) => (reply.value.counts[index] === 0 ? [word] : [])) : []
}

function tellMisfits(name: string, missing: string[], empty: string[], unknownView: string | null): void {
  const said = [
    ...(missing.length > 0 ? [`It has no ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}.`] : []),
    ...(empty.length > 0 ? [`Nothing in it is of ${empty.join(' or ')}.`] : []),
    ...(unknownView === null ? [] : [`There is no view “${unknownView}” here.`])
  ]
  if (said.length > 0) toast({ tone: 'note', title: `Not all of “${name}” fits this source`, detail: said.join(' ') })
}

export async function applySaved({ viewId, name, view }: SavedView): Promise<void> {
  await applyView(name, view)
  viewsStore.setState({ currentId: viewId })
}

/** Asks for a name, proposing one that says what is filtered. */
export function askToSave(view: ViewContent, proposed: string, viewId: string | null = null): void {
  viewsStore.setState({ saving: { viewId, name: proposed, view } })
}

/** Null, or why not. */
export async function saveView({ viewId, name, view }: Saving): Promise<string | null> {
  const reply = await call('savedViews.set', { ...(viewId !== null && { viewId }), name, view })
  if (!reply.ok) return reply.error.message
  viewsStore.setState({ currentId: reply.value.viewId, saving: null })
  toast({ tone: 'done', title: viewId === null ? `Saved as “${name}”` : `“${name}” was changed` })
  return null
}

export async function deleteView({ viewId, name, view }: SavedView): Promise<void> {
  const reply = await call('savedViews.remove', { viewId })
  if (!reply.ok) return toast({ tone: 'failed', title: 'The view could not be deleted', detail: reply.error.message })
  toast({ tone: 'note', title: `Deleted “${name}”`, action: { label: 'Save it again', run: () => void saveView({ viewId: null, name, view }) } })
}

/** As a file: where a dialog says, or as a download. */
export async function shareAsFile({ name, view }: Pick<SavedView, 'name' | 'view'>): Promise<void> {
  const fileName = `${name.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim().slice(0, 80) || 'view'}${viewFileEnding}`
  if (!isDesktop()) return download(fileName, viewText(name, view))
  const place = await call('dialog.save', { name: fileName })
  if (!place.ok) return toast({ tone: 'failed', title: 'The dialog could not be opened', detail: place.error.message })
  if (place.value.handle === null) return
  const reply = await call('savedViews.write', { handle: place.value.handle, name, view })
  toast(reply.ok ? { tone: 'done', title: `“${name}” was written`, detail: place.value.path ?? '' } : { tone: 'failed', title: 'The view could not be written', detail: reply.error.message })
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A link that holds the whole view; in a browser one to this server, without its key. */
export async function copyLink({ name, view }: Pick<SavedView, 'name' | 'view'>): Promise<void> {
  const own = viewLink(name, view)
  const link = isDesktop() ? own : `${location.origin}/#/saved${own.slice(own.indexOf('?'))}`
  try {
    await navigator.clipboard.writeText(link)
    toast({ tone: 'done', title: 'The link was copied', detail: 'It holds the filter and the layout, and nothing of the records but the values that are filtered for.' })
  } catch (error) {
    toast({ tone: 'failed', title: 'The link could not be copied', detail: error instanceof Error ? error.message : String(error) })
  }
}
