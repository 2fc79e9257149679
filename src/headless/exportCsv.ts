/** `provscope export`: the engine's own CSV export, waited for. */
import { resolve } from 'node:path'
import { Refusal } from '#contract/reply'
import type { Session } from './openSession.ts'
import { selectedColumns } from './selectedColumns.ts'
import type { Selection } from './selection.ts'

export type CsvExport = { selection: Selection; to: string; guardFormulas: boolean; onProgress: (rows: number, totalRows: number) => void; onNote: (note: string) => void }

/** @returns how many rows were written */
export async function exportCsv(session: Session, { selection, to, guardFormulas, onProgress, onNote }: CsvExport): Promise<number> {
  const { ask, source } = session
  const { records, scope, sort } = selection
  const columns = await selectedColumns(session, selection, onNote)
  const { handle } = await ask('paths.grant', { path: resolve(to), use: 'write' })
  const { exportId } = await ask('exports.start', { sourceId: source.sourceId, format: 'csv', records, scope, sort, columns: columns.map(({ name }) => name), handle, name: to.slice(-200), guardFormulas })
  let cursor = ''
  for (;;) {
    const { exports } = await ask('exports.list', { limit: 1000 })
    const job = exports.find((one) => one.exportId === exportId)
    if (!job) throw new Refusal('internal', 'The export went away while it was being written.')
    if (job.state === 'done') return job.rows
    if (job.state !== 'writing') throw new Refusal('unavailable', job.error ?? `${to} was not written.`)
    onProgress(job.rows, job.totalRows)
    cursor = (await ask('changes.next', { cursor, waitMs: 1000 })).cursor
  }
}
