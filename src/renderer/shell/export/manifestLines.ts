/** A manifest as a person reads it: a key and its value a line, nested keys dotted, long lists by their first members. */
import { isJsonObject, type JsonValue, parseJson, stringifyJson } from '#contract/json'

export type ManifestLine = { key: string; value: string }
const mostMembers = 6
/** Beyond this it is a hash. */
const longestFound = 20

/** Text that is no JSON object is shown as it is. */
export function manifestLines(text: string): ManifestLine[] {
  const value = parsed(text)
  return isJsonObject(value) ? linesOf(value, '') : [{ key: '', value: text }]
}

function parsed(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function linesOf(value: JsonValue, key: string): ManifestLine[] {
  // A filter reads best as it is written.
  if (isJsonObject(value) && !Object.keys(value).some((name) => name.startsWith('$'))) {
    const entries = Object.entries(value)
    return entries.length === 0 ? [{ key, value: 'none' }] : entries.flatMap(([name, inner]) => linesOf(inner, key === '' ? name : `${key}.${name}`))
  }
  if (!Array.isArray(value)) return [{ key, value: scalar(value) }]
  if (value.length === 0) return [{ key, value: 'none' }]
  const shown = value.slice(0, mostMembers).map(memberWords).join(', ')
  return [{ key, value: value.length > mostMembers ? `${value.length}: ${shown} and ${value.length - mostMembers} more` : shown }]
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
