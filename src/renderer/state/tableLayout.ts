/** Which columns a table shows, in what order, how wide, and how it is sorted and grouped; remembered per schema. */
import { create } from 'zustand'
import type { Column } from '#contract/tables'
import type { Records, Sort } from '#contract/values'
import { call } from '../connection/call.ts'
import { setPref } from './prefs.ts'

export type TableLayout = {
  /** Shown or hidden by hand; columns not named follow `shownByDefault`. */
  readonly visible: Readonly<Record<string, boolean>>
  /** Columns moved by hand, in their order; the others follow in the source's order. */
  readonly order: readonly string[]
  readonly pinned: readonly string[]
  readonly widthsPx: Readonly<Record<string, number>>
  readonly sort: Sort
  readonly groupBy: string | null
  readonly hideEmpty: boolean
  readonly hideConstant: boolean
}

type Layouts = {
  /** By `layoutKey`. */
  layouts: Readonly<Record<string, TableLayout>>
  /** Columns with at most one value among the rows in scope, by `layoutKey`: known once somebody asked. */
  constant: Readonly<Record<string, ReadonlySet<string>>>
  /** Counts what was taken up of what was saved, which nobody did now. */
  restored: number
  change: (key: string, change: Partial<TableLayout>) => void
  reset: (key: string, records: Records) => void
  learnConstant: (key: string, names: ReadonlySet<string>) => void
  /** Takes up what was saved for this schema, unless the layout was changed by hand already. */
  restore: (key: string, records: Records, schema: string) => Promise<void>
}

export const layoutKey = (sourceId: string, records: Records): string => `${sourceId}/${records}`

export const useTableLayout = create<Layouts>((set, get) => ({
  layouts: {},
  constant: {},
  restored: 0,
  change: (key, change) => {
    const layout = { ...(get().layouts[key] ?? defaultLayout(recordsOf(key))), ...change }
    set(({ layouts }) => ({ layouts: { ...layouts, [key]: layout } }))
    save(key, layout)
  },
  reset: (key, records) => {
    set(({ layouts }) => ({ layouts: { ...layouts, [key]: defaultLayout(records) } }))
    save(key, defaultLayout(records))
  },
  learnConstant: (key, names) => set(({ constant }) => ({ constant: { ...constant, [key]: names } })),
  restore: async (key, records, schema) => {
    schemas.set(key, schema)
    if (get().layouts[key]) return
    const reply = await call('prefs.get', { key: prefsKey(records, schema) })
    if (!reply.ok || get().layouts[key] || !isLayout(reply.value.value)) return
    const saved = reply.value.value
    set(({ layouts, restored }) => ({ layouts: { ...layouts, [key]: { ...defaultLayout(records), ...saved } }, restored: restored + 1 }))
  }
}))

const emptySet: ReadonlySet<string> = new Set()
export const defaultLayouts = Object.fromEntries((['tasks', 'workflows', 'agents', 'objects', 'messages'] as const).map((records) => [records, defaultLayout(records)])) as Record<Records, TableLayout>

/** The layout of one table, and the names of its constant columns as far as they are known. */
export function useLayout(sourceId: string, records: Records): { key: string; layout: TableLayout; constant: ReadonlySet<string> } {
  const key = layoutKey(sourceId, records)
  const layout = useTableLayout((state) => state.layouts[key]) ?? defaultLayouts[records]
  const constant = useTableLayout((state) => state.constant[key]) ?? emptySet
  return { key, layout, constant }
}

/** What the table shows, pinned columns first. */
export function shownColumns(columns: readonly Column[], layout: TableLayout, constant: ReadonlySet<string>): Column[] {
  const shown = columns.filter((column) => isShown(column, layout, constant))
  const placed = new Map(layout.order.map((name, index) => [name, index]))
  const ordered = layout.order.length === 0 ? shown : inOrder(shown, placed)
  const pinned = layout.pinned.flatMap((name) => ordered.find((column) => column.name === name) ?? [])
  return [...pinned, ...ordered.filter((column) => !layout.pinned.includes(column.name))]
}

export function isShown(column: Column, layout: TableLayout, constant: ReadonlySet<string>): boolean {
  const byHand = layout.visible[column.name]
  if (byHand !== undefined) return byHand
  if (layout.hideEmpty && column.filled === 0) return false
  if (layout.hideConstant && constant.has(column.name)) return false
  return shownByDefault(column)
}

/** Everything but the bulk that machines write about themselves; messages are shown as they are. */
const bulk = /^(telemetry_at_start|telemetry_at_end|telemetry_summary|flowcept_settings|machine_info|conf|code_repository|environment)\./
const plumbing = new Set(['type', 'utc_timestamp', 'registered_at', 'finished', 'running', 'submitted', 'waiting', 'error', 'unknown', 'interceptor_ids', 'mq_host', 'public_ip', 'private_ip', 'login_name', 'environment_id', 'adapter_id', 'ended_at', 'campaign_id', 'workflow_id', 'parent_task_id', 'flowcept_version', 'sys_name'])
export const shownByDefault = (column: Column): boolean => column.filled > 0 && !bulk.test(column.name) && !plumbing.has(column.name)

/** Moved columns take their places; one not moved stays behind the one it follows in the source. */
function inOrder(columns: readonly Column[], placed: ReadonlyMap<string, number>): Column[] {
  let last = -1
  return columns
    .map((column, index) => {
      last = placed.get(column.name) ?? last
      return { column, at: placed.get(column.name) ?? last, index }
    })
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ column }) => column)
}

/** The same for every source whose captured fields have the same names. */
export function schemaOf(columns: readonly Column[]): string {
  let hash = 0x811c9dc5
  for (const name of columns.map((column) => column.name).sort()) {
    for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ 10, 0x01000193)
  }
  return (hash >>> 0).toString(36)
}

function defaultLayout(records: Records): TableLayout {
  const id = { tasks: 'task_id', workflows: 'workflow_id', agents: 'agent_id', objects: 'object_id', messages: null }[records]
  const hideEmpty = records !== 'messages'
  const shownAlways: Record<string, boolean> = records === 'workflows' ? { workflow_id: true, campaign_id: true, ended_at: true } : {}
  return { visible: shownAlways, order: [], pinned: id === null ? [] : [id], widthsPx: {}, sort: [], groupBy: null, hideEmpty, hideConstant: false }
}

const schemas = new Map<string, string>()
const recordsOf = (key: string): Records => key.slice(key.lastIndexOf('/') + 1) as Records
const prefsKey = (records: Records, schema: string): string => `table.${records}.${schema}`

function save(key: string, layout: TableLayout): void {
  const schema = schemas.get(key)
  if (schema !== undefined) setPref(prefsKey(recordsOf(key), schema), layout)
}

function isLayout(value: unknown): value is Partial<TableLayout> {
  if (typeof value !== 'object' || value === null) return false
  const { visible, order, pinned, widthsPx, sort } = value as Record<string, unknown>
  const isMap = (part: unknown): boolean => typeof part === 'object' && part !== null && !Array.isArray(part)
  return isMap(visible) && isMap(widthsPx) && [order, pinned, sort].every(Array.isArray)
}
