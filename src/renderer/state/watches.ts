/** Watch expressions: what fires, told once by a toast and, where wanted, by the desktop; their words; where they lead. */
import { create } from 'zustand'
import type { DraftWatch, Watched, WatchState } from '#contract/watches'
import { call } from '../connection/call.ts'
import { phraseOf, splitFilter } from './filterWords.ts'
import { chipOf, join, scopeOf } from './scope.ts'
import { settingNow } from './settings.ts'
import { engine } from './sources.ts'
import { toast } from './toasts.ts'
import { workbench } from './workbench.ts'

type State = { watches: Watched[]; /** What the form begins with; null: the list is shown. */ draft: { watchId: string | null; watch: DraftWatch } | null }
export const watchStore = create<State>()(() => ({ watches: [], draft: null }))

const everything = { filter: {}, search: '' }
const ofRun: Pick<DraftWatch, 'source' | 'within' | 'notify'> = { source: null, within: everything, notify: false }
/** To begin with. */
export const templates: DraftWatch[] = [
  { ...ofRun, name: 'Any error', match: { filter: { status: 'ERROR' }, search: '' }, condition: { kind: 'any' } },
  { ...ofRun, name: 'No task finished in 5 min', match: { filter: { status: { $in: ['FINISHED', 'ERROR'] } }, search: '' }, condition: { kind: 'stalled', seconds: 300 } },
  { ...ofRun, name: 'Loss above 0.3', match: everything, condition: { kind: 'metric', column: 'generated.loss', of: 'latest', than: 'above', value: 0.3 } }
]

export type Firing = { watch: Watched; state: WatchState }
/** What fires and was not seen yet, or all that fires. */
export function firingOf(watches: readonly Watched[], { seen = false } = {}): Firing[] {
  return watches.flatMap((watch) => watch.states.filter((state) => state.state === 'firing' && (seen || !state.acknowledged)).map((state) => ({ watch, state })))
}

/** Opens the dialog: on the list, or on a new watch. */
export function openWatches(draft: DraftWatch | null = null): void {
  watchStore.setState({ draft: draft && { watchId: null, watch: draft } })
  workbench.getState().setDialog('watches')
}

/** A new watch of what the filter bar leaves now. */
export function watchThisFilter(): void {
  const state = workbench.getState()
  const match = scopeOf(state, 'tasks')
  const words = [state.node?.name, ...state.chips.filter(({ on }) => on).map(({ filter }) => phraseOf(filter)), state.search === '' ? null : `“${state.search}”`].filter(Boolean).join(', ')
  openWatches({ ...ofRun, source: pathOf(state.sourceId), name: (words || 'Any task').slice(0, 200), match, condition: { kind: 'any' } })
}

export const pathOf = (sourceId: string | null): string | null => engine.getState().sources.find((source) => source.sourceId === sourceId)?.path ?? null

/** The tasks that match, in the table, as they are now. */
export function showWatched(watch: Watched, sourceId: string): void {
  const state = workbench.getState()
  state.openSource(sourceId)
  state.setMoment(null)
  state.clearScope()
  const limit = watch.condition.kind === 'metric' && watch.condition.of !== 'mean' ? [{ [watch.condition.column]: { [watch.condition.than === 'above' ? '$gt' : '$lt']: watch.condition.value } }] : []
  state.setChips(splitFilter(join([watch.within.filter, watch.match.filter, ...limit])).map(chipOf))
  state.setSearch(watch.match.search || watch.within.search)
  state.setRecords('tasks')
  state.openView('table')
  state.setDialog(null)
}

export async function acknowledge(watchId: string, sourceId?: string): Promise<void> {
  const reply = await call('watches.acknowledge', { watchId, ...(sourceId !== undefined && { sourceId }) })
  if (!reply.ok) toast({ tone: 'failed', title: 'The watch could not be marked as seen', detail: reply.error.message })
  await refresh()
}

export async function removeWatch(watchId: string): Promise<void> {
  const reply = await call('watches.remove', { watchId })
  if (!reply.ok) toast({ tone: 'failed', title: 'The watch could not be removed', detail: reply.error.message })
  await refresh()
}

/** Null, or why it was not kept. */
export async function saveWatch(watchId: string | null, watch: DraftWatch): Promise<string | null> {
  const reply = await call('watches.set', { ...watch, ...(watchId !== null && { watchId }) })
  if (!reply.ok) return reply.error.message
  await refresh()
  return null
}

const toldKey = 'watches.told'
/** Follows the engine's watches and tells what begins to fire. */
export function followWatches(): () => void {
  return engine.subscribe(
    ({ link, versions, epoch }) => (link.state === 'live' ? `${epoch} ${versions.watch}` : null),
    (version) => void (version !== null && refresh()),
    { fireImmediately: true }
  )
}

let asked = 0
async function refresh(): Promise<void> {
  const mine = ++asked
  const reply = await call('watches.list', {})
  if (!reply.ok || mine !== asked) return
  const { watches } = reply.value
  watchStore.setState({ watches })
  const told = readTold()
  const fresh = firingOf(watches).filter((firing) => !told.includes(keyOf(firing)))
  if (fresh.length > 0) sessionStorage.setItem(toldKey, JSON.stringify([...told, ...fresh.map(keyOf)].slice(-500)))
  for (const firing of fresh) tell(firing)
}

/** A firing is one for as long as it lasts: a page that is loaded again does not tell of it again. */
const keyOf = ({ watch, state }: Firing): string => `${watch.watchId} ${state.sourceId} ${state.since}`

function readTold(): string[] {
  const text = sessionStorage.getItem(toldKey)
  const value: unknown = text === null ? [] : JSON.parse(text)
  return Array.isArray(value) ? value.map(String) : []
}

function tell({ watch, state }: Firing): void {
  const name = engine.getState().sources.find(({ sourceId }) => sourceId === state.sourceId)?.name ?? 'a source'
  toast({ tone: 'note', title: `${watch.name}: ${name}`, detail: state.why, action: { label: 'Show the tasks', run: () => showWatched(watch, state.sourceId) } })
  if (watch.notify && settingNow('watch.notify')) void notifyDesktop(`${watch.name}: ${name}`, state.why)
}

/** Null if the desktop can be notified; else why not. `ask` may be answered by asking the person. */
export function notifyHindrance(): { why: string; ask: boolean } | null {
  if (engine.getState().host?.host === 'desktop') return null
  if (!('Notification' in window) || !window.isSecureContext) return { why: 'This browser shows no notifications for this page.', ask: false }
  if (Notification.permission === 'denied') return { why: 'The browser was told to show no notifications of this page.', ask: false }
  return Notification.permission === 'granted' ? null : { why: 'The browser has to be asked first.', ask: true }
}

export async function askToNotify(): Promise<boolean> {
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted'
}

async function notifyDesktop(title: string, body: string): Promise<void> {
  if (engine.getState().host?.host === 'desktop') {
    const reply = await call('host.notify', { title, body })
    if (!reply.ok || !reply.value.shown) toast({ tone: 'note', title: 'The desktop was not notified', detail: reply.ok ? 'This system shows no notifications.' : reply.error.message })
    return
  }
  const hindrance = notifyHindrance()
  if (hindrance) return toast({ tone: 'note', title: 'The desktop was not notified', detail: hindrance.why })
  const shown = new Notification(title, { body, tag: title })
  shown.addEventListener('click', () => window.focus())
}
