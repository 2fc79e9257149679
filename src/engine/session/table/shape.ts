/** What a line looks like: its leaves in order. Interned, so that a row carries one small number. */

/**
 * `integer` |v| ≤ 2^53 · `long` a larger one that fits 64 signed bits · `wide` beyond that · `number` anything with a point,
 * an exponent, NaN or an infinity · `list` any array · `dict` an empty dict (a dict with keys is no leaf).
 */
export type LeafKind = 'null' | 'boolean' | 'integer' | 'long' | 'wide' | 'number' | 'text' | 'list' | 'dict'

export type Leaf = {
  /** The keys from the record down to the leaf. */
  readonly path: readonly string[]
  /** Dotted name as json_normalize(sep=".") has it. Two paths may share one: `{"a.b":1}` and `{"a":{"b":1}}`. */
  readonly name: string
  /** `dict` is part of a shape; any other kind is that of the first line that had this leaf, and others may differ: ask the value. */
  readonly kind: LeafKind
  /** Index of its column (`NamedColumn.physical`); −1 for empty dicts, which have none. */
  readonly column: number
}

export type Shape = { readonly id: number; readonly leaves: readonly Leaf[] }
