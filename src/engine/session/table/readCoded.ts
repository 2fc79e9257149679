/** Many rows read into columns of numbers: numbers as they are, texts as the numbers of the different ones. */
import { queryColumns } from './queryColumns.ts'
import type { SourceTable, Sql } from './sourceTable.ts'

/** Of each row the number of its text; null is a text too. */
export type Coded = { readonly codes: Int32Array; readonly values: readonly (string | null)[] }
export type CodedRows<N extends string> = { readonly lines: Float64Array; readonly numbers: Readonly<Record<N, Float64Array>>; readonly texts: readonly Coded[] }

/**
 * One query, so that all of it is of one moment. Few texts cross over: each stands once, with the first row that has it.
 * @param rows a SELECT with a unique whole number `line` among its fields, known as `t` in what follows
 * @param join to `t`; '' for none
 * @returns rows in the order of `line`
 */
export async function readCoded<N extends string>(
  table: SourceTable,
  { rows, join = '', numbers, texts }: { rows: Sql; join?: string; numbers: Readonly<Record<N, string>>; texts: readonly string[] },
  signal: AbortSignal
): Promise<CodedRows<N>> {
  const names = Object.keys(numbers) as N[]
  const fields = ['t.line AS line', ...names.map((name, at) => `(${numbers[name]})::DOUBLE AS n${at}`), ...texts.map((text, at) => `${text} AS x${at}`)]
  const codes = texts.map((_, at) => `, k${at} AS (SELECT x${at} AS x, row_number() OVER () - 1 AS code, min(line) AS line FROM j GROUP BY x${at})`)
  const columns = ['j.line::DOUBLE', ...names.map((_, at) => `j.n${at}`), ...texts.map((_, at) => `k${at}.code::DOUBLE`), ...texts.map((_, at) => `CASE WHEN k${at}.line = j.line THEN j.x${at} END`)]
  const text = `WITH t AS (${rows.text}), j AS MATERIALIZED (SELECT ${fields.join(', ')} FROM t ${join}) ${codes.join('')}
    SELECT ${columns.join(', ')} FROM j ${texts.map((_, at) => `JOIN k${at} ON k${at}.x IS NOT DISTINCT FROM j.x${at}`).join(' ')} ORDER BY j.line`
  const isText = columns.map((_, at) => at > names.length + texts.length)
  const [lines, ...others] = await queryColumns(table, { text, values: rows.values }, isText, signal)
  return {
    lines: lines as Float64Array,
    numbers: Object.fromEntries(names.map((name, at) => [name, others[at]])) as unknown as Record<N, Float64Array>,
    texts: texts.map((_, at) => coded(others[names.length + at] as Float64Array, others[names.length + texts.length + at] as readonly (string | null)[]))
  }
}

function coded(numbers: Float64Array, texts: readonly (string | null)[]): Coded {
  const codes = Int32Array.from(numbers)
  const values: (string | null)[] = Array.from({ length: codes.reduce((most, code) => Math.max(most, code + 1), 0) }, () => null)
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] ?? null
    if (text !== null) values[codes[row] as number] = text
  }
  return { codes, values }
}
