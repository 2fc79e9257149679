/** `provscope export … --to run.prov.json` and its like: a document about a run, waited for. */
import { resolve } from 'node:path'
import type { DocumentFormat, DocumentSubject, SecretTreatment } from '#contract/exports'
import { Refusal } from '#contract/reply'
import { ended } from './exportFile.ts'
import type { Session } from './openSession.ts'
import type { Selection } from './selection.ts'
import { WrongUse } from './wrongUse.ts'

export type DocumentExport = {
  readonly selection: Selection
  readonly to: string
  readonly format: DocumentFormat
  readonly subject: DocumentSubject
  readonly inferred: boolean
  readonly secrets: SecretTreatment
  readonly manifest: boolean
  readonly note: (text: string) => void
  readonly onProgress: (rows: number, totalRows: number) => void
}

/** @returns true: what cannot be written is thrown */
export async function exportDocument({ ask, source }: Session, { format, inferred, manifest, note, onProgress, secrets, selection, subject, to }: DocumentExport): Promise<true> {
  if (selection.columns !== null || selection.sort.length > 0 || selection.records !== 'tasks') throw new WrongUse('a document is about whole runs: --records, --columns and --sort are for tables')
  const isNarrowed = Object.keys(selection.scope.filter).length > 0 || selection.scope.search !== ''
  if (isNarrowed && subject.kind !== 'shown') throw new WrongUse('--workflow, --campaign and --task are about the whole of it: --filter, --search, --from and --until go without them')
  const { handle } = await ask('paths.grant', { path: resolve(to), use: 'write' })
  const started = await ask('exports.document', { sourceId: source.sourceId, scope: selection.scope, format, subject, inferred, handle, name: to.slice(-200), secrets, manifest })
  const job = await ended(ask, started, (one) => onProgress(one.rows, one.totalRows))
  if (job.state !== 'done') throw new Refusal('unavailable', job.error ?? `${to} was not written.`)
  note(`${to} written`)
  return true
}
