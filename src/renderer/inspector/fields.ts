/** Reading fields of a record, whatever they hold. */
import type { JsonObject, JsonValue } from '#contract/json'

/** An own field; inherited names such as `constructor` are not fields. */
export const fieldOf = (object: JsonObject, key: string): JsonValue | undefined => (Object.hasOwn(object, key) ? object[key] : undefined)

export function textOf(object: JsonObject, key: string): string | null {
  const value = fieldOf(object, key)
  return typeof value === 'string' && value !== '' ? value : null
}

export function numberOf(object: JsonObject, key: string): number | null {
  const value = fieldOf(object, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** A number deep inside, by keys; null if any step is not there. */
export function numberAt(object: JsonObject, keys: readonly string[]): number | null {
  let value: JsonValue | undefined = object
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    value = fieldOf(value, key)
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
