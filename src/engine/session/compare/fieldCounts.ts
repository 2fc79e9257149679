/** Field by field over pairs of records: how many pairs hold it, how many differ, and by how much on the whole. */
import { countIn, numberIn, numberOf, textIn } from '../overview/taskColumns.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { comparable, digest } from './comparable.ts'
import type { ComparedField } from './comparedFields.ts'

export type FieldCount = {
  readonly activity: string | null
  readonly field: ComparedField
  readonly pairs: number
  readonly differ: number
  /** `pos` of the first pair that differs, or of the first that holds it. */
  readonly first: number
  /** Means over the pairs; null unless all values of both sides are numbers. */
  readonly means: { readonly a: number; readonly b: number } | null
}

const fieldsAtOnce = 40
const figures = 9

/** @param pairs `SELECT pos, activity, line_a, line_b` of pairs whose both sides are there */
export async function fieldCounts(tables: { a: SourceTable; b: SourceTable }, pairs: Sql, fields: readonly ComparedField[], signal: AbortSignal): Promise<FieldCount[]> {
  const counts: FieldCount[] = []
  for (let start = 0; start < fields.length; start += fieldsAtOnce) {
    const some = fields.slice(start, start + fieldsAtOnce)
    const joined = joinedPairs(tables, pairs, some)
    const list = some.flatMap((_, at) => [
      `count(*) FILTER (a${at} IS NOT NULL OR b${at} IS NOT NULL)`, `count(*) FILTER (a${at} IS DISTINCT FROM b${at})`,
      `coalesce(min(pos) FILTER (a${at} IS DISTINCT FROM b${at}), min(pos) FILTER (a${at} IS NOT NULL))`,
      `count(a${at})`, `count(b${at})`, `count(na${at})`, `count(nb${at})`, `avg(na${at})`, `avg(nb${at})`
    ])
    const rows = await tables.a.query({ text: `${joined.text} SELECT activity, ${list.join(', ')} FROM j GROUP BY activity`, values: joined.values }, signal)
    for (const row of rows) for (const [at, field] of some.entries()) {
      const [held, differ, first, heldA, heldB, numbersA, numbersB, a, b] = row.slice(1 + at * figures, 1 + (at + 1) * figures)
      if (countIn(held) === 0) continue
      const isNumber = countIn(heldA) > 0 && countIn(heldB) > 0 && countIn(heldA) === countIn(numbersA) && countIn(heldB) === countIn(numbersB)
      counts.push({ activity: textIn(row[0]), field, pairs: countIn(held), differ: countIn(differ), first: countIn(first), means: isNumber ? { a: numberIn(a) ?? 0, b: numberIn(b) ?? 0 } : null })
    }
  }
  return counts
}

/** `WITH …, j AS (…)`: the pairs with `a0`, `b0`, … that are equal where the values are, and `na0`, `nb0`, … where they are numbers. */
export function joinedPairs({ a, b }: { a: SourceTable; b: SourceTable }, pairs: Sql, fields: readonly ComparedField[]): Sql {
  const keys = fields.map((field) => comparable(field.a, field.b))
  const select = (side: 'a' | 'b', table: SourceTable): string => {
    const texts = keys.flatMap(({ isText }, at) => (isText ? [`${digest(`${side}${at}`)} AS ${side}${at}`] : []))
    return `y${side} AS MATERIALIZED (SELECT r.line AS line${fields.map((field, at) => `, ${keys[at]?.[side] ?? 'NULL'} AS ${side}${at}, ${numberOf(field[side])} AS n${side}${at}`).join('')} FROM ${table.rows} r WHERE r.line IN (SELECT line_${side} FROM p)),
      x${side} AS (SELECT *${texts.length === 0 ? '' : ` REPLACE (${texts.join(', ')})`} FROM y${side})`
  }
  return { text: `WITH p AS MATERIALIZED (${pairs.text}), ${select('a', a)}, ${select('b', b)}, j AS (SELECT p.*, xa.* EXCLUDE (line), xb.* EXCLUDE (line) FROM p JOIN xa ON xa.line = p.line_a JOIN xb ON xb.line = p.line_b)`, values: pairs.values }
}
