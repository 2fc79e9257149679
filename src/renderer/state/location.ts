/** The address's hash says what is shown, so that it can be linked, and a reload or the back button comes back to it. */
import type { Run } from '#contract/compare'
import { comparingText, plainComparing, readComparing } from './comparing.ts'
import { lanesText, readLanes } from './lanesShown.ts'
import { type Chip, type Node, chipOf } from './scope.ts'
import { type Lineage, type Pair, viewIds, workbench } from './workbench.ts'

const recordKinds = ['tasks', 'workflows', 'agents', 'objects', 'messages'] as const

/** Applies the present hash and keeps it equal to the workbench from now on. */
export function followLocation(): () => void {
  apply(location.hash)
  const onPop = (): void => apply(location.hash)
  window.addEventListener('popstate', onPop)
  const unsubscribe = workbench.subscribe(
    (state) => hashOf(state),
    (hash) => {
      if (hash === location.hash) return
      // Another view or source is a step to come back to; another filter is not.
      const step = place(hash) !== place(location.hash)
      history[step ? 'pushState' : 'replaceState'](null, '', hash)
    }
  )
  return () => {
    unsubscribe()
    window.removeEventListener('popstate', onPop)
  }
}

type State = ReturnType<typeof workbench.getState>

type Shown = Pick<State, 'view' | 'sourceId' | 'records' | 'node' | 'chips' | 'search' | 'range' | 'selection' | 'lineage' | 'pair' | 'moment'> & Partial<Pick<State, 'compare' | 'lanes'>>

export function hashOf({ view, sourceId, records, node, chips, search, range, selection, lineage, pair, moment, compare = plainComparing, lanes = null }: Shown): string {
  const params = new URLSearchParams()
  if (sourceId !== null) params.set('source', sourceId)
  if (records !== 'tasks') params.set('records', records)
  if (node) params.set('node', JSON.stringify(node))
  if (chips.length > 0) params.set('filter', JSON.stringify(chips.map(({ filter, on }) => (on ? filter : { off: filter }))))
  if (search !== '') params.set('search', search)
  if (range) params.set('time', `${range.from},${range.to}`)
  if (selection) params.set('selected', selection.id)
  if (lineage) params.set('lineage', JSON.stringify(lineage))
  if (pair.a) params.set('a', JSON.stringify(pair.a))
  if (pair.b) params.set('b', JSON.stringify(pair.b))
  const comparing = comparingText(compare)
  if (comparing !== null) params.set('compare', comparing)
  // Only where it is looked at: it says nothing of other views.
  if (lanes && view === 'timeline') params.set('lanes', lanesText(lanes))
  if (moment !== null) params.set('moment', String(moment))
  const text = params.toString()
  return `#/${view}${text === '' ? '' : `?${text}`}`
}

export function readHash(hash: string): Partial<Shown> {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const params = new URLSearchParams(query)
  const view = viewIds.find((id) => id === path)
  const records = recordKinds.find((kind) => kind === params.get('records'))
  const [from, to] = (params.get('time') ?? '').split(',').map(Number)
  const sourceId = params.get('source')
  const selected = params.get('selected')
  const moment = Number(params.get('moment') ?? NaN)
  return {
    ...(view && { view }),
    ...(sourceId !== null && { sourceId }),
    records: records ?? 'tasks',
    node: readNode(params.get('node')),
    chips: readChips(params.get('filter')),
    search: params.get('search') ?? '',
    range: from !== undefined && to !== undefined && Number.isFinite(from) && Number.isFinite(to) ? { from, to } : null,
    selection: selected === null ? null : { id: selected, column: null },
    lineage: readLineage(params.get('lineage')),
    pair: readPair(params),
    compare: readComparing(parse(params.get('compare'))),
    lanes: readLanes(params.get('lanes')),
    moment: Number.isFinite(moment) ? moment : null
  }
}

/** A view that somebody brought: shown by who asks about it, not by the address. */
export const isBroughtHash = (hash: string): boolean => hash.startsWith('#/saved?')

/** As if the address had been entered. */
export const applyAddress = (hash: string): void => apply(hash)

function apply(hash: string): void {
  if (!hash.startsWith('#/') || isBroughtHash(hash)) return
  if (hash === hashOf(workbench.getState())) return
  workbench.setState({ ...readHash(hash), selectedIds: [] })
}

const place = (hash: string): string => {
  const { view, sourceId } = readHash(hash)
  return `${view} ${sourceId}`
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Anything may stand in an address; what is no scope is as if it were not there. */
function parse(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function readNode(text: string | null): Node | null {
  const value = parse(text)
  if (!isObject(value) || typeof value['key'] !== 'string' || typeof value['name'] !== 'string' || !isObject(value['filter'])) return null
  const kind = (['campaign', 'workflow', 'activity'] as const).find((known) => known === value['kind'])
  return kind ? { key: value['key'], kind, name: value['name'], filter: value['filter'] } : null
}

function readLineage(text: string | null): Lineage | null {
  const value = parse(text)
  if (!isObject(value) || typeof value['taskId'] !== 'string') return null
  const orNull = (part: unknown): string | null => (typeof part === 'string' ? part : null)
  const direction = (['up', 'down', 'both'] as const).find((known) => known === value['direction']) ?? 'both'
  return { taskId: value['taskId'], column: orNull(value['column']), direction, to: orNull(value['to']) }
}

function readPair(params: URLSearchParams): Pair {
  const readRun = (name: string): Run | null => {
    const value = parse(params.get(name))
    if (!isObject(value) || typeof value['sourceId'] !== 'string') return null
    const kind = (['workflow', 'campaign', 'all'] as const).find((known) => known === value['kind'])
    return kind ? { sourceId: value['sourceId'], kind, id: typeof value['id'] === 'string' ? value['id'] : null } : null
  }
  return { a: readRun('a'), b: readRun('b') }
}

function readChips(text: string | null): Chip[] {
  const value = parse(text)
  if (!Array.isArray(value)) return []
  return value.filter(isObject).map((entry) => {
    const off = Object.keys(entry).length === 1 && isObject(entry['off']) ? entry['off'] : null
    return { ...chipOf(off ?? entry), on: off === null }
  })
}
