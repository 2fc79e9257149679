/** Read-only SQL: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { ownId } from '#contract/momentId'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'
import { LiveEntry } from '../live/liveEntry.ts'
import { explainStatement } from './explainStatement.ts'
import { resultWriting } from './resultWriting.ts'
import { resultRows } from './resultRows.ts'
import { runStatement } from './runStatement.ts'
import { SqlResults } from './sqlResults.ts'
import { rowsOf, sqlColumns, sqlSchema } from './sqlSchema.ts'

export function sqlHandlers(of: AskTable, services: Services) {
  const { database, exports, sources } = services
  const results = new SqlResults()
  const gapsOf = (sourceId: string) => () => {
    const entry = sources.entry(ownId(sourceId))
    return entry instanceof LiveEntry ? entry.ledger.gaps : []
  }
  const gapCount = (sourceId: string) => () => gapsOf(sourceId)().length
  return {
    'sql.schema': of<'sql.schema'>((table, { sourceId }, signal) => sqlSchema(table, gapCount(sourceId), signal)),
    'sql.columns': of<'sql.columns'>((table, params, signal) => sqlColumns(table, params, gapCount(params.sourceId), signal)),
    'sql.run': of<'sql.run'>(async (table, { cellLength, limit, offset, scope, sourceId, text }, signal) => {
      const { revision } = table
      const ran = await runStatement({ database, table, text, scope, gaps: gapsOf(sourceId) }, (name) => rowsOf(table, name, gapCount(sourceId), signal), signal)
      const { resultId } = results.add({ ...ran, sourceId, source: table, text, revision })
      const { columns, elapsedMs, scanned, total } = ran
      return { resultId, revision, columns: [...columns], total, rows: await resultRows(table, ran, { sort: [], offset, limit, cellLength }, signal), elapsedMs, scanned }
    }),
    'sql.page': async ({ resultId, sourceId, ...page }, { signal }) =>
      await results.use(sourceId, resultId, async (result) => ({ rows: await resultRows(result.source, result, page, signal) })),
    'sql.explain': of<'sql.explain'>((table, { analyze, scope, sourceId, text }, signal) => explainStatement({ database, table, text, scope, gaps: gapsOf(sourceId) }, analyze, signal)),
    'sql.export': (params) => exports.startWriting(resultWriting(services, results, params))
  } satisfies Partial<Handlers>
}
