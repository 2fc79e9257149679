/** `provscope export … --to mongodb://…` or a folder of LMDB: counted, told, and truthful about what came of it. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ExportJob, SecretTreatment } from '#contract/exports'
import { Refusal } from '#contract/reply'
import type { StoreRef } from '#contract/stores'
import { collectionOf, recordKinds } from '#engine/stores/store'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import { mongoUri } from './queueTarget.ts'
import type { Selection } from './selection.ts'
import { printable } from './terminalText.ts'
import { textTable } from './textTable.ts'
import { WrongUse } from './wrongUse.ts'

export type StoreExport = {
  readonly selection: Selection
  readonly to: string
  readonly dryRun: boolean
  readonly related: boolean
  readonly secrets: SecretTreatment
  readonly manifest: boolean
  /** One JSON object instead of a table. */
  readonly json: boolean
  readonly passwordFile?: string | undefined
  readonly output: Pick<Output, 'write'>
  readonly note: (text: string) => void
  readonly onProgress: (rows: number, totalRows: number) => void
}
type Figures = NonNullable<ExportJob['store']>

const shownProblems = 20
const shownFields = 20

/**
 * Whether `--to` names a store: an address of MongoDB, a folder that holds an LMDB, or, with `--format lmdb`, any folder.
 * @throws WrongUse if the format is that of the other store
 */
export function isStoreTarget(to: string, format?: string): boolean {
  if (format === 'mongodb' && !isMongo(to)) throw new WrongUse(`--format mongodb: ${JSON.stringify(to)} is no address of a MongoDB (mongodb://host:27017/flowcept)`)
  if (format === 'lmdb' && isMongo(to)) throw new WrongUse('--format lmdb: --to names a MongoDB, not a folder')
  if (format !== undefined) return format === 'lmdb' || format === 'mongodb'
  return isMongo(to) || existsSync(join(to, 'data.mdb'))
}

/**
 * @returns whether all is there; what is not has been told
 * @throws Refusal if it could not be done, and `cancelled`: what was written then stays, and the same command goes on from there
 */
export async function exportToStore({ ask, source }: Session, asked: StoreExport): Promise<boolean> {
  const { dryRun, json, manifest, note, output, related, secrets, selection } = asked
  if (selection.columns !== null || selection.sort.length > 0) throw new WrongUse('a store takes whole records by their ids: --columns and --sort are for files')
  const to = await storeRef(ask, asked)
  const { exportId } = await ask('exports.store', { sourceId: source.sourceId, records: selection.records, scope: selection.scope, to, dryRun, related, secrets, manifest })
  const job = await finished(ask, exportId, asked)
  const { store } = job
  if (!store) throw new Refusal('unavailable', job.error ?? `${job.name} was not written.`)
  const { checks, error, gaps, manifest: text, name, path, state } = job
  if (json) await output.write(`${JSON.stringify({ to: path ?? name, dryRun, state, error, ...store, checks, gaps, manifest: text === null ? null : (JSON.parse(text) as unknown) })}\n`)
  else await output.write(`${figuresText(store, dryRun)}\n`)
  for (const problem of store.problems.slice(0, shownProblems)) note(problemText(problem))
  if (store.problemCount > shownProblems) note(`${number(store.problemCount - shownProblems)} more values could not be kept as they are.`)
  if (store.resumed) note('It went on where an earlier export ended.')
  if (text !== null && path !== null) note(`What was exported and how is in ${path}.manifest.json`)
  if (error !== null) note(printable(error))
  return state === 'done' && store.problems.every(({ kind }) => kind === 'index')
}

async function storeRef(ask: Session['ask'], { note, passwordFile, to }: StoreExport): Promise<StoreRef> {
  if (isMongo(to)) return { type: 'mongodb', uri: mongoUri(to, { passwordFile }, { env: process.env, note }) }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(to)) throw new WrongUse(`${to.split('://')[0]}:// is no store to export to: MongoDB (mongodb://…) and folders of LMDB are`)
  return { type: 'lmdb', handle: (await ask('paths.grant', { path: resolve(to), use: 'write' })).handle }
}

async function finished(ask: Session['ask'], exportId: string, { note, onProgress }: StoreExport): Promise<ExportJob> {
  let cursor = ''
  let written = 0
  try {
    for (;;) {
      const job = (await ask('exports.list', { limit: 1000 })).exports.find((one) => one.exportId === exportId)
      if (!job) throw new Refusal('internal', 'The export went away while it was being written.')
      if (job.state !== 'writing' && job.state !== 'checking') return job
      if (!job.dryRun) written = job.rows
      onProgress(job.rows, job.totalRows)
      cursor = (await ask('changes.next', { cursor, waitMs: 1000 })).cursor
    }
  } catch (error) {
    if (written > 0) note(`${number(written)} records were written and stay; the same command again goes on from there.`)
    throw error
  }
}

function figuresText({ changed, created, different, equal, fields, total }: Figures, dryRun: boolean): string {
  const names = dryRun ? ['records', 'would be new', 'would change', 'equal already'] : ['records', 'new', 'changed', 'equal already', 'different']
  const rows = recordKinds.map((kind) => [collectionOf[kind], ...[total[kind], created[kind], changed[kind], equal[kind], ...(dryRun ? [] : [different[kind]])].map(number)])
  const counts = tableText(['', ...names], 1, rows)
  if (fields.length === 0) return counts
  const shown = fields.slice(0, shownFields).map(({ after, field, records, there }) => [printable(field), number(records), printable(there), printable(after)])
  const rest = fields.length > shownFields ? `\n${number(fields.length - shownFields)} more fields` : ''
  return `${counts}\n\n${tableText([dryRun ? 'would change' : 'changed', 'records', 'there', 'after'], 1, shown, 2)}${rest}`
}

/** Columns from `firstNumber` to before `endNumber` are numbers. */
function tableText(titles: readonly string[], firstNumber: number, rows: readonly (readonly string[])[], endNumber = titles.length): string {
  return textTable(titles.map((title, at) => ({ title, align: at >= firstNumber && at < endNumber ? ('right' as const) : ('left' as const) })), rows, null).lines.join('\n')
}

function problemText({ field, id, kind, reason }: Figures['problems'][number]): string {
  if (kind === 'index') return printable(reason)
  return printable(`${kind} ${id ?? ''}${field === '' ? '' : ` › ${field}`}: ${reason}`)
}

const isMongo = (name: string): boolean => /^mongodb(?:\+srv)?:\/\//i.test(name)
const number = (value: number): string => value.toLocaleString('en')
