/** A file of a table read back by another way than it was written by, and compared with the table. */
import type { ExportCheck, TableFormat } from '#contract/exports'
import { quoteName, quoteText } from '../table/fieldTree.ts'
import { checkArrow } from './checkArrow.ts'
import { checkRowLines } from './checkRowLines.ts'
import { cellTextSql } from './delimitedSql.ts'
import { type OutColumn, type OutTable, uniqueNames } from './outTable.ts'
import { checkColumns, compareFacts, type FactsCell, factsOf } from './tableFacts.ts'

export type Checking = { readonly signal: AbortSignal; readonly onProgress: (rows: number) => void }
export type CheckParams = { readonly format: TableFormat; readonly guardFormulas: boolean }

export async function checkTableFile(out: OutTable, { format, guardFormulas }: CheckParams, path: string, checking: Checking): Promise<ExportCheck[]> {
  switch (format) {
    case 'csv':
    case 'tsv':
      return await checkDelimited(out, { separator: format === 'csv' ? ',' : '\t', guardFormulas, path }, checking)
    case 'jsonl':
      return await checkRowLines(out, path, checking)
    case 'parquet':
      return await checkParquet(out, path, checking)
    case 'arrow':
      return await checkArrow(out, path, checking)
  }
}

async function checkParquet(out: OutTable, path: string, { onProgress, signal }: Checking): Promise<ExportCheck[]> {
  const reading = `read_parquet(${quoteText(path)}, file_row_number = true)`
  const names = uniqueNames(out.columns, 'any case')
  const typeOf = ({ storage }: OutColumn): string => (storage === 'JSON' ? 'VARCHAR' : storage)
  const described = await out.query({ text: `DESCRIBE SELECT * FROM ${reading}`, values: [] }, signal)
  const columns = described.map(([name, type]) => `${String(name)} ${String(type)}`).filter((_, at) => at < described.length - 1)
  const asked = out.columns.map((column, at) => `${names[at]} ${typeOf(column)}`)
  const same = checkColumns(asked, columns)
  if (!same.ok) return [same]
  const isFloat = ({ storage }: OutColumn): boolean => storage === 'DOUBLE'
  const { from } = await out.rows(null, signal)
  const tell = halves(out.total, onProgress)
  const expected = await factsOf(out.query, { from, place: 'o.i', cells: out.columns.map((column) => ({ sql: `CAST(${column.sql} AS ${typeOf(column)})`, isFloat: isFloat(column) })) }, { signal, onShare: tell(0) })
  const found = await factsOf(out.query, { from: `FROM ${reading}`, place: 'file_row_number', cells: out.columns.map((column, at) => ({ sql: quoteName(names[at] as string), isFloat: isFloat(column) })) }, { signal, onShare: tell(1) })
  return [same, ...compareFacts(out.columns.map(({ name }) => name), expected, found)]
}

type Delimited = { readonly separator: ',' | '\t'; readonly guardFormulas: boolean; readonly path: string }
/** A line may be this much longer than the longest value, for the others. */
const otherCellsBytes = 1 << 20

async function checkDelimited(out: OutTable, { guardFormulas, path, separator }: Delimited, { onProgress, signal }: Checking): Promise<ExportCheck[]> {
  const { from } = await out.rows(null, signal)
  const isOnly = out.columns.length === 1
  const texts = out.columns.filter(({ storage }) => storage === 'VARCHAR' || storage === 'JSON')
  const [lengths = []] = texts.length === 0 ? [] : await out.query({ text: `SELECT ${texts.map(({ sql }) => `coalesce(max(strlen(${sql})), 0)`).join(', ')} ${from}`, values: [] }, signal)
  // Quotes may double it.
  const longest = Math.max(2 << 20, 2 * lengths.reduce((sum: number, length) => sum + Number(length), 0) + otherCellsBytes)
  const options = `auto_detect = false, delim = ${separator === ',' ? `','` : 'chr(9)'}, quote = '"', escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, parallel = false, max_line_size = ${longest}, buffer_size = ${Math.max(32 << 20, 2 * longest)}, columns = {${out.columns.map((_, at) => `'c${at}': 'VARCHAR'`).join(', ')}}`
  const [header = []] = await out.query({ text: `SELECT * FROM read_csv(${quoteText(path)}, header = false, ${options}) LIMIT 1`, values: [] }, signal)
  const guarded = (name: string): string => (guardFormulas && /^[=+\-@\t\r]/.test(name) ? `'${name}` : name)
  const same = checkColumns(out.columns.map(({ name }) => guarded(name)), header.map((name) => String(name ?? '')))
  if (!same.ok) return [same]
  const tell = halves(out.total, onProgress)
  const expected = await factsOf(out.query, { from, place: 'o.i', cells: out.columns.map((column) => expectedCell(column, guardFormulas, isOnly)) }, { signal, onShare: tell(0) })
  const reading = `FROM (SELECT (row_number() OVER ()) - 1 AS i, * FROM read_csv(${quoteText(path)}, header = true, ${options}))`
  const found = await factsOf(out.query, { from: reading, place: 'i', cells: out.columns.map((column, at) => foundCell(column, `c${at}`, isOnly)) }, { signal, onShare: tell(1) })
  return [same, ...compareFacts(out.columns.map(({ name }) => name), expected, found)]
}

/** Numbers and booleans as what they are; all others as their text. */
function expectedCell(column: OutColumn, guardFormulas: boolean, isOnly: boolean): FactsCell {
  const { sql, storage } = column
  if (storage === 'BOOLEAN' || storage === 'BIGINT' || storage === 'DOUBLE') return { sql, isFloat: storage === 'DOUBLE' }
  const text = cellTextSql(column, guardFormulas)
  // The only cell of its line is quoted if it is empty, whatever it was.
  return { sql: isOnly ? `coalesce(${text}, '')` : text, isFloat: false }
}

function foundCell({ storage }: OutColumn, cell: string, isOnly: boolean): FactsCell {
  const text = isOnly ? `nullif(${cell}, '')` : cell
  if (storage === 'BOOLEAN') return { sql: `TRY_CAST(${text} AS BOOLEAN)`, isFloat: false }
  if (storage === 'BIGINT') return { sql: `TRY_CAST(CASE WHEN ends_with(${text}, '.0') THEN left(${text}, -2) ELSE ${text} END AS BIGINT)`, isFloat: false }
  if (storage === 'DOUBLE') return { sql: `TRY_CAST(${text} AS DOUBLE)`, isFloat: true }
  return { sql: isOnly ? `coalesce(${cell}, '')` : cell, isFloat: false }
}

/** First the one table is read, then the other. */
function halves(total: number, onProgress: (rows: number) => void): (half: 0 | 1) => (share: number) => void {
  return (half) => (share) => onProgress(Math.floor(((half + share) / 2) * total))
}

