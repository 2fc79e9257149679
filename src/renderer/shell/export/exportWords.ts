/** Names and sentences of the export dialog, and what follows from figures. */
import type { ExportJob } from '#contract/exports'
import type { Records } from '#contract/values'
import { bytes, count, counted, left } from '../../parts/format.ts'
import { hasCells, isDocument, isStore, type DestinationId } from '../../state/exportChoice.ts'
import { isStoreJob, type StoreFigures, sumOf } from '../../state/exportJob.ts'
import { destinationOf, destinations } from './destinations.ts'

/** What a file is called unless the person says otherwise. `of`: the run or task that a document is about. */
export function suggestedName(to: DestinationId, sourceName: string, records: Records, of: string | null = null): string {
  const base = sourceName.replace(/(\.jsonl)?(\.gz|\.zst)?\/?(?=$| and \d+ more$)/i, '')
  const what = isDocument(to) ? (of ?? '') : records
  const stem = [base, what].map((part) => part.replaceAll(/[/\\:*?"<>|\s]+/g, '_').replaceAll(/^[_.]+|[_.]+$/g, '').slice(0, 80)).filter((part) => part !== '').join('-')
  return `${stem || 'provscope'}${destinationOf(to).extension}`
}

/** A name that the person gave, with the ending of another format. */
export function renamed(name: string, to: DestinationId): string {
  const known = destinations.map(({ extension }) => extension).filter((extension) => extension !== '').sort((a, b) => b.length - a.length)
  const old = known.find((extension) => name.toLowerCase().endsWith(extension))
  return old === undefined ? name : `${name.slice(0, -old.length)}${destinationOf(to).extension}`
}

export const mistakeInName = (name: string): string | null => (name.trim() === '' ? 'A file needs a name.' : /[/\\]/.test(name) ? 'A name, not a path.' : null)

const kinds = ['task', 'workflow', 'agent', 'object'] as const

/** `1,204 tasks and 2 workflows`; more kinds than two are records. */
export function recordWords(counts: StoreFigures['total']): string {
  const some = kinds.filter((kind) => counts[kind] > 0)
  return some.length === 0 || some.length > 2 ? counted(sumOf(counts), 'record') : some.map((kind) => counted(counts[kind], kind)).join(' and ')
}

/** `1,276 tasks, 2 workflows, 1 agent`. */
export const kindWords = (counts: StoreFigures['total']): string => kinds.filter((kind) => counts[kind] > 0).map((kind) => counted(counts[kind], kind)).join(', ') || 'no records'

export const added = (one: StoreFigures['total'], other: StoreFigures['total']): StoreFigures['total'] => ({ task: one.task + other.task, workflow: one.workflow + other.workflow, agent: one.agent + other.agent, object: one.object + other.object })

/** What becomes of null and of lists in this destination. */
export function shapeWords(to: DestinationId): string {
  if (isStore(to)) return 'Whole records, merged by id: what the store has and this source has not stays. Nothing is removed.'
  if (to === 'jsonl') return 'Whole records and what they belong to, one a line, with their nulls: Flowcept reads it back.'
  if (hasCells(to)) return 'Dotted names; lists and dicts as JSON in their cell; null stays empty, never 0.'
  return 'Dotted names and types of the columns; lists and dicts as JSON text; null stays null, never 0.'
}

type Nulls = { column: string; nulls: number }
const namedNulls = 2

/** `39 null in generated.loss and 39 in generated.result stay null, never 0.` Empty if there are none. `ofFirst`: only so many columns were counted. */
export function nullWords(columns: readonly Nulls[], ofFirst: number | null = null): string {
  const some = columns.filter(({ nulls }) => nulls > 0).toSorted((a, b) => b.nulls - a.nulls || (a.column < b.column ? -1 : 1))
  if (some.length === 0) return ''
  const named = some.slice(0, namedNulls).map(({ column, nulls }, index) => `${count(nulls)}${index === 0 ? ' null' : ''} in ${column}`)
  const more = some.length - named.length
  if (more > 0) named.push(`more in ${counted(more, 'column')}`)
  return `${named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`} stay null, never 0${ofFirst === null ? '' : `; counted in the first ${count(ofFirst)} columns`}.`
}

/** How far it is, in records and bytes: `791 of 1,276 rows`, `3.6 of ~5.8 MB, 2 s left`. */
export function progressWords({ state, rows, totalRows, bytes: done, secondsLeft, kind }: ExportJob): { rows: string; bytes: string } {
  const unit = isStoreJob({ kind }) ? 'record' : isDocument(kind as DestinationId) ? 'task' : 'row'
  const has = totalRows > 0 || rows > 0
  const words = state === 'done' || totalRows === 0 ? counted(rows, unit) : `${count(rows)} of ${counted(totalRows, unit)}`
  const expected = state === 'writing' && rows > 0 && totalRows > rows && done > 0 ? ` of ~${bytes((done / rows) * totalRows)}` : ''
  const time = state === 'writing' && secondsLeft !== null ? left(secondsLeft) : ''
  return { rows: has ? words : '', bytes: [done > 0 || !isStoreJob({ kind }) ? `${bytes(done)}${expected}` : '', time].filter((part) => part !== '').join(', ') }
}

const longestPair = 14

/** `1,276 = 1,276`; what is too long to be compared by eye, such as a hash, is told in a word. */
export function checkWords({ expected, found, ok }: ExportJob['checks'][number]): string {
  if (ok) return expected.length > longestPair ? 'equal' : `${expected} = ${found}`
  return `${expected} ≠ ${found}`
}

/** What came of it in one word. `differs`: written, and not the same when it was read back. */
export function outcomeOf({ state, checks, store, dryRun }: ExportJob): 'running' | 'verified' | 'done' | 'differs' | 'cancelled' | 'failed' {
  if (state === 'writing' || state === 'checking') return 'running'
  if (state !== 'done') return state
  if (checks.some(({ ok }) => !ok) || (store !== null && !dryRun && sumOf(store.different) > 0)) return 'differs'
  return checks.length > 0 ? 'verified' : 'done'
}
