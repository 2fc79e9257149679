/** Where two runs part: the first value, in the order in which values came to be, that differs; from which input; and how it goes on. */
import type { Params, Result } from '#contract/methods'
import { countIn, numberIn, numberOf, textIn } from '../overview/taskColumns.ts'
import { cellReader } from '../table/cells.ts'
import { type Alignment, withAlignment } from './alignment.ts'
import { comparedRuns, type Compared } from './compareFields.ts'
import { upstreamMost } from './differingUpstream.ts'
import { joinedPairs } from './fieldCounts.ts'
import type { Sides } from './pairCache.ts'

type Divergence = Result<'compare.divergence'>
type First = NonNullable<Divergence['first']>
type Series = NonNullable<Divergence['series']>

const cellLength = 256
const logRatio = 100

/**
 * Values come to be when their task ends (or starts, where no end is recorded), so that a loop's iterations are before the loop. Of the tasks that
 * the first one depends on by what the run recorded or by equal values, none differs either: clocks of different hosts do not decide.
 */
export async function compareDivergence(sides: Sides, { match, points }: Params<'compare.divergence'>, signal: AbortSignal): Promise<Divergence> {
  return await withAlignment(sides, match, signal, async (alignment) => {
    const { counts } = await comparedRuns(alignment, match, signal)
    const outputs = counts.filter(({ differ, field, ofTasks }) => ofTasks && field.part === 'output' && differ > 0)
    const earliest = outputs.reduce<Compared | null>((least, count) => (least === null || count.first < least.first ? count : least), null)
    if (earliest === null) return { first: null, series: null }
    const pos = await upstreamMost(alignment, earliest.first, outputs.map(({ field }) => field), signal)
    const differing = await differingAt(alignment, pos, counts, signal)
    const count = differing.find(({ field }) => field.part === 'output') ?? earliest
    return { first: await firstOf(alignment, count, pos, differing, signal), series: await seriesOf(alignment, count, points, signal) }
  })
}

/** Inputs and outputs in which this pair differs. */
async function differingAt(alignment: Alignment, pos: number, counts: readonly Compared[], signal: AbortSignal): Promise<Compared[]> {
  const { a, b, pairs } = alignment
  const [row] = await a.table.query({ text: `SELECT activity FROM ${pairs} WHERE pos = ?`, values: [pos] }, signal)
  const own = counts.filter((count) => count.ofTasks && count.differ > 0 && count.activity === textIn(row?.[0]) && (count.field.part === 'input' || count.field.part === 'output'))
  if (own.length === 0) return []
  const joined = joinedPairs({ a: a.table, b: b.table }, { text: `SELECT pos, activity, line_a, line_b FROM ${pairs} WHERE pos = ?`, values: [pos] }, own.map(({ field }) => field))
  const [values] = await a.table.query({ text: `${joined.text} SELECT ${own.map((_, at) => `a${at} IS DISTINCT FROM b${at}`).join(', ')} FROM j`, values: joined.values }, signal)
  return own.filter((_, at) => values?.[at] === true)
}

async function firstOf({ a, b, pairs }: Alignment, { activity, field }: Compared, pos: number, differing: readonly Compared[], signal: AbortSignal): Promise<First> {
  const [one, other] = [cellReader(field.a, cellLength), cellReader(field.b, cellLength)]
  const cells = (side: 'a' | 'b', table: typeof a.table, sql: readonly string[]) => table.query({ text: `SELECT ${['r.record_id', ...sql].join(', ')} FROM ${table.rows} r WHERE r.line = (SELECT line_${side} FROM ${pairs} WHERE pos = ?)`, values: [pos] }, signal)
  const [[rowA = []], [rowB = []], [place]] = await Promise.all([
    cells('a', a.table, one.sql),
    cells('b', b.table, other.sql),
    a.table.query({ text: `SELECT coalesce(any_value(idx) FILTER (pos = ?), count(*) FILTER (pos < ?)) FROM ${pairs} WHERE activity IS NOT DISTINCT FROM ?`, values: [pos, pos, activity] }, signal)
  ])
  const inputs = differing.filter((count) => count.field.part === 'input')
  const from = inputs.find(({ carriedFrom }) => carriedFrom === null) ?? inputs[0]
  return { activity, field: field.name, a: one.read(rowA, 1), b: other.read(rowB, 1), taskA: String(rowA[0]), taskB: String(rowB[0]), from: from?.field.name ?? null, index: countIn(place?.[0]) }
}

/** The field over all tasks of the activity, those without a counterpart too; null if it is no number, or there is just one of each. */
async function seriesOf({ a, b, indexOf, pairs }: Alignment, { activity, field }: Compared, points: number, signal: AbortSignal): Promise<Series | null> {
  const side = async (name: 'a' | 'b'): Promise<[number, number][]> => {
    const { table } = name === 'a' ? a : b
    const number = numberOf(field[name])
    const rows = await table.query(
      {
        text: `WITH p AS (SELECT line_${name} AS line, coalesce(idx, row_number() OVER (ORDER BY pos) - 1) AS x FROM ${pairs} WHERE line_${name} IS NOT NULL AND activity IS NOT DISTINCT FROM ?),
            v AS (SELECT x, v, row_number() OVER (ORDER BY x) - 1 AS n, count(*) OVER () AS total FROM (SELECT p.x AS x, ${number} AS v FROM p JOIN ${table.rows} r ON r.line = p.line) WHERE v IS NOT NULL)
          SELECT x, v, total, min(v) OVER (), max(v) OVER () FROM v WHERE total <= ? OR n % ceil(total / ?) = 0 OR n = total - 1 ORDER BY n`,
        values: [activity, points, Math.max(1, points - 1)]
      },
      signal
    )
    totals[name] = countIn(rows[0]?.[2])
    for (const at of [3, 4]) extremes.push(...(numberIn(rows[0]?.[at]) === null ? [] : [numberIn(rows[0]?.[at]) as number]))
    return rows.map((row) => [Number(row[0]), Number(row[1])])
  }
  const totals = { a: 0, b: 0 }
  const extremes: number[] = []
  const [ofA, ofB] = [await side('a'), await side('b')]
  if (Math.max(ofA.length, ofB.length) < 2) return null
  const [min, max] = [Math.min(...extremes), Math.max(...extremes)]
  return { field: field.name, by: indexOf(activity) ?? 'order', a: ofA, b: ofB, total: Math.max(totals.a, totals.b), log: min > 0 && max / min > logRatio }
}
