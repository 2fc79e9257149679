/** Tasks of one run without a counterpart in the other, and pairs that ended differently: those of one activity together. */
import type { Params, Result } from '#contract/methods'
import { countIn, textIn, textOf } from '../overview/taskColumns.ts'
import { type Alignment, withAlignment } from './alignment.ts'
import type { Sides } from './pairCache.ts'

type Group = Result<'compare.unmatched'>['groups'][number]

/** Of more the first are named; the count is of all. */
const mostIds = 200
const longest = 200

export async function compareUnmatched(sides: Sides, { limit, match, offset, which }: Params<'compare.unmatched'>, signal: AbortSignal): Promise<Result<'compare.unmatched'>> {
  return await withAlignment(sides, match, signal, async (alignment) => {
    const groups = which === 'status' ? await changedStatus(alignment, signal) : await onlyIn(alignment, which === 'onlyA' ? 'a' : 'b', signal)
    return { total: groups.length, groups: groups.slice(offset, offset + limit) }
  })
}

async function onlyIn({ a, indexOf, pairs }: Alignment, side: 'a' | 'b', signal: AbortSignal): Promise<Group[]> {
  const other = side === 'a' ? 'b' : 'a'
  const rows = await a.table.query(
    {
      text: `SELECT activity, count(*) FILTER (line_${other} IS NULL), count(line_${side}), count(line_${other}),
          to_json(list(id_${side} ORDER BY pos) FILTER (line_${other} IS NULL AND rank <= ${mostIds})), to_json(list(idx ORDER BY idx) FILTER (line_${other} IS NULL AND idx IS NOT NULL AND place <= 1000)),
          count(idx) FILTER (line_${other} IS NULL)
        FROM (SELECT *, row_number() OVER (PARTITION BY activity, line_${other} IS NULL ORDER BY pos) AS rank, row_number() OVER (PARTITION BY activity, line_${other} IS NULL ORDER BY idx) AS place FROM ${pairs} WHERE line_${side} IS NOT NULL OR line_${other} IS NOT NULL)
        GROUP BY activity HAVING count(*) FILTER (line_${other} IS NULL) > 0 ORDER BY min(coalesce(start_${side}, start_${other})) NULLS LAST, min(pos)`,
      values: []
    },
    signal
  )
  return rows.map((row): Group => {
    const activity = textIn(row[0])
    const [count, own, its] = [countIn(row[1]), countIn(row[2]), countIn(row[3])]
    const tasks = JSON.parse(String(row[4])) as string[]
    const numbers = row[5] === null ? [] : (JSON.parse(String(row[5])) as number[])
    const index = indexOf(activity)
    const [here, there] = side === 'a' ? ['A', 'B'] : ['B', 'A']
    const detail = index === null || numbers.length === 0 ? `${count.toLocaleString('en')} of ${own.toLocaleString('en')}` : `${index.slice('used.'.length)} = ${numbersText(numbers, countIn(row[6]))}`
    const why = its === 0 ? `${there} has no such task` : index === null ? `${here} has ${own.toLocaleString('en')}, ${there} ${its.toLocaleString('en')}` : `${there} has none with ${count === 1 ? 'this number' : 'these numbers'}`
    return { activity, count, tasks, counterparts: [], filter: count > tasks.length ? null : { task_id: { $in: tasks } }, detail, why }
  })
}

/** `9 … 13`, `2, 5, 9`; of many stretches the first. */
export function numbersText(numbers: readonly number[], total: number): string {
  const stretches: [number, number][] = []
  for (const number of numbers) {
    const last = stretches.at(-1)
    if (last && number <= last[1] + 1) last[1] = number
    else stretches.push([number, number])
  }
  const texts = stretches.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from} … ${to}`))
  const whole = texts.length <= 4 && numbers.length === total
  return whole ? texts.join(', ') : `${texts.slice(0, 4).join(', ')}, …`
}

async function changedStatus({ a, b, pairs }: Alignment, signal: AbortSignal): Promise<Group[]> {
  const stderr = { a: textOf(a.table.column('tasks', 'stderr')), b: textOf(b.table.column('tasks', 'stderr')) }
  const text = (side: 'a' | 'b'): string => `(SELECT ${stderr[side]} FROM ${(side === 'a' ? a : b).table.rows} r WHERE r.line = g.first_${side})`
  const rows = await a.table.query(
    {
      text: `WITH d AS (SELECT *, row_number() OVER (PARTITION BY activity, status_a, status_b ORDER BY pos) AS rank FROM ${pairs} WHERE line_a IS NOT NULL AND line_b IS NOT NULL AND status_a IS DISTINCT FROM status_b),
          g AS (SELECT activity, status_a, status_b, count(*) AS n, to_json(list(id_a ORDER BY pos) FILTER (rank <= ${mostIds})) AS ids_a, to_json(list(id_b ORDER BY pos) FILTER (rank <= ${mostIds})) AS ids_b,
            min(pos) AS pos, min_by(line_a, pos) AS first_a, min_by(line_b, pos) AS first_b FROM d GROUP BY activity, status_a, status_b)
        SELECT activity, status_a, status_b, n, ids_a, ids_b, ${text('a')}, ${text('b')} FROM g ORDER BY pos`,
      values: []
    },
    signal
  )
  return rows.map((row): Group => {
    const [before, after] = [textIn(row[1]), textIn(row[2])]
    const tasks = JSON.parse(String(row[4])) as string[]
    const error = after === 'ERROR' ? textIn(row[7]) : before === 'ERROR' ? textIn(row[6]) : null
    return { activity: textIn(row[0]), count: countIn(row[3]), tasks, counterparts: JSON.parse(String(row[5])) as string[], filter: countIn(row[3]) > tasks.length ? null : { task_id: { $in: tasks } }, detail: `${before ?? 'no status'} → ${after ?? 'no status'}`, why: lastLine(error) }
  })
}

/** Where Python says what went wrong. */
function lastLine(text: string | null): string {
  return (text ?? '').trimEnd().split('\n').at(-1)?.trim().slice(0, longest) ?? ''
}
