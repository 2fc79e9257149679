/** A stretch of a result, uncut. */
import type { Call } from '#contract/dispatch'
import type { SqlSort } from '#contract/sql'
import type { Cell } from '#contract/values'

const pageRows = 2_000

/** @throws Error with a sentence */
export async function readResult(call: Call, { resultId, sort, sourceId }: { sourceId: string; resultId: string; sort: SqlSort }, from: number, to: number, cellLength = 0): Promise<Cell[][]> {
  const rows: Cell[][] = []
  while (rows.length < to - from) {
    const reply = await call('sql.page', { sourceId, resultId, sort: [...sort], offset: from + rows.length, limit: Math.min(pageRows, to - from - rows.length), cellLength })
    if (!reply.ok) throw new Error(reply.error.message)
    if (reply.value.rows.length === 0) break
    rows.push(...reply.value.rows)
  }
  return rows
}
