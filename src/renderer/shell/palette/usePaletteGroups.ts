/** What the palette offers for a text: commands, tasks, text search, columns, sources, times. */
import type { LucideIcon } from 'lucide-react'
import { Clock, Columns3, FileJson2, Hash, History, ListFilter, SquareChevronRight, TextSearch } from 'lucide-react'
import { count, counted } from '../../parts/format.ts'
import { useZone } from '../../state/appearance.ts'
import type { CommandGroup } from '../../state/commandCatalogue.ts'
import { type Command, useCommandList, useShownKeys } from '../../state/commands.ts'
import { textOfCell, parseTime } from '../../state/filterValue.ts'
import { useCall } from '../../state/query.ts'
import { useEngine, useSource } from '../../state/sources.ts'
import { workbench } from '../../state/workbench.ts'
import { openAddFilter } from '../filter/useFilterPopovers.ts'
import { match } from './match.ts'
import { rememberCommand, useRecentCommands } from './recentCommands.ts'

export type PaletteItem = { key: string; icon: LucideIcon; title: string; detail?: string; places: [number, number][]; keys?: string | undefined; /** Which kind of command. */ tag?: string; does?: string; mono?: boolean; unavailable?: string; run: () => void }
export type PaletteGroup = { title: string; note: string; items: PaletteItem[] }

const most = 8

export function usePaletteGroups(text: string): PaletteGroup[] {
  const sign = /^[>#@:]/.exec(text)?.[0] ?? ''
  const typed = text.slice(sign.length).trim()
  const groups = [...useCommandGroups(typed, sign === '' || sign === '>'), useTaskGroup(typed, sign), useTextGroup(sign === '' ? typed : ''), useColumnGroup(typed, sign), useTimeGroup(sign === ':' ? typed : ''), useSourceGroup(sign === '' ? typed : null)]
  return groups.filter((group) => group.items.length > 0)
}

/** What one works with first, what is about the workbench itself last. */
const kinds: readonly CommandGroup[] = ['Filter', 'Views', 'Table', 'Sources', 'General']

/** Without a text: those used last, then all of them by kind; with one: those that fit best, whatever kind they are. */
function useCommandGroups(typed: string, on: boolean): PaletteGroup[] {
  const commands = useCommandList().filter((command) => !command.keyOnly)
  const recent = useRecentCommands()
  const keysOf = useShownKeys()
  if (!on) return []
  const itemOf = (command: Command, places: [number, number][], key = `command ${command.id}`): PaletteItem => ({
    key,
    icon: SquareChevronRight,
    title: command.title,
    places,
    keys: keysOf(command),
    ...(command.detail !== undefined && { detail: command.detail }),
    ...(command.unavailable !== undefined && { unavailable: command.unavailable }),
    run: () => {
      rememberCommand(command.id)
      command.run()
    }
  })
  if (typed === '') {
    const last = recent.flatMap((id) => commands.find((command) => command.id === id && command.unavailable === undefined) ?? [])
    const ofKind = kinds.map((kind) => {
      const mine = commands.filter(({ group }) => group === kind)
      return { title: kind, note: counted(mine.length, 'command'), items: mine.map((command) => itemOf(command, [])) }
    })
    return [{ title: 'Recent', note: '', items: last.map((command) => ({ ...itemOf(command, [], `recent ${command.id}`), icon: History, tag: command.group })) }, ...ofKind]
  }
  const found = commands
    .flatMap((command) => {
      const fit = match(command.title, typed)
      return fit ? [{ command, fit }] : []
    })
    .sort((a, b) => b.fit.score - a.fit.score || lateness(recent, a.command) - lateness(recent, b.command))
    .slice(0, most)
  return [{ title: 'Commands', note: `${found.length} of ${commands.length}`, items: found.map(({ command, fit }) => ({ ...itemOf(command, fit.places), tag: command.group })) }]
}

/** Of what fits alike, what was used last comes first. */
const lateness = (recent: readonly string[], { id }: Command): number => {
  const at = recent.indexOf(id)
  return at === -1 ? recent.length : at
}

/** Tasks whose id contains what was typed. */
function useTaskGroup(typed: string, sign: string): PaletteGroup {
  const source = useSource()
  const asked = source && typed.length >= 2 && (sign === '#' || (sign === '' && /\d/.test(typed)))
  const { data, current } = useCall('columns.values', asked ? { sourceId: source.sourceId, records: 'tasks', column: 'task_id', text: typed, limit: most } : null)
  const items = asked && current ? (data?.values ?? []) : []
  return {
    title: 'Tasks',
    note: data ? `${counted(items.length, 'id')} of ${count(data.distinct)}` : '',
    items: items.map(({ value }) => {
      const id = textOfCell(value)
      return {
        key: `task ${id}`,
        icon: Hash,
        title: id,
        mono: true,
        places: match(id, typed)?.places ?? [],
        does: 'go to',
        run: () => {
          const { setRecords, openView, select, setInspectorOpen } = workbench.getState()
          setRecords('tasks')
          openView('table')
          select({ id, column: null })
          setInspectorOpen(true)
        }
      }
    })
  }
}

function useTextGroup(typed: string): PaletteGroup {
  const source = useSource()
  const asked = source !== null && typed.length >= 2
  const { data, current } = useCall('filter.counts', asked ? { sourceId: source.sourceId, records: 'tasks', scopes: [{ search: typed }] } : null)
  const found = data?.counts[0]
  const items: PaletteItem[] = asked
    ? [
        {
          key: 'text',
          icon: TextSearch,
          title: `Text “${typed}” in all fields`,
          places: [[6, 6 + typed.length]],
          detail: current && found !== undefined ? counted(found, 'task') : 'counting',
          does: 'search',
          run: () => workbench.getState().setSearch(typed)
        }
      ]
    : []
  return { title: 'Text', note: source ? `search all ${count(source.counts.tasks)}` : '', items }
}

function useColumnGroup(typed: string, sign: string): PaletteGroup {
  const source = useSource()
  const asked = source !== null && (sign === '@' || (sign === '' && typed.length >= 2))
  const { data, current } = useCall('columns.list', asked ? { sourceId: source.sourceId, records: 'tasks', search: typed, limit: sign === '@' ? 50 : most } : null)
  const columns = asked && current ? (data?.columns ?? []) : []
  return {
    title: 'Columns',
    note: data ? `${columns.length} of ${count(data.total)}` : '',
    items: columns.map(({ name, type, filled }) => ({ key: `column ${name}`, icon: Columns3, title: name, mono: true, places: match(name, typed)?.places ?? [], detail: `${type}, ${count(filled)} filled`, does: 'filter', run: () => openAddFilter(name) }))
  }
}

function useTimeGroup(typed: string): PaletteGroup {
  const zone = useZone()
  const open = useSource() !== null
  const [first, second] = typed.split(/\s+(?:to|–)\s+/, 2).map((part) => parseTime(part.trim(), zone))
  const from = open ? (first ?? null) : null
  const set = (range: { from: number; to: number }): void => workbench.getState().setRange(range)
  const items: PaletteItem[] = []
  if (from !== null && second !== undefined && second !== null && second >= from) items.push({ key: 'time range', icon: Clock, title: `Started from ${typed}`, places: [], does: 'time range', run: () => set({ from, to: second }) })
  else if (from !== null) {
    items.push({ key: 'time from', icon: Clock, title: `Started at or after ${typed}`, places: [], does: 'filter', run: () => workbench.getState().addChips([{ started_at: { $gte: from } }]) })
    items.push({ key: 'time until', icon: ListFilter, title: `Started before ${typed}`, places: [], does: 'filter', run: () => workbench.getState().addChips([{ started_at: { $lt: from } }]) })
  }
  return { title: 'Times', note: zone === 'utc' ? 'UTC; a date and time, or “… to …”' : 'local; a date and time, or “… to …”', items }
}

/** @param typed null: not asked for */
function useSourceGroup(typed: string | null): PaletteGroup {
  const sources = useEngine((s) => s.sources)
  const found = typed === null || sources.length < 2 ? [] : sources.flatMap((source) => (match(source.name, typed) ? [source] : []))
  return {
    title: 'Sources',
    note: `${found.length} of ${sources.length}`,
    items: found.map((source) => ({ key: `source ${source.sourceId}`, icon: FileJson2, title: source.name, places: match(source.name, typed ?? '')?.places ?? [], detail: counted(source.counts.tasks, 'task'), does: 'show', run: () => workbench.getState().openSource(source.sourceId) }))
  }
}
