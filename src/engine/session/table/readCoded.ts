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
  const [xs, ns] = [texts.map((_, at) => `x${at}`), names.map((_, at) => `n${at}`)]
  const fields = ['t.line AS line', ...names.map((name, at) => `(${numbers[name]})::DOUBLE AS n${at}`), ...texts.map((text, at) => `${text} AS x${at}`)]
  // All texts of a row have one number together: one join finds it, however many there are.
  const pairs = xs.map((x) => `k.${x} IS NOT DISTINCT FROM j.${x}`)
  const [codes, join_] = texts.length === 0 ? ['', ''] : [`, k AS (SELECT ${xs.join(', ')}, row_number() OVER () - 1 AS code, min(line) AS line FROM j GROUP BY ${xs.join(', ')})`, `JOIN k ON ${pairs.join(' AND ')}`]
  const columns = ['j.line::DOUBLE', ...ns.map((n) => `j.${n}`), ...(texts.length === 0 ? [] : ['k.code::DOUBLE']), ...xs.map((x) => `CASE WHEN k.line = j.line THEN j.${x} END`)]
  const text = `WITH t AS (${rows.text}), j AS MATERIALIZED (SELECT ${fields.join(', ')} FROM t ${join}) ${codes} SELECT ${columns.join(', ')} FROM j ${join_} ORDER BY j.line`
  const isText = columns.map((_, at) => at > ns.length + 1)
  const [lines, ...others] = await queryColumns(table, { text, values: rows.values }, isText, signal)
  return {
    lines: lines as Float64Array,
    numbers: Object.fromEntries(names.map((name, at) => [name, others[at]])) as unknown as Record<N, Float64Array>,
    texts: texts.map((_, at) => coded(others[ns.length] as Float64Array, others[ns.length + 1 + at] as readonly (string | null)[]))
  }
}

/** @param together number of all texts of each row; @param texts at the first row of each of these numbers the text, else null */
function coded(together: Float64Array, texts: readonly (string | null)[]): Coded {
  const [textOf, numbers] = [new Map<number, string>(), new Map<string | null, number>()]
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] ?? null
    if (text !== null) textOf.set(together[row] as number, text)
  }
  const numberOf = new Map<number, number>()
  const codes = Int32Array.from(together, (number) => {
    const known = numberOf.get(number)
    if (known !== undefined) return known
    const text = textOf.get(number) ?? null
    const code = numbers.get(text) ?? numbers.size
    numbers.set(text, code)
    numberOf.set(number, code)
    return code
  })
  return { codes, values: [...numbers.keys()] }
}
