/**
 * What the page shows, shared by every view: source, view, scope, selection, panels, preferences.
 *
 * For who builds a view, the inspector or a panel:
 * - `useWorkbench((s) => s.selection)` reads; `workbench.getState().select(…)` acts. Select single fields, or use `useShallow`.
 * - `useSource()` is the active source or null; `useScope()` the {filter, search} of everything set in the navigator, the
 *   filter bar, the search field and the ribbon. Pass it as `scope` to each call; never build another.
 * - `useCall('rows.page', {sourceId, scope, …})` asks the engine: {data, error, loading, at, retry}. Same params share one call;
 *   changed params abort the old one; `data` stays the last answer while the next loads; a new `revision` of the source asks
 *   again, seldom while it is being read. `null` params: ask nothing. For one-off calls: `call` of connection/call.ts.
 * - Narrowing is by chips: `addChips([{ 'used.lr': { $lt: 0.1 } }])`; each is one filter object, joined by $and.
 *   `addChips(…, { replace: 'used.lr' })` replaces the chips on that column. Navigator scope: `setNode`. Time: `setRange`.
 * - Selection: `select({ id, column })` of the current `records`; the inspector and the status bar follow it.
 *   `selectedIds` is set by the table when several rows are chosen (for "selected" in the export dialog).
 * - `tableColumns` (what the table shows, in order) and `tableSort` are written by the table and read by exports.
 * - `openView('table')`, `setPanel('problems' | null)`, `setDialog('export' | 'open-file' | … | null)`; state/attach.ts and state/transfers.ts open theirs prefilled.
 * - `useCommands(() => [{ id, title, keys: 'E', run, … }], deps)` of state/commands.ts puts actions into the palette, the `?`
 *   sheet and the keyboard. Single keys are off in text fields.
 * - `usePref('table.columns', fallback)` of state/prefs.ts keeps a value per user. `announce('…')` of state/live.ts speaks politely.
 * - Parts (renderer/parts) know nothing of all this. Buttons: Button, IconButton (name + shortcut are its tooltip), Segmented
 *   (radio group), Checkbox. Text: TextField, SuggestField. Layers: Popover, Menu, ContextMenu, Dialog, Tooltip. Shapes: Card,
 *   Chip, Tag, Strip, EmptyState, Progress, StatusMark, KeyCaps, Icon (`<Icon of={Search} size={14} />`, lucide), Tabs, ErrorMark.
 * - Figures: parts/format.ts (count, bytes, seconds, clock, date); pass `zone` of `useZone()` to times.
 * - Style: CSS modules with the tokens of styles/tokens.css and the classes of styles/base.css (mono f11 f12 t2 t3 med strong
 *   num row grow ell nw null hidden). Containers: a view fills its pane and scrolls inside; the pane is `container: pane`.
 */
import { create } from 'zustand'
import { subscribeWithSelector } from 'zustand/middleware'
import type { Run } from '#contract/compare'
import type { Records, Sort } from '#contract/values'
import { showMoment } from '../connection/call.ts'
import { type Comparing, plainComparing } from './comparing.ts'
import type { LanesShown } from './lanesShown.ts'
import { type Chip, type Node, type Range, type ScopeState, type TheFilter, chipOf, columnOf, emptyScope } from './scope.ts'

export const viewIds = ['overview', 'table', 'tree', 'timeline', 'dataflow', 'telemetry', 'agents', 'compare', 'sql', 'stream'] as const
export type ViewId = (typeof viewIds)[number]
export type Panel = 'problems'
export type DialogId = 'export' | 'open-file' | 'open-folder' | 'open-store' | 'attach' | 'transfer' | 'dump' | 'fill' | 'watches' | 'shortcuts' | 'settings' | 'about' | 'buffers' | 'copy-code' | 'session'
/** What the dataflow view shows instead of the whole scope: where a task, or the value of one of its cells, comes from and what was made of it; or the ways to another task. */
export type Lineage = { taskId: string; column: string | null; direction: 'up' | 'down' | 'both'; to: string | null }
/** The two runs that are compared; they may lie in different sources. */
export type Pair = { a: Run | null; b: Run | null }
export type Selection = { id: string; column: string | null }

type Workbench = ScopeState & {
  sourceId: string | null
  view: ViewId
  records: Records
  selection: Selection | null
  selectedIds: string[]
  lineage: Lineage | null
  pair: Pair
  /** How the runs, or those of a sweep, are compared. */
  compare: Comparing
  /** What the timeline shows of the source: kinds of lanes, and the window where it is not the whole; null: as it was last. */
  lanes: LanesShown | null
  /** The moment as of which the source is shown, epoch seconds; null: as it is known now. Calls about the source are told by themselves. */
  moment: number | null
  tableColumns: string[]
  tableSort: Sort
  navigatorOpen: boolean
  inspectorOpen: boolean
  panel: Panel | null
  dialog: DialogId | null
  paletteOpen: boolean
  /** Scopes of the sources that are not active, to come back to. */
  kept: Record<string, ScopeState>

  openSource: (sourceId: string | null) => void
  openView: (view: ViewId) => void
  setRecords: (records: Records) => void
  setNode: (node: Node | null) => void
  addChips: (filters: TheFilter[], options?: { replace?: string }) => void
  /** Replaces a chip's filter, or, with null, removes it. */
  changeChip: (key: string, filter: TheFilter | null) => void
  toggleChip: (key: string) => void
  setChips: (chips: Chip[]) => void
  setSearch: (search: string) => void
  setRange: (range: Range | null) => void
  clearScope: () => void
  select: (selection: Selection | null) => void
  /** Chooses a task, whatever kind of record the table shows now. */
  selectTask: (taskId: string) => void
  setSelectedIds: (ids: string[]) => void
  /** Shows the lineage in the dataflow view; null: the whole scope again. */
  openLineage: (lineage: Lineage | null) => void
  setPair: (pair: Partial<Pair>) => void
  setCompare: (change: Partial<Comparing>) => void
  setLanes: (lanes: LanesShown | null) => void
  setMoment: (moment: number | null) => void
  setTable: (table: { columns: string[]; sort: Sort }) => void
  setNavigatorOpen: (open: boolean) => void
  setInspectorOpen: (open: boolean) => void
  setPanel: (panel: Panel | null) => void
  setDialog: (dialog: DialogId | null) => void
  setPaletteOpen: (open: boolean) => void
}

/** In narrower windows the inspector covers the view, and so opens only when asked. */
const overlaidBelowPx = 1180
/** Views that read best at full width close the inspector by default. */
const inspectorByDefault: Record<ViewId, boolean> = { overview: false, table: true, tree: true, timeline: true, dataflow: true, telemetry: false, agents: false, compare: false, sql: false, stream: true }

export const workbench = create<Workbench>()(
  subscribeWithSelector((set, get) => ({
    ...emptyScope,
    sourceId: null,
    view: 'overview',
    records: 'tasks',
    selection: null,
    selectedIds: [],
    lineage: null,
    pair: { a: null, b: null },
    compare: plainComparing,
    lanes: null,
    moment: null,
    tableColumns: [],
    tableSort: [],
    navigatorOpen: true,
    inspectorOpen: false,
    panel: null,
    dialog: null,
    paletteOpen: false,
    kept: {},

    openSource: (sourceId) => {
      const state = get()
      if (sourceId === state.sourceId) return
      const kept = state.sourceId === null ? state.kept : { ...state.kept, [state.sourceId]: scopeState(state) }
      const scope = (sourceId !== null && kept[sourceId]) || emptyScope
      set({ sourceId, kept, ...scope, selection: null, selectedIds: [], lineage: null, moment: null, compare: ofNewSource(state.compare), lanes: null, tableColumns: [], tableSort: [] })
    },
    openView: (view) => set((state) => (state.view === view ? {} : { view, inspectorOpen: inspectorByDefault[view] && window.innerWidth >= overlaidBelowPx })),
    setRecords: (records) => set((state) => (state.records === records ? {} : { records, selection: null, selectedIds: [], tableColumns: [], tableSort: [] })),
    setNode: (node) => set({ node }),
    addChips: (filters, { replace } = {}) =>
      set(({ chips }) => ({ chips: [...chips.filter((chip) => replace === undefined || columnOf(chip.filter) !== replace), ...filters.map(chipOf)] })),
    changeChip: (key, filter) =>
      set(({ chips }) => ({ chips: filter === null ? chips.filter((chip) => chip.key !== key) : chips.map((chip) => (chip.key === key ? { ...chip, filter } : chip)) })),
    toggleChip: (key) => set(({ chips }) => ({ chips: chips.map((chip) => (chip.key === key ? { ...chip, on: !chip.on } : chip)) })),
    setChips: (chips) => set({ chips }),
    setSearch: (search) => set({ search }),
    setRange: (range) => set({ range }),
    clearScope: () => set({ ...emptyScope }),
    select: (selection) => set({ selection }),
    selectTask: (taskId) => {
      get().setRecords('tasks')
      set({ selection: { id: taskId, column: null } })
    },
    openLineage: (lineage) => {
      set({ lineage })
      get().openView('dataflow')
    },
    setPair: (pair) => set((state) => ({ pair: { ...state.pair, ...pair } })),
    setCompare: (change) => set((state) => ({ compare: { ...state.compare, ...change } })),
    setLanes: (lanes) => set({ lanes }),
    setMoment: (moment) => set({ moment }),
    setSelectedIds: (selectedIds) => set({ selectedIds }),
    setTable: ({ columns, sort }) => set({ tableColumns: columns, tableSort: sort }),
    setNavigatorOpen: (navigatorOpen) => set({ navigatorOpen }),
    setInspectorOpen: (inspectorOpen) => set({ inspectorOpen }),
    setPanel: (panel) => set({ panel }),
    setDialog: (dialog) => set({ dialog }),
    setPaletteOpen: (paletteOpen) => set({ paletteOpen })
  }))
)

export const useWorkbench = workbench

/** What was said of one source's columns and runs says nothing of another's. */
const ofNewSource = ({ as, match, all }: Comparing): Comparing => ({ ...plainComparing, as, match, all })
const scopeState = ({ node, chips, search, range }: ScopeState): ScopeState => ({ node, chips, search, range })

// Before anybody renders: what is drawn next asks as of the moment it stands for.
workbench.subscribe(
  ({ moment, sourceId }) => (moment === null || sourceId === null ? null : `${sourceId} ${moment}`),
  () => {
    const { moment, sourceId } = workbench.getState()
    showMoment(moment === null || sourceId === null ? null : { sourceId, at: moment })
  }
)
