/**
 * Full-text search over the fields of a record, as SQL.
 *
 * The rules, as the help states them:
 * - Upper and lower case do not count.
 * - Several words must all occur, each in any field; words in "double quotes" are one phrase.
 * - A word is found anywhere in a text, an id, or a list written as JSON.
 * - What reads as a number, such as 0.5 or 1e3, is also found where a number equals it.
 * - true, false and null are words like any other. Computed columns, such as duration, are not searched.
 */
import type { Records } from '#contract/values'
import { testColumn } from './jsonPredicates.ts'
import type { NamedColumn, SourceTable, Sql } from '../table/sourceTable.ts'
import { allOf, anyOf, param, raw, sql } from '../table/sql.ts'

export function compileSearch(table: SourceTable, records: Records, text: string): Sql {
  const columns = table.columns(records).filter((column) => !column.derived && column.type !== 'empty')
  return allOf(wordsOf(text).map((word) => occursIn(columns, records, word)))
}

/** The words and quoted phrases of a search; a quote that is not closed runs to the end. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)(?:"|$)|[^\s"]+/g)].map((match) => match[1] ?? match[0]).filter((word) => word.trim() !== '')
}

function occursIn(columns: readonly NamedColumn[], records: Records, word: string): Sql {
  const number = numberOf(word)
  const conditions = columns.map((column) => {
    const value = raw(column.sql)
    if (column.storage === 'VARCHAR') return contains(value, [word])
    if (column.storage === 'JSON') return contains(sql`CAST(${value} AS VARCHAR)`, jsonForms(word))
    return number === null || column.storage === 'BOOLEAN' ? raw('FALSE') : testColumn({ kind: 'equals', values: [number] }, value, column.storage)
  })
  const id = records === 'messages' ? [] : [contains(raw('r.record_id'), [word])]
  return anyOf([...id, ...conditions])
}

/** A word without letters has no case, which spares lowering every cell. */
function contains(value: Sql, forms: readonly string[]): Sql {
  return anyOf(
    forms.map((form) =>
      form.toLowerCase() === form.toUpperCase() ? sql`contains(${value}, ${param(form)})` : sql`contains(lower(${value}), lower(${param(form)}))`
    )
  )
}

/** How the word may stand in JSON text: as it is, with its quotes and backslashes escaped, and in ASCII as Python writes it. */
function jsonForms(word: string): string[] {
  const escaped = JSON.stringify(word).slice(1, -1)
  const ascii = escaped.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [...new Set([word, escaped, ascii])]
}

function numberOf(word: string): number | bigint | null {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(word)) return null
  const number = Number(word)
  return /^[+-]?\d+$/.test(word) && !Number.isSafeInteger(number) ? BigInt(word.replace(/^\+/, '')) : number
}
