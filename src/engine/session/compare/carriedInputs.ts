/** Inputs that differ only because what was made before differs: they tell nothing new. */
import { countIn, textIn } from '../overview/taskColumns.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import type { FieldCount } from './fieldCounts.ts'
import { joinedPairs } from './fieldCounts.ts'

const mostFields = 60

/**
 * The rule: an input is carried over if every pair in which it differs has its two values from an earlier pair: either generated there in a field
 * that differs, or used there in a field of the same last name, by another activity. Booleans count only under the same last name: two values tell too little.
 * @returns by index in `counts` where it comes from, the commonest: `relax generated.omega`
 */
export async function carriedInputs(tables: { a: SourceTable; b: SourceTable }, pairs: Sql, counts: readonly FieldCount[], signal: AbortSignal): Promise<Map<number, string>> {
  const differing = counts.flatMap((count, at) => (count.differ > 0 && (count.field.part === 'input' || count.field.part === 'output') ? [{ ...count, at }] : []))
  const fields = [...new Set(differing.map(({ field }) => field))].slice(0, mostFields)
  const carried = new Map<number, string>()
  if (!differing.some(({ field }) => field.part === 'input')) return carried
  const joined = joinedPairs(tables, pairs, fields)
  const each = fields.map((field, at) => `{'f': ${at}, 'input': ${field.part === 'input'}, 'leaf': ${JSON.stringify(leafOf(field.name)).replaceAll("'", "''").replace(/^"|"$/g, "'")}, 'a': CAST(a${at} AS VARCHAR), 'b': CAST(b${at} AS VARCHAR)}`)
  const rows = await tables.a.query(
    {
      text: `${joined.text},
        v AS (SELECT pos, activity, unnest([${each.join(', ')}], recursive := true) FROM j),
        d AS MATERIALIZED (SELECT * FROM v WHERE a IS DISTINCT FROM b AND a IS NOT NULL AND b IS NOT NULL),
        s AS MATERIALIZED (SELECT f, activity, input, leaf, a, b, min(pos) AS pos FROM d GROUP BY ALL),
        u AS (SELECT d.pos, d.activity, d.f, min_by(s.activity, (s.input, s.leaf <> d.leaf, s.pos)) AS source, min_by(s.f, (s.input, s.leaf <> d.leaf, s.pos)) AS field
          FROM d JOIN s ON s.a = d.a AND s.b = d.b AND s.pos < d.pos AND (s.leaf = d.leaf OR (NOT s.input AND s.a NOT IN ('true', 'false'))) AND NOT (s.input AND s.activity IS NOT DISTINCT FROM d.activity)
          WHERE d.input GROUP BY 1, 2, 3)
        SELECT activity, f, source, field, count(*) FROM u GROUP BY 1, 2, 3, 4 ORDER BY count(*) DESC, source, field`,
      values: joined.values
    },
    signal
  )
  for (const count of differing) {
    if (count.field.part !== 'input') continue
    const own = rows.filter((row) => textIn(row[0]) === count.activity && fields[countIn(row[1])] === count.field)
    const [first] = own
    if (!first || own.reduce((sum, row) => sum + countIn(row[4]), 0) !== count.differ) continue
    carried.set(count.at, `${textIn(first[2]) ?? 'no activity'} ${fields[countIn(first[3])]?.name ?? ''}`)
  }
  return carried
}

const leafOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
