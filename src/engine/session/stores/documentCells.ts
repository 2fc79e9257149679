/** A document's fields as a table shows them: dotted names as json_normalize(sep=".") has them, values as cells. */
import { isJsonObject, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { Cell } from '#contract/values'
import { cellOf, integerCell, numberCell } from '../table/cells.ts'

/** What is no dict at the top level first, then what is in dicts, depth first; of equal names the later counts, at the first's place. Empty dicts vanish. */
export function flattenDocument(document: JsonObject): Map<string, JsonValue> {
  const fields = new Map<string, JsonValue>()
  const entries = Object.entries(document)
  for (const [key, value] of entries) if (!isJsonObject(value)) fields.set(key, value)
  const stack = entries.filter(([, value]) => isJsonObject(value)).toReversed()
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [name, value] = top
    if (!isJsonObject(value)) fields.set(name, value)
    // A dict under the key "" adds nothing to the names of what is in it, as in pandas.
    else for (const [key, inner] of Object.entries(value).toReversed()) stack.push([name === '' ? key : `${name}.${key}`, inner])
  }
  return fields
}

/** @param cellLength longer texts and lists are cut to so many UTF-16 units; 0 = never */
export function valueCell(value: JsonValue | undefined, cellLength = 0): Cell {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? null
  if (typeof value === 'number') return numberCell(value)
  if (typeof value === 'bigint') return integerCell(value)
  return typeof value === 'string' ? cellOf(value, 'VARCHAR', cellLength) : cellOf(stringifyJson(value), 'JSON', cellLength)
}
