/** A kept result as a file, in the order in which it is shown. */
import type { Params } from '#contract/methods'
import { ownId } from '#contract/momentId'
import { exportManifest } from '../export/manifest.ts'
import { selectWriting } from '../export/selectWriting.ts'
import type { Writing } from '../export/writing.ts'
import type { Services } from '../handlers.ts'
import { orderSql } from './resultRows.ts'
import type { SqlResults } from './sqlResults.ts'

/** @throws Refusal for a result that is no longer kept */
export function resultWriting(services: Services, results: SqlResults, { format, guardFormulas, handle, manifest, name, resultId, sort, sourceId, verify }: Params<'sql.export'>): Writing {
  const { release, result } = results.hold(sourceId, resultId)
  const columns = result.columns.map((_, at) => `v${at}`).join(', ')
  const writing = selectWriting({
    table: { rows: result.source.rows, query: (sql, signal) => result.source.query(sql, signal) },
    select: { text: `SELECT ${columns} FROM ${result.table} ORDER BY ${orderSql(sort, result.columns.length) ?? 'i'}`, values: [] },
    columns: result.columns.map((column) => column.name),
    format,
    name,
    handle,
    guardFormulas,
    verify,
    sql: result.text,
    ...(manifest && { manifest: (of) => exportManifest(services, sourceId, of) }),
    close: () => Promise.resolve(release())
  })
  return { ...writing, gaps: () => services.live.queues.gapsOf(ownId(sourceId)) }
}
