/** What may be written next: tables, columns by their dotted names, functions, keywords, and values of a column that is compared. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'
import type { SqlColumn } from '#contract/sql'
import { count } from '../../parts/format.ts'
import { functions, keywords } from './sqlWords.ts'
import type { TableSchema } from './useSchema.ts'

export type CompletionSource = {
  readonly tables: readonly TableSchema[]
  /** Values of a field of tasks that contain a text, commonest first. */
  readonly valuesOf: (table: string, field: string, text: string) => Promise<readonly { value: string; count: number }[]>
}
type Told = Completion & { /** In the popup's columns and at its foot. */ readonly about?: { type: string; note: string; foot: string } }

const path = /(?:"[^"]*"?|[\p{L}_][\p{L}\p{N}_]*)(?:\.(?:"[^"]*"?|[\p{L}\p{N}_]*))*$/u

export function completionsOf(source: () => CompletionSource): (context: CompletionContext) => Promise<CompletionResult | null> {
  return async (context) => {
    const { tables, valuesOf } = source()
    const before = context.state.sliceDoc(Math.max(0, context.pos - 2000), context.pos)
    const value = valueBefore(before, tables)
    if (value) return await valueCompletions(value, context.pos, valuesOf)
    if (isInText(before)) return null
    const word = path.exec(before)?.[0] ?? ''
    if (word === '' && !context.explicit) return null
    return nameCompletions(word, context, tables)
  }
}

/** Named by alias or by their own name in the text. */
function aliases(text: string, tables: readonly TableSchema[]): Map<string, TableSchema> {
  const found = new Map<string, TableSchema>(tables.map((table) => [table.name, table]))
  for (const [, name = '', alias = ''] of text.matchAll(/\b(?:from|join|,)\s+([a-z]+)\s+(?:as\s+)?([\p{L}_][\p{L}\p{N}_]*)/giu)) {
    const table = tables.find((one) => one.name === name.toLowerCase())
    if (table && !keywordSet.has(alias.toUpperCase())) found.set(alias, table)
  }
  return found
}

const keywordSet: ReadonlySet<string> = new Set(keywords)

function nameCompletions(word: string, context: CompletionContext, tables: readonly TableSchema[]): CompletionResult {
  const text = context.state.doc.toString()
  const named = aliases(text, tables)
  const dot = word.indexOf('.')
  const table = dot === -1 ? undefined : named.get(word.slice(0, dot))
  const from = context.pos - word.length + (table ? dot + 1 : 0)
  const used = tables.filter(({ name }) => new RegExp(`\\b${name}\\b`, 'i').test(text))
  const columnsFrom = table ? [table] : used.length > 0 ? used : tables.slice(0, 1)
  const options: Told[] = columnsFrom.flatMap((one) => one.columns.map((column) => columnCompletion(column, one, columnsFrom.length > 1)))
  if (!table && dot === -1) {
    options.push(...tables.map(({ columnCount, name, rows }) => ({ label: name, type: 'table', boost: 3, about: { type: 'table', note: `${count(rows)} rows`, foot: `${name}: ${count(rows)} rows, ${count(columnCount)} columns` } })))
    options.push(...functions.map(([name, note]) => ({ label: name, type: 'function', apply: `${name}(`, boost: -1, about: { type: 'function', note, foot: `${name}(…): ${note}` } })))
    options.push(...keywords.map((label) => ({ label, type: 'keyword', boost: -2, about: { type: 'keyword', note: '', foot: '' } })))
  }
  return { from, options, validFor: /^[\p{L}\p{N}_."]*$/u }
}

function columnCompletion({ derived, name, nulls, type, unit }: SqlColumn, { name: table, rows }: TableSchema, several: boolean): Told {
  const note = [unit ?? '', derived ? 'computed' : '', several ? table : ''].filter((part) => part !== '').join(', ')
  return { label: name, apply: written(name), type: 'column', boost: table === 'tasks' ? 2 : 1, about: { type: type.toLowerCase(), note, foot: `${name}${unit === null ? '' : ` in ${unit}`}; ${nullWords(nulls, rows)}` } }
}

/** Of a column; null: not counted yet. */
export const nullWords = (nulls: number | null, rows: number): string => (nulls === null ? 'nulls not counted yet' : nulls === 0 ? 'never null' : `null in ${count(nulls)} of ${count(rows)}`)

/** Dotted names need no quotation marks where each part is a plain word. */
export function written(name: string): string {
  return name.split('.').every((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part) && !reserved.has(part.toUpperCase())) ? name : `"${name.replaceAll('"', '""')}"`
}

const reserved: ReadonlySet<string> = new Set('ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE DEFAULT DEFERRABLE DESC DESCRIBE DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FROM GROUP HAVING IN INITIALLY INTERSECT INTO LAMBDA LATERAL LEADING LIMIT NOT NULL OFFSET ON ONLY OR ORDER PIVOT PLACING PRIMARY QUALIFY REFERENCES RETURNING SELECT SHOW SOME SUMMARIZE SYMMETRIC TABLE THEN TO TRAILING TRUE UNION UNIQUE UNPIVOT USING VARIADIC WHEN WHERE WINDOW WITH'.split(' '))

type ValuePlace = { table: string; column: SqlColumn; text: string }

/** `column = 'te`, `IN ('a', 'te`: the text that has been begun, and what it is compared with. */
function valueBefore(before: string, tables: readonly TableSchema[]): ValuePlace | null {
  const match = /((?:"[^"]+"|[\p{L}_][\p{L}\p{N}_]*)(?:\.(?:"[^"]+"|[\p{L}\p{N}_]+))*)\s*(?:=|<>|!=|i?like|in\s*\((?:\s*'[^']*'\s*,)*)\s*'([^']*)$/iu.exec(before)
  if (!match) return null
  const name = (match[1] ?? '').replaceAll('"', '').toLowerCase()
  for (const table of tables) {
    const column = table.columns.find((one) => name === one.name.toLowerCase() || name.endsWith(`.${one.name.toLowerCase()}`))
    if (column) return { table: table.name, column, text: match[2] ?? '' }
  }
  return null
}

async function valueCompletions({ column, table, text }: ValuePlace, pos: number, valuesOf: CompletionSource['valuesOf']): Promise<CompletionResult> {
  const values = await valuesOf(table, column.field, text)
  const options: Told[] = values.map(({ count: times, value }, at) => ({ label: value, apply: asText(value), type: 'value', boost: values.length - at, about: { type: `${count(times)}×`, note: '', foot: `${column.name} is this in ${count(times)} ${table}` } }))
  return { from: pos - text.length, options, filter: false }
}

/** With its last quotation mark, which may stand there already. */
const asText =
  (value: string) =>
  (view: EditorView, _option: Completion, from: number, to: number): void => {
    const end = view.state.sliceDoc(to, to + 1) === "'" ? to + 1 : to
    const insert = `${value.replaceAll("'", "''")}'`
    view.dispatch({ changes: { from, to: end, insert }, selection: { anchor: from + insert.length }, userEvent: 'input.complete' })
  }

/** An odd number of quotation marks since the line of the statement began. */
function isInText(before: string): boolean {
  return ((before.replaceAll(/--[^\n]*/g, '').match(/'/g)?.length ?? 0) & 1) === 1
}
