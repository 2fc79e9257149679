/** A manifest as a person reads it: a key and its value a line, keys of keys below them, long lists by their first members. */
import { isJsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'

/** `depth`: how many keys it stands below; one that others stand below has no value of its own. */
export type ManifestLine = { key: string; value: string; depth: number }
const mostMembers = 6
/** Beyond this it is a hash. */
const longestFound = 20

/** Text that is no JSON object is shown as it is. */
export function manifestLines(text: string): ManifestLine[] {
  const value = parsed(text)
  return isJsonObject(value) ? Object.entries(value).flatMap(([name, inner]) => linesOf(inner, name, 0)) : [{ key: '', value: text, depth: 0 }]
}

/** A hash by its ends. */
export const shortened = (value: string): string => (/^[0-9a-f]{40,}$/.test(value) ? `${value.slice(0, 8)}…${value.slice(-4)}` : value)

function parsed(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function linesOf(value: JsonValue, key: string, depth: number): ManifestLine[] {
  // A filter reads best as it is written.
  if (isJsonObject(value) && !Object.keys(value).some((name) => name.startsWith('$'))) {
    const entries = Object.entries(value)
    return entries.length === 0 ? [{ key, value: 'none', depth }] : [{ key, value: '', depth }, ...entries.flatMap(([name, inner]) => linesOf(inner, name, depth + 1))]
  }
  if (!Array.isArray(value)) return [{ key, value: scalar(value), depth }]
  if (value.length === 0) return [{ key, value: 'none', depth }]
  const shown = value.slice(0, mostMembers).map(memberWords).join(', ')
  return [{ key, value: value.length > mostMembers ? `${value.length}: ${shown} and ${value.length - mostMembers} more` : shown, depth }]
}

/** A member that has a name is called by it; one that was compared says what was found. */
function memberWords(member: JsonValue): string {
  if (!isJsonObject(member)) return scalar(member)
  const { name, what, found, ok } = member
  if (typeof name === 'string') return name
  if (typeof what !== 'string' || typeof found !== 'string') return scalar(member)
  return `${what} ${ok === false ? 'differ' : found.length > longestFound ? 'equal' : found}`
}

const scalar = (value: JsonValue): string => (value === null || value === '' ? 'none' : typeof value === 'string' ? value : stringifyJson(value))
