/** `provscope export … --to FILE`: the engine's own export, waited for, and what came of it. */
import { resolve } from 'node:path'
import type { ExportJob, SecretTreatment, TableFormat } from '#contract/exports'
import { Refusal } from '#contract/reply'
import type { Ask, Session } from './openSession.ts'
import { selectedColumns } from './selectedColumns.ts'
import type { Selection } from './selection.ts'

export type FileExport = {
  readonly selection: Selection
  readonly to: string
  readonly format: TableFormat
  readonly secrets: SecretTreatment
  readonly manifest: boolean
  readonly verify: boolean
  readonly guardFormulas: boolean
  readonly note: (text: string) => void
  readonly onProgress: (doing: string, rows: number, totalRows: number) => void
}

/** @returns true: what cannot be written, or is not what was shown, is thrown */
export async function exportFile(session: Session, { format, guardFormulas, manifest, note, onProgress, secrets, selection, to, verify }: FileExport): Promise<true> {
  const { ask, source } = session
  const { records, scope, sort } = selection
  const columns = await selectedColumns(session, selection, note)
  const { handle } = await ask('paths.grant', { path: resolve(to), use: 'write' })
  const asked = { sourceId: source.sourceId, format, records, scope, sort, columns: columns.map(({ name }) => name), handle, name: to.slice(-200), guardFormulas, secrets, manifest, verify }
  const job = await ended(ask, await ask('exports.start', asked), (one) => onProgress(one.state === 'checking' ? 'compared' : 'written', one.rows, one.totalRows))
  if (job.state !== 'done') throw new Refusal('unavailable', job.error ?? `${to} was not written.`)
  note(`${number(job.rows)} ${job.rows === 1 ? 'row' : 'rows'} written to ${to} (${size(job.bytes)})${checkText(job)}`)
  if (job.gaps) note(`What is known to be missing of the source is in ${job.gaps} beside it.`)
  return true
}

/** Waits for an export until it has ended, however. */
export async function ended(ask: Ask, { exportId }: { exportId: string }, onProgress: (job: ExportJob) => void): Promise<ExportJob> {
  let cursor = ''
  for (;;) {
    const { exports } = await ask('exports.list', { limit: 1000 })
    const job = exports.find((one) => one.exportId === exportId)
    if (!job) throw new Refusal('internal', 'The export went away while it was being written.')
    if (job.state !== 'writing' && job.state !== 'checking') return job
    onProgress(job)
    cursor = (await ask('changes.next', { cursor, waitMs: 1000 })).cursor
  }
}

function checkText({ checks }: ExportJob): string {
  return checks.length === 0 ? '' : `, read back and compared: ${checks.map(({ found, what }) => `${what} ${found}`).join(', ')}`
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  const [unit, divisor] = bytes < 1e6 ? ['KB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9]
  return `${(bytes / divisor).toFixed(1)} ${unit}`
}

const number = (value: number): string => value.toLocaleString('en')
