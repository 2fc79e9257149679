/** Lines that DuckDB's own reader cannot keep exactly, flattened here: one key a column, and the value's own text. */
import { parseJson, stringifyJson } from '#contract/json'
import type { Description, FoundLeaf } from './describe.ts'
import { addKinds, exactTextBit, mostPhysicalColumns, type Shapes } from './shapes.ts'

const oddToken = /-0(?![.\d])|\\u[dD][89a-fA-F]/

/** What a line is flattened to; the keys written are noted in `used`. */
export type Flat = {
  /** `{"c12": value, "x13": "exact JSON text"}`: the second form for what DuckDB's reader would change (−0 without a point) or refuse (half a surrogate pair). */
  readonly fields: string
  /** The same for columns that the table has no room for, or null. */
  readonly more: string | null
}

export function flattenSlowly(text: string, description: Description, shapes: Shapes, merged: boolean, used: Set<string>): Flat {
  const fields: string[] = []
  const more: string[] = []
  for (const leaf of description.values) {
    if (leaf.kind === 'null') continue
    const column = shapes.column(leaf.name, !merged)
    const isMore = column.index >= mostPhysicalColumns
    const raw = text.slice(leaf.start, leaf.end)
    const exact = oddToken.test(raw) ? exactText(leaf, raw) : null
    const key = `${exact === null ? 'c' : 'x'}${column.index}`
    if (exact !== null && (isMore || leaf.kind === 'text')) addKinds(column, exactTextBit)
    const part = `"${key}":${exact === null ? (raw === '-0' ? '-0.0' : raw) : JSON.stringify(exact)}`
    if (isMore) more.push(part)
    else {
      fields.push(part)
      used.add(key)
    }
  }
  return { fields: `{${fields.join(',')}}`, more: more.length === 0 ? null : `{${more.join(',')}}` }
}

/** The text to be kept as it is, or null for a value that its raw form serves well. */
function exactText(leaf: FoundLeaf, raw: string): string | null {
  if (leaf.kind === 'number') return null
  const exact = stringifyJson(parseJson(raw))
  // A whole pair of surrogates in a text is nothing odd.
  return leaf.kind === 'text' && !/\\u[dD][89a-fA-F]/.test(exact) ? null : exact
}
