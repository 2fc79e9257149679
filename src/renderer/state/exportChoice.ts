/** What an export is set to, as a person chooses it, and what the engine is then asked for. */
import type { Given } from '#contract/methods'
import { type DocumentFormat, documentFormats, type DocumentSubject, type SecretTreatment, secretTreatment, type TableFormat, tableFormats } from '#contract/exports'
import type { StoreRef } from '#contract/stores'
import type { Records, Scope, Sort } from '#contract/values'

export const storeKinds = ['mongodb', 'lmdb'] as const
export type StoreKind = (typeof storeKinds)[number]
export type DestinationId = TableFormat | StoreKind | DocumentFormat
export const destinationIds: readonly DestinationId[] = [...tableFormats, ...storeKinds, ...documentFormats]

/** Of the dialog; with dots, of the command. */
export const exportTitles: Record<DestinationId, string> = {
  csv: 'Export as CSV',
  tsv: 'Export as TSV',
  parquet: 'Export as Parquet',
  arrow: 'Export as Arrow',
  jsonl: 'Export as JSON Lines',
  mongodb: 'Export to MongoDB',
  lmdb: 'Export to LMDB',
  'prov-json': 'Save as PROV-JSON',
  'prov-n': 'Save as PROV-N',
  'ro-crate': 'Save as RO-Crate',
  'workflow-card': 'Save as Workflow Card',
  'html-report': 'Save as HTML report'
}

export const isTable = (to: DestinationId): to is TableFormat => (tableFormats as readonly string[]).includes(to)
export const isStore = (to: DestinationId): to is StoreKind => (storeKinds as readonly string[]).includes(to)
export const isDocument = (to: DestinationId): to is DocumentFormat => (documentFormats as readonly string[]).includes(to)

/** Which records leave; the last three are what only documents can be about. */
export const abouts = ['filtered', 'selected', 'whole', 'workflow', 'campaign', 'lineage'] as const
export type About = (typeof abouts)[number]
const directions = ['up', 'down', 'both'] as const

/** A run and a lineage are nothing that a table or a store could be about. */
export const aboutFor = (to: DestinationId, about: About): About => (isDocument(to) || about === 'selected' || about === 'whole' ? about : 'filtered')

/** What is remembered from one export to the next, and kept in presets: no password, no place on the machine. */
export type ExportChoice = {
  to: DestinationId
  about: About
  columns: 'shown' | 'all'
  guard: boolean
  secrets: SecretTreatment
  verify: boolean
  manifest: boolean
  /** Stores: with the workflows, agents and objects that the tasks belong to. */
  related: boolean
  inferred: boolean
  direction: (typeof directions)[number]
  uri: string
  database: string
}

/** Preference: the choice made last. */
export const choicePref = 'export.choice'

export const plainChoice: ExportChoice = { to: 'csv', about: 'filtered', columns: 'shown', guard: false, secrets: 'replace', verify: true, manifest: true, related: true, inferred: true, direction: 'both', uri: '', database: '' }

/** What was kept, by this version or another: what it does not understand is as in `plainChoice`. */
export function readChoice(kept: unknown): ExportChoice {
  const value = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
  const oneOf = <T extends string>(key: keyof ExportChoice, options: readonly T[], fallback: T): T => options.find((option) => option === value[key]) ?? fallback
  const flag = (key: keyof ExportChoice): boolean => (typeof value[key] === 'boolean' ? value[key] : plainChoice[key] === true)
  const text = (key: keyof ExportChoice): string => (typeof value[key] === 'string' ? value[key] : '')
  return {
    to: oneOf('to', destinationIds, plainChoice.to),
    about: oneOf('about', abouts, plainChoice.about),
    columns: oneOf('columns', ['shown', 'all'], plainChoice.columns),
    secrets: oneOf('secrets', secretTreatment.options, plainChoice.secrets),
    direction: oneOf('direction', directions, plainChoice.direction),
    guard: flag('guard'),
    verify: flag('verify'),
    manifest: flag('manifest'),
    related: flag('related'),
    inferred: flag('inferred'),
    uri: withoutPassword(text('uri')),
    database: text('database')
  }
}

/** `mongodb://user:secret@host` → `mongodb://user@host`: what may be remembered of an address. */
export const withoutPassword = (uri: string): string => uri.replace(/^([a-z+]+:\/\/[^/@:]*):[^/?]*@/i, '$1@')

/** The database that an address names; empty if it names none. */
export const databaseOf = (uri: string): string => /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/i.exec(uri.trim())?.[1] ?? ''

/** The address with another database; without one, as it is. */
export function withDatabase(uri: string, database: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/i.exec(uri.trim())
  return parts && database.trim() !== '' ? `${parts[1]}/${encodeURIComponent(database.trim())}${parts[2] ?? ''}` : uri.trim()
}

/** What is shown while the dialog is open. */
export type ExportView = {
  sourceId: string
  records: Records
  /** Of `records`, and of tasks. */
  scope: Scope
  taskScope: Scope
  /** Selected, of `records`. */
  ids: readonly string[]
  sort: Sort
  columns: readonly string[]
}

/** Documents are about tasks; a store keeps records, not the messages they were merged from. */
export const recordsFor = (to: DestinationId, records: Records): Records => (isDocument(to) || (isStore(to) && records === 'messages') ? 'tasks' : records)

/** The column that a selection is a filter on. Messages have none: their id is their place, not a field. */
const idColumns = { tasks: 'task_id', workflows: 'workflow_id', agents: 'agent_id', objects: 'object_id', messages: null } as const

/** The selected ids that this destination can be narrowed to. */
export const idsFor = (to: DestinationId, { records, ids }: ExportView): readonly string[] => (recordsFor(to, records) === records && idColumns[records] !== null ? ids : [])

export function scopeFor(to: DestinationId, about: About, view: ExportView): Scope {
  const records = recordsFor(to, view.records)
  if (about === 'selected') return { filter: { [idColumns[records] ?? '']: { $in: [...idsFor(to, view)] } }, search: '' }
  return about === 'filtered' ? (records === view.records ? view.scope : view.taskScope) : { filter: {}, search: '' }
}

export type Placed = { name: string; handle?: string | undefined }

export function tableParams(choice: ExportChoice, view: ExportView, { name, handle }: Placed): Given<'exports.start'> {
  const { to, about, columns, guard, secrets, verify, manifest } = choice
  if (!isTable(to)) throw new TypeError(`${to} is no table`)
  return {
    sourceId: view.sourceId,
    records: view.records,
    scope: scopeFor(to, about, view),
    format: to,
    sort: view.sort,
    columns: to === 'jsonl' || columns === 'all' ? [] : [...view.columns],
    name,
    ...(handle !== undefined && { handle }),
    secrets,
    verify,
    manifest,
    guardFormulas: guard && hasCells(to)
  }
}

/** Formats that a spreadsheet opens. */
export const hasCells = (to: DestinationId): boolean => to === 'csv' || to === 'tsv'

export function storeParams({ to, about, secrets, manifest, related }: ExportChoice, view: ExportView, ref: StoreRef): Given<'exports.store'> {
  return { sourceId: view.sourceId, records: recordsFor(to, view.records), scope: scopeFor(to, about, view), to: ref, related, secrets, manifest }
}

/** What a document would be about: `id` of the run, or of the task. */
export function subjectOf({ about, direction }: ExportChoice, id: string | null): DocumentSubject {
  if (id === null || about === 'filtered' || about === 'selected' || about === 'whole') return { kind: 'shown' }
  return about === 'lineage' ? { kind: 'lineage', taskId: id, direction } : { kind: about, id }
}

export function documentParams(choice: ExportChoice, view: ExportView, id: string | null, { name, handle }: Placed): Given<'exports.document'> {
  const { to, about, inferred, secrets, manifest } = choice
  if (!isDocument(to)) throw new TypeError(`${to} is no document`)
  return { sourceId: view.sourceId, scope: scopeFor(to, about, view), format: to, subject: subjectOf(choice, id), inferred, name, ...(handle !== undefined && { handle }), secrets, manifest }
}
