/** Which line of a failed task's stderr says what went wrong, and the filter that leaves the tasks that say the same. */
import type { SourceTable } from '../table/sourceTable.ts'
import { textOf } from './taskColumns.ts'

type Filter = Record<string, unknown>
/** Keys of a stderr that is a dict, the most telling first. */
const dictKeys = ['exception', 'message', 'error', 'traceback'] as const
/** Filters of longer messages would not fit anywhere they are shown. */
const longestFilter = 4000
/** What counts as blank at the ends of a line, the same in SQL and in the filter's regular expression. */
const blanks = `' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)`
const blankClass = '[ \\t\\n\\v\\f\\r]*'

/**
 * SQL fields of a task for `messageOf`: `said_0` stderr itself (`other_0`: it is no text), then its keys. A list says what its last line says.
 * Every field is text; what is no text (a number, a dict in a cell) speaks as JSON.
 */
export function errorFields(table: SourceTable): Record<string, string> {
  const own = table.column('tasks', 'stderr')
  const fields: Record<string, string> = { said_0: textOf(own), other_0: own?.storage === 'JSON' ? `NOT starts_with(${own.sql}, '"')` : 'FALSE' }
  dictKeys.forEach((key, index) => {
    fields[`said_${index + 1}`] = textOf(table.column('tasks', `stderr.${key}`))
  })
  return fields
}

/** SQL over those fields: `message` the last line that is not blank, `raw` the text it is from, `via` which field (0 stderr, …). */
export const messageOf = messageSql()

function messageSql(): string {
  const names = [0, ...dictKeys.map((_, index) => index + 1)].map((index) => `said_${index}`)
  const filled = (name: string): string => `trim(${name}, ${blanks}) <> ''`
  const pick = (value: (index: number) => string): string => `CASE ${names.map((name, index) => `WHEN ${filled(name)} THEN ${value(index)}`).join(' ')} END`
  const listed = `TRY(list_last(list_filter(json_extract_string(said_0, '$[*]'), lambda part : trim(part, ${blanks}) <> '')))`
  const said = pick((index) => (index === 0 ? `CASE WHEN other_0 THEN coalesce(${listed}, said_0) ELSE said_0 END` : `said_${index}`))
  // Each of these comes to a few per cent of the tasks, so clarity goes before sharing.
  return `${lastLine(said)} AS message, coalesce(${names.join(', ')}) AS raw, ${pick((index) => (index === 0 ? 'CASE WHEN other_0 THEN -1 ELSE 0 END' : String(index)))} AS via`
}

function lastLine(text: string): string {
  return `trim(split_part(rtrim(${text}, ${blanks}), chr(10), -1), ${blanks})`
}

/** `whole`: in every task the message is the field's whole text; `raws`: how many tasks have any text at all. */
type Group = { text: string | null; via: string | null; one: boolean; whole: boolean; raws: number }

/** Null where no filter leaves exactly these tasks: lists, several fields that say the same, or very long messages. */
export function errorFilter(table: SourceTable, group: Group): Filter | null {
  const failed = { status: 'ERROR' }
  if (group.text === null) return group.raws > 0 ? null : { ...failed, ...silent(table) }
  if (!group.one || group.via === null || Number(group.via) < 0 || group.text.length > longestFilter) return null
  const via = Number(group.via)
  const name = via === 0 ? 'stderr' : `stderr.${dictKeys[via - 1]}`
  // In a column of mixed kinds only stderr itself is known to be text here; a filter for "5" would not leave 5.
  if (via > 0 && table.column('tasks', name)?.storage !== 'VARCHAR') return null
  // Keys before this one must not speak, or the task would be counted under what they say.
  const before = Object.fromEntries(dictKeys.slice(0, Math.max(0, via - 1)).flatMap((key) => (table.column('tasks', `stderr.${key}`) ? [[`stderr.${key}`, { $not: { $regex: '[^ \\t\\n\\v\\f\\r]' } }]] : [])))
  return { ...failed, ...before, [name]: group.whole ? group.text : { $regex: `(^|\\n)${blankClass}${escapeRegex(group.text)}${blankClass}$` } }
}

function silent(table: SourceTable): Filter {
  return Object.fromEntries(['stderr', ...dictKeys.map((key) => `stderr.${key}`)].flatMap((name) => (table.column('tasks', name) ? [[name, null]] : [])))
}

/** Escaped so that RE2 and JavaScript read the same literal. */
export function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
