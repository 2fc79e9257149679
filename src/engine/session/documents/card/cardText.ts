/** Pieces of Markdown and figures as Flowcept's cards have them. */
import { isJsonObject, type JsonValue } from '#contract/json'
import { fixed, grouped, pyJson, pyStr, shortened, sortedKeys } from './pythonText.ts'

export const secondsText = (value: number | null): string => (value === null ? 'unknown' : fixed(value, 3))
export const someSeconds = (value: number | null): string => (value === null || value <= 0 ? '-' : fixed(value, 3))
export const percentText = (value: number | null): string => (value === null || value <= 0 ? '-' : `${fixed(value, 1)}%`)
export const countText = (value: number | null): string => (value === null || value <= 0 ? '-' : grouped(value))

export function bytesText(value: number | null): string {
  if (value === null || value <= 0) return '-'
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let [rest, unit] = [value, 0]
  for (; rest >= 1024 && unit < units.length - 1; unit++) rest /= 1024
  return unit === 0 ? `${Math.trunc(rest)} B` : `${fixed(rest, 2)} ${units[unit]}`
}

/** What says nothing: such lines and columns are left out. */
export function isEmptyMetric(text: string): boolean {
  return ['-', 'unknown', '', '- / -', '-/-', '~'].includes(text.trim())
}

export function markdownTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.length > 0 ? rows : [headers.map(() => '-')]
  return [headers, headers.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** On one line, cut. */
export function sampleText(value: JsonValue, length: number): string {
  return shortened(pyStr(value).split(/\s+/u).filter((part) => part !== '').join(' '), length)
}

export function fieldValueText(value: JsonValue): string {
  return typeof value === 'object' && value !== null ? shortened(pyJson(value), 220) : sampleText(value, 140)
}

/** Metadata, indented as YAML is. */
export function nestedLines(value: JsonValue, indent = 0): string[] {
  const pad = ' '.repeat(indent)
  if (Array.isArray(value)) return value.length === 0 ? [`${pad}[]`] : value.flatMap((item) => itemLines(`${pad}-`, item, indent, `${pad}  `))
  if (!isJsonObject(value)) return scalarLines(value).map((line) => `${pad}${line}`)
  const keys = sortedKeys(value)
  return keys.length === 0 ? [`${pad}{}`] : keys.flatMap((key) => itemLines(`${pad}${key}:`, value[key] as JsonValue, indent, pad))
}

function itemLines(head: string, item: JsonValue, indent: number, pad: string): string[] {
  if (typeof item === 'object' && item !== null) return [head, ...nestedLines(item, indent + 2)]
  const [first, ...more] = scalarLines(item)
  return [`${head} ${first}`, ...more.map((line) => `${pad}${line}`)]
}

function scalarLines(value: JsonValue): string[] {
  if (typeof value === 'string') return value.includes('\n') ? ['|', ...value.replace(/\n$/, '').split('\n').map((line) => `  ${line}`)] : [value]
  if (value === null) return ['null']
  return [typeof value === 'boolean' ? String(value) : pyStr(value)]
}

/** A dict's entries as a list, lists and dicts among them as blocks. */
export function entryLines(label: string, dict: JsonValue | undefined): string[] {
  if (!isJsonObject(dict) || Object.keys(dict).length === 0) return []
  return [`- **${label}:**`, ...sortedKeys(dict).flatMap((key) => entryOf(key, dict[key] as JsonValue))]
}

function entryOf(key: string, value: JsonValue): string[] {
  const isBlock = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  if (!isBlock) return [`  - \`${key}\`: \`${fieldValueText(value)}\``]
  return [`  - \`${key}\`:`, '    ```yaml', ...nestedLines(value).map((line) => `    ${line}`), '    ```']
}

/** The largest first; equal ones stay in order. */
export function largest<T>(items: readonly T[], by: (item: T) => number, count = Infinity): T[] {
  return items.toSorted((a, b) => by(b) - by(a)).slice(0, count)
}
