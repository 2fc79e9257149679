/** What failed: errors by message and by activity, with when they fell. */
import type { Params, Result } from '#contract/methods'
import { errorFilter, errorFields, messageOf } from './overviewErrorsMessage.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { countIn, numberIn, queryTasks, taskColumns, textIn } from './taskColumns.ts'
import { binOf, binsOver, timeSpan, zeros } from './timeHistogram.ts'

/** Longer messages are shown cut; they still group by their whole text. */
const shownLength = 400

/** Bins lie over the span of all tasks in scope; an error falls where its task ended, or started where no end is recorded. */
export async function overviewErrors(table: SourceTable, params: Params<'overview.errors'>, signal: AbortSignal): Promise<Result<'overview.errors'>> {
  const [span, total, activities] = await Promise.all([timeSpan(table, params.scope, signal), countMessages(table, params, signal), failing(table, params, signal)])
  const columns = taskColumns(table)
  const bins = span === null ? null : binsOver(span.from, span.to, params.bins)
  const fields = { failed: `(${columns.status}) = 'ERROR'`, first: 'r.first_line', moment: `coalesce(${columns.end}, ${columns.start})`, ...errorFields(table) }
  const rows = await queryTasks(
    table,
    params.scope,
    fields,
    `, m AS (SELECT message, via, raw, first, ${bins === null ? 'NULL' : binOf(bins, 'moment')} AS bin FROM (SELECT *, ${messageOf} FROM t WHERE failed)),
     g AS (SELECT message, count(*) AS tasks, min(first) AS first, min(via) AS via, min(via) = max(via) AS one, bool_and(raw = message) AS whole, count(raw) AS raws
       FROM m GROUP BY message ORDER BY tasks DESC, min(first) LIMIT ? OFFSET ?)
     SELECT g.message, g.tasks, g.via, g.one, g.whole, g.raws, bin, count(*) FROM g JOIN m ON m.message IS NOT DISTINCT FROM g.message
     GROUP BY ALL ORDER BY g.tasks DESC, min(g.first), bin`,
    { values: [params.limit, params.offset], signal }
  )
  const messages = new Map<string | null, Result<'overview.errors'>['messages'][number]>()
  for (const row of rows) {
    const text = textIn(row[0])
    let message = messages.get(text)
    if (message === undefined) {
      const group = { text, via: textIn(row[2]), one: row[3] === true, whole: row[4] === true, raws: countIn(row[5]) }
      message = { text: shown(text), tasks: countIn(row[1]), bins: zeros(params.bins), filter: errorFilter(table, group) }
      messages.set(text, message)
    }
    const bin = numberIn(row[6])
    if (bin !== null) message.bins[bin] = countIn(row[7])
  }
  return { ...total, messages: [...messages.values()], activities }
}

async function countMessages(table: SourceTable, { scope }: Params<'overview.errors'>, signal: AbortSignal): Promise<{ errors: number; totalMessages: number }> {
  const rows = await queryTasks(
    table,
    scope,
    { failed: `(${taskColumns(table).status}) = 'ERROR'`, ...errorFields(table) },
    `, m AS (SELECT ${messageOf} FROM t WHERE failed) SELECT count(*), count(DISTINCT message), count(*) FILTER (message IS NULL) FROM m`,
    { signal }
  )
  return { errors: countIn(rows[0]?.[0]), totalMessages: countIn(rows[0]?.[1]) + (countIn(rows[0]?.[2]) > 0 ? 1 : 0) }
}

async function failing(table: SourceTable, { scope, limit }: Params<'overview.errors'>, signal: AbortSignal): Promise<Result<'overview.errors'>['activities']> {
  const columns = taskColumns(table)
  const rows = await queryTasks(
    table,
    scope,
    { activity: columns.activity, status: columns.status },
    `SELECT activity, count(*) FILTER (status = 'ERROR') AS failed, count(*) AS tasks FROM t GROUP BY activity HAVING failed > 0
     ORDER BY failed DESC, failed / tasks DESC, activity NULLS LAST LIMIT ?`,
    { values: [limit], signal }
  )
  return rows.map((row) => ({ activity: textIn(row[0]), tasks: countIn(row[1]), share: countIn(row[1]) / countIn(row[2]) }))
}

function shown(text: string | null): string | null {
  return text !== null && text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}
