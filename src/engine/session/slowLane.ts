/** Lines that DuckDB's own reader cannot keep exactly, flattened here: one key a column, and the value's own text. */
import { parseJson, stringifyJson } from '#contract/json'
import type { Description, FoundLeaf } from './describe.ts'
import { exactTextBit, type ColumnState, type Shapes } from './shapes.ts'

const oddToken = /-0(?![.\d])|\\u[dD][89a-fA-F]/

/**
 * The flattened line as JSON: `{"c12": value, "x13": "exact JSON text"}`. The second form is for values that DuckDB's reader would
 * change (−0 without a point) or refuse (half a surrogate pair).
 */
export function flattenSlowly(text: string, description: Description, shapes: Shapes, merged: boolean, used: Set<string>): string {
  const parts: string[] = []
  for (const leaf of description.values) {
    const column = leaf.kind === 'null' ? undefined : shapes.column(leaf.name, !merged)
    if (!column) continue
    const raw = text.slice(leaf.start, leaf.end)
    const key = oddToken.test(raw) ? oddPart(column, leaf, raw, parts) : plainPart(column, raw, parts)
    used.add(key)
  }
  return `{${parts.join(',')}}`
}

function plainPart(column: ColumnState, raw: string, parts: string[]): string {
  const key = `c${column.index}`
  parts.push(`"${key}":${raw}`)
  return key
}

function oddPart(column: ColumnState, leaf: FoundLeaf, raw: string, parts: string[]): string {
  if (leaf.kind === 'number') return plainPart(column, raw === '-0' ? '-0.0' : raw, parts)
  const exact = stringifyJson(parseJson(raw))
  // A whole pair of surrogates in a text is nothing odd.
  if (leaf.kind === 'text' && !/\\u[dD][89a-fA-F]/.test(exact)) return plainPart(column, raw, parts)
  if (leaf.kind === 'text') column.kinds |= exactTextBit
  const key = `x${column.index}`
  parts.push(`"${key}":${JSON.stringify(exact)}`)
  return key
}
