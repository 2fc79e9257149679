/** Values of conditions: from typed text by a column's type, and from cells of the engine. */
import { jsonSafe } from '#contract/filter'
import { JsonSyntaxError, parseJson } from '#contract/json'
import type { Column } from '#contract/tables'
import type { Cell } from '#contract/values'
import type { Zone } from './appearance.ts'
import { escapeRegex } from './filterWords.ts'
import type { TheFilter } from './scope.ts'

export type Operator = '=' | '≠' | '<' | '≤' | '>' | '≥' | 'one of' | 'contains' | 'matches' | 'is null' | 'has a value' | 'is present' | 'is absent'

const numeric: Operator[] = ['=', '≠', '<', '≤', '>', '≥', 'one of']
const textual: Operator[] = ['=', '≠', 'one of', 'contains', 'matches']
const always: Operator[] = ['is null', 'has a value', 'is present', 'is absent']

export const wantsNoValue = (operator: Operator): boolean => always.includes(operator)

/** What can be asked of a column of a type, the commonest first. */
export function operatorsOf(type: Column['type']): Operator[] {
  switch (type) {
    case 'integer':
    case 'number':
    case 'time':
      return [...numeric, ...always]
    case 'boolean':
      return ['=', '≠', ...always]
    case 'empty':
      return always
    case 'mixed':
    case 'list':
      return [...new Set([...textual, ...numeric]), ...always]
    case 'text':
    case 'status':
    case 'id':
      return [...textual, ...always]
  }
}

export type Parsed = { ok: true; value: unknown } | { ok: false; message: string }

export function parseValue(text: string, type: Column['type'], zone: Zone): Parsed {
  const trimmed = text.trim()
  if (type === 'text' || type === 'status' || type === 'id') return { ok: true, value: text }
  if (type === 'time') {
    const seconds = parseTime(trimmed, zone)
    return seconds === null ? { ok: false, message: 'A time such as 2026-07-20 22:26:31, or seconds since 1970.' } : { ok: true, value: seconds }
  }
  const value = asJson(trimmed)
  if (type === 'mixed' || type === 'list') return { ok: true, value: value === undefined ? text : jsonSafe(value) }
  if (type === 'boolean') return typeof value === 'boolean' ? { ok: true, value } : { ok: false, message: 'true or false.' }
  return typeof value === 'number' || typeof value === 'bigint' ? { ok: true, value: jsonSafe(value) } : { ok: false, message: 'A number such as 0.1, 1e-4 or NaN.' }
}

/** Epoch seconds of a number, or of a date and time in the zone that times are shown in; null if it is neither. */
export function parseTime(text: string, zone: Zone): number | null {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|UTC)?$/i.exec(text)
  if (!match) return null
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((group) => Number(match[group] ?? 0)) as [number, number, number, number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return null
  const fraction = Number(match[7] ?? 0)
  const utc = zone === 'utc' || match[8] !== undefined
  const ms = utc ? Date.UTC(year, month - 1, day, hour, minute, second) : new Date(year, month - 1, day, hour, minute, second).getTime()
  return ms / 1000 + fraction
}

/** A cell as text, for lists of values. */
export function textOfCell(cell: Cell): string {
  if (cell === null) return 'null'
  if (typeof cell !== 'object') return String(cell)
  if ('int' in cell) return cell.int
  if ('float' in cell) return cell.float
  return 'json' in cell ? `${cell.json}${cell.length === undefined ? '' : '…'}` : `${cell.text}…`
}

export function filterFor(column: string, operator: Operator, values: unknown[]): TheFilter {
  const [value] = values
  switch (operator) {
    case '=':
      return { [column]: isPlain(value) ? value : { $eq: value } }
    case '≠':
      return { [column]: { $ne: value } }
    case '<':
    case '≤':
    case '>':
    case '≥':
      return { [column]: { [{ '<': '$lt', '≤': '$lte', '>': '$gt', '≥': '$gte' }[operator]]: value } }
    case 'one of':
      return { [column]: { $in: values } }
    case 'contains':
      return { [column]: { $regex: escapeRegex(String(value)) } }
    case 'matches':
      return { [column]: { $regex: String(value) } }
    case 'is null':
      return { [column]: null }
    case 'has a value':
      return { [column]: { $ne: null } }
    case 'is present':
      return { [column]: { $exists: true } }
    case 'is absent':
      return { [column]: { $exists: false } }
  }
}

/** A dict that stands alone could be read as operators. */
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null || Array.isArray(value)

/** The column, operator and values of a condition that was made by `filterFor`; null for any other. */
export function conditionOf(filter: TheFilter): { column: string; operator: Operator; values: unknown[] } | null {
  const [entry, ...more] = Object.entries(filter)
  if (!entry || more.length > 0 || entry[0].startsWith('$')) return null
  const [column, asked] = entry
  if (asked === null) return { column, operator: 'is null', values: [] }
  if (isPlain(asked)) return { column, operator: '=', values: [asked] }
  const [inner, ...others] = Object.entries(asked as object)
  if (!inner || others.length > 0) return null
  const [key, value] = inner as [string, unknown]
  if (key.startsWith('$number')) return { column, operator: '=', values: [asked] }
  if (key === '$ne' && value === null) return { column, operator: 'has a value', values: [] }
  if (key === '$exists') return { column, operator: value === true ? 'is present' : 'is absent', values: [] }
  if (key === '$in' && Array.isArray(value)) return { column, operator: 'one of', values: value }
  if (key === '$regex' && typeof value === 'string') {
    const text = value.replace(/\\([.*+?^${}()|[\]\\])/g, '$1')
    return escapeRegex(text) === value ? { column, operator: 'contains', values: [text] } : { column, operator: 'matches', values: [value] }
  }
  const operator = ({ $eq: '=', $ne: '≠', $lt: '<', $lte: '≤', $gt: '>', $gte: '≥' } as Partial<Record<string, Operator>>)[key]
  return operator ? { column, operator, values: [value] } : null
}

function asJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined
    throw error
  }
}
