/** When what of a source became known, and how much was known at a moment. */
import type { Handlers } from '#contract/dispatch'
import type { Params, Result } from '#contract/methods'
import type { AskTable } from '../askTable.ts'
import { binOf, binsOver, zeros } from '../overview/timeHistogram.ts'
import { OpenSource } from '../load/openSource.ts'
import type { SourceList } from '../sourceList.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import type { Arrivals } from './arrivals.ts'
import { knownTimesSql } from './knownAt.ts'
import { MomentTable } from './momentTable.ts'

export function momentsHandlers(of: AskTable, sources: SourceList) {
  return {
    'moments.range': of<'moments.range'>(async (table, params, signal) => {
      const { arrivals } = sources.entry(params.sourceId)
      return arrivals ? arrived(arrivals, params.bins) : await dated(table, params, signal)
    }),
    'moments.counts': async ({ sourceId }) => {
      const table = await sources.table(sourceId)
      if (table instanceof MomentTable) return { ...table.counts, errors: table.errors }
      if (!(table instanceof OpenSource)) throw new Error('A source that is open knows its counts.')
      const { counts, errors } = table.state()
      return { ...counts, errors }
    }
  } satisfies Partial<Handlers>
}

function arrived(arrivals: Arrivals, bins: number): Result<'moments.range'> {
  return { from: arrivals.from, to: arrivals.to, basis: 'arrival', undated: 0, counts: arrivals.counts(bins) }
}

async function dated(table: SourceTable, { bins: count }: Params<'moments.range'>, signal: AbortSignal): Promise<Result<'moments.range'>> {
  const times = knownTimesSql(table)
  const [span] = await table.query({ text: `SELECT min(known), max(known), count(*) FILTER (own IS NULL) FROM (${times})`, values: [] }, signal)
  const [from, to] = [span?.[0] ?? null, span?.[1] ?? null]
  const undated = Number(span?.[2] ?? 0)
  const counts = zeros(count)
  if (from === null || to === null) return { from: null, to: null, basis: 'times', undated, counts }
  const bins = binsOver(Number(from), Number(to), count)
  for (const [bin, messages] of await table.query({ text: `SELECT ${binOf(bins, 'known')} AS bin, count(*) FROM (${times}) WHERE known IS NOT NULL GROUP BY bin`, values: [] }, signal)) {
    if (bin !== null) counts[Number(bin)] = Number(messages)
  }
  return { from: bins.from, to: bins.to, basis: 'times', undated, counts }
}
