/** Describes a line: its leaves in pandas' order, each with path, name, kind and the place of its text. */
import type { LeafKind } from '../table/shape.ts'
import { kindBit } from './scanner.ts'

export type FoundLeaf = { readonly path: readonly string[]; readonly name: string; readonly kind: LeafKind; readonly start: number; readonly end: number }

export type Description = {
  readonly leaves: readonly FoundLeaf[]
  /** One leaf a name, empty dicts left out: of several with one name the last is the one that counts, at the first's place. */
  readonly values: readonly FoundLeaf[]
  /** Two leaves share a name, or a key is repeated. */
  readonly collides: boolean
  readonly depth: number
}

/**
 * @param text one line that the scanner, or `parseJson`, has found to be an object
 *
 * Order as pandas.json_normalize(sep="."): what is no dict at the top level, then what is in dicts, depth first. A repeated key keeps
 * its first place and its last value. Without recursion, for any depth.
 */
export function describe(text: string): Description {
  const root: Node = { start: 0, entries: new Map() }
  const open: (Node | null)[] = []
  let repeated = false
  let depth = 0
  let at = skipSpace(text, 0)
  let node: Node | null = null
  let key = ''
  for (;;) {
    // At a value: of `key` in `node`, or the record itself.
    if (text.charCodeAt(at) === 123) {
      const child: Node = open.length === 0 ? root : { start: at, entries: new Map() }
      if (node) node.entries.set(key, child)
      open.push(node)
      node = child
      depth = Math.max(depth, open.length)
      at = skipSpace(text, at + 1)
    } else {
      const end = valueEnd(text, at)
      node?.entries.set(key, { kind: kindAt(text, at, end), start: at, end })
      at = skipSpace(text, end)
    }
    while (text.charCodeAt(at) === 125) {
      node = open.pop() ?? null
      at = skipSpace(text, at + 1)
    }
    if (!node) break
    if (text.charCodeAt(at) === 44) at = skipSpace(text, at + 1)
    const keyEnd = stringEnd(text, at)
    key = decodeString(text, at, keyEnd)
    if (node.entries.has(key)) repeated = true
    at = skipSpace(text, skipSpace(text, keyEnd) + 1)
  }
  const leaves = flatten(root)
  const values = new Map<string, FoundLeaf>()
  let collides = repeated
  for (const leaf of leaves) {
    if (leaf.kind === 'dict') continue
    if (values.has(leaf.name)) collides = true
    values.set(leaf.name, leaf)
  }
  return { leaves, values: [...values.values()], collides, depth }
}

export function kindsOf(bits: number): LeafKind[] {
  return (Object.keys(kindBit) as LeafKind[]).filter((kind) => (bits & kindBit[kind]) !== 0)
}

type Value = { readonly kind: LeafKind; readonly start: number; readonly end: number }
type Node = { readonly start: number; readonly entries: Map<string, Node | Value> }

function flatten(root: Node): FoundLeaf[] {
  const leaves: FoundLeaf[] = []
  const nested: [string, Node][] = []
  for (const [key, entry] of root.entries) {
    if ('entries' in entry) nested.push([key, entry])
    else leaves.push({ path: [key], name: key, ...entry })
  }
  // Depth first in order, so the stack holds what comes later, reversed.
  const stack: { path: string[]; name: string; entry: Node | Value }[] = []
  const push = (items: { path: string[]; name: string; entry: Node | Value }[]): void => {
    for (let i = items.length - 1; i >= 0; i--) stack.push(items[i] as (typeof items)[number])
  }
  push(nested.map(([key, entry]) => ({ path: [key], name: key, entry })))
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { entry, name, path } = top
    if (!('entries' in entry)) leaves.push({ path, name, ...entry })
    else if (entry.entries.size === 0) leaves.push({ path, name, kind: 'dict', start: entry.start, end: entry.start })
    // A dict under the key "" adds nothing to the names of what is in it, as in pandas.
    else push([...entry.entries].map(([key, child]) => ({ path: [...path, key], name: name === '' ? key : `${name}.${key}`, entry: child })))
  }
  return leaves
}

function kindAt(text: string, start: number, end: number): LeafKind {
  const c = text.charCodeAt(start)
  if (c === 34) return 'text'
  if (c === 91) return 'list'
  if (c === 110) return 'null'
  if (c === 116 || c === 102) return 'boolean'
  const token = text.slice(start, end)
  if (!/^-?\d+$/.test(token) || token === '-0') return 'number'
  if (token.length < 16) return 'integer'
  const value = BigInt(token)
  if (value >= -(2n ** 53n) && value <= 2n ** 53n) return 'integer'
  return value >= -(2n ** 63n) && value < 2n ** 63n ? 'long' : 'wide'
}

function skipSpace(text: string, at: number): number {
  for (let c = text.charCodeAt(at); c === 32 || c === 9 || c === 13 || c === 10; ) c = text.charCodeAt(++at)
  return at
}

function stringEnd(text: string, at: number): number {
  for (let i = at + 1; ; i++) {
    const c = text.charCodeAt(i)
    if (c === 34) return i + 1
    if (c === 92) i++
    else if (Number.isNaN(c)) throw new Error('describe() was given text that is no JSON')
  }
}

/** Behind the scalar or the list at `at`. */
function valueEnd(text: string, at: number): number {
  const c = text.charCodeAt(at)
  if (c === 34) return stringEnd(text, at)
  if (c !== 91) {
    let i = at
    for (let d = c; d !== 44 && d !== 125 && d !== 93 && d !== 32 && d !== 9 && d !== 13 && d !== 10 && !Number.isNaN(d); ) d = text.charCodeAt(++i)
    return i
  }
  let depth = 0
  for (let i = at; ; ) {
    const d = text.charCodeAt(i)
    if (d === 34) i = stringEnd(text, i)
    else {
      if (d === 91 || d === 123) depth++
      else if (d === 93 || d === 125) depth--
      else if (Number.isNaN(d)) throw new Error('describe() was given text that is no JSON')
      i++
      if (depth === 0) return i
    }
  }
}

function decodeString(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1)
  return raw.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : raw
}
