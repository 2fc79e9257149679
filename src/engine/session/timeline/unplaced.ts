/** Tasks that stand beside the timeline: without times to draw them by, or with times that cannot be. */
import type { Params, Result } from '#contract/methods'
import type { Cell } from '#contract/values'
import { countIn, skewSeconds, taskColumns, tasksIn, textIn } from '../overview/taskColumns.ts'
import { cellReader, cellText } from '../table/cells.ts'
import type { SourceTable, SqlResult } from '../table/sourceTable.ts'
import { timeOf } from './latestKnown.ts'
import { timeSql } from './taskTimes.ts'

const fields = ['submitted_at', 'started_at', 'ended_at'] as const
const cellLength = 200

/** In the order of their first messages. */
export async function timelineUnplaced(table: SourceTable, { scope, offset, limit }: Params<'timeline.unplaced'>, signal: AbortSignal): Promise<Result<'timeline.unplaced'>> {
  const columns = taskColumns(table)
  const { impossible, start } = timeSql(table)
  const cells = fields.map((name) => cellReader(table.column('tasks', name), cellLength))
  const names = cells.map((cell, at) => cell.sql.map((_, part) => `cell${at}_${part}`))
  const tasks = tasksIn(table, scope, {
    first_line: 'r.first_line',
    id: 'r.record_id',
    activity: columns.activity,
    status: columns.status,
    reversed: `coalesce(${columns.rawEnd} < ${columns.rawStart}, FALSE)`,
    seconds: `${columns.rawStart} - ${columns.rawEnd}`,
    drawn: `(${start}) IS NOT NULL`,
    impossible,
    ...Object.fromEntries(cells.flatMap((cell, at) => cell.sql.map((sql, part) => [names[at]?.[part] ?? '', sql]))),
    ...Object.fromEntries(fields.map((name) => [`${name}_wrong`, wrongSql(table, name)]))
  })
  const flags = fields.map((name) => `${name}_wrong`)
  const rows = await table.query(
    {
      text: `WITH t AS (${tasks.text}), u AS (SELECT * FROM t WHERE impossible OR NOT drawn)
        SELECT (SELECT count(*) FROM u), id, activity, status, reversed, seconds, drawn, ${[...flags, ...names.flat()].join(', ')} FROM u ORDER BY first_line LIMIT ${limit} OFFSET ${offset}`,
      values: tasks.values
    },
    signal
  )
  const total = rows.length > 0 ? countIn(rows[0]?.[0]) : await countAll(table, tasks, signal)
  return {
    total,
    tasks: rows.map((row) => {
      let at = 7 + flags.length
      const [submitted = null, started = null, ended = null] = cells.map((cell): Cell => {
        const value = cell.read(row, at)
        at += cell.sql.length
        return value
      })
      const status = textIn(row[3])
      return { taskId: String(row[1]), activity: textIn(row[2]), status, why: whyOf(row, { status, values: [submitted, started, ended] }), submitted, started, ended }
    })
  }
}

async function countAll(table: SourceTable, tasks: { text: string; values: readonly (null | boolean | number | bigint | string)[] }, signal: AbortSignal): Promise<number> {
  const [row] = await table.query({ text: `WITH t AS (${tasks.text}) SELECT count(*) FROM t WHERE impossible OR NOT drawn`, values: tasks.values }, signal)
  return countIn(row?.[0])
}

function wrongSql(table: SourceTable, name: (typeof fields)[number]): string {
  const column = table.column('tasks', name)
  return column === undefined ? 'FALSE' : `(${column.sql} IS NOT NULL AND ${timeOf(table, 'tasks', name)} IS NULL)`
}

/** A sentence: what is wrong with its times, and how it is drawn all the same if it is. */
function whyOf(row: SqlResult, { status, values }: { status: string | null; values: readonly Cell[] }): string {
  const wrong = fields.flatMap((name, at) => (row[7 + at] === true ? [`${name} is ${shown(values[at] ?? null)}, which is no time between 2000 and 2100`] : []))
  const isDrawn = row[6] === true
  if (row[4] === true) {
    const seconds = Number(row[5])
    const how = seconds > skewSeconds ? 'so neither is used' : 'so only its start is drawn'
    wrong.push(`ended_at is ${seconds.toLocaleString('en', { maximumSignificantDigits: 3 })} s before started_at, ${how}`)
  }
  if (wrong.length === 0) wrong.push(missing(status, values))
  else if (isDrawn && row[4] !== true) wrong.push('it is drawn by its other times')
  return `${wrong.join('; ')}.`
}

function missing(status: string | null, [submitted, started, ended]: readonly Cell[]): string {
  const known = [submitted === null ? [] : ['submitted_at'], ended === null || ended === undefined ? [] : ['ended_at']].flat()
  const what = started === null ? 'started_at was not recorded' : 'started_at cannot be used'
  if (known.length > 0) return `${what}, only ${known.join(' and ')}`
  return status === null ? `${what}, nor any other time` : `${what}, nor any other time: all that is known is ${status}`
}

function shown(cell: Cell): string {
  return typeof cell === 'string' ? JSON.stringify(cell) : cellText(cell)
}
