/** The values of a dict field, one by one, each with its keys: what a task used, and what it generated. */
import { isJsonObject, type JsonObject, type JsonValue } from '#contract/json'

/** `name` is dotted, as the table's columns have it, and null for a field that is no dict. Of leaves that share a name the last is 0, as a table has it. */
export type FieldLeaf = { readonly name: string | null; readonly twin: number; readonly value: JsonValue }

/** Lists stay whole, empty dicts are values. A field that is no dict is one value without keys. */
export function fieldLeaves(value: JsonValue | undefined): FieldLeaf[] {
  if (value === undefined || (isJsonObject(value) && Object.keys(value).length === 0)) return []
  if (!isJsonObject(value)) return [{ name: null, twin: 0, value }]
  const found: { name: string; value: JsonValue }[] = []
  for (const waiting = entriesOf(value, ''); waiting.length > 0; ) {
    const one = waiting.pop() as { name: string; value: JsonValue }
    const inner = isJsonObject(one.value) ? entriesOf(one.value, `${one.name}.`) : []
    if (inner.length === 0) found.push(one)
    else waiting.push(...inner)
  }
  const seen = new Map<string, number>()
  const leaves = found.toReversed().map((one): FieldLeaf => {
    const twin = seen.get(one.name) ?? 0
    seen.set(one.name, twin + 1)
    return { ...one, twin }
  })
  return leaves.toReversed()
}

/** The last first, to be taken from the end. */
function entriesOf(dict: JsonObject, prefix: string): { name: string; value: JsonValue }[] {
  return Object.entries(dict)
    .map(([key, value]) => ({ name: `${prefix}${key}`, value }))
    .toReversed()
}
