/** The fields that DuckDB reads by itself, as a tree: a STRUCT type for its JSON reader, and what must not go into one. */
import type { Storage } from './sourceTable.ts'

type Field = { readonly children: Map<string, Field>; readonly lowerCase: Set<string>; column: number; isDict: boolean }

const maxChildren = 1000
const maxDepth = 40

export class FieldTree {
  private readonly root: Field = newField(true)

  /**
   * Makes room for a value at `path`, to be kept in `column` (−1 for an empty dict). False if a struct cannot hold it beside what it holds
   * already: a dict here and a value there, names that differ only by case, names that are no identifiers, too many or too deep ones.
   */
  admit(path: readonly string[], column: number): boolean {
    if (path.length > maxDepth) return false
    let field = this.root
    for (const [index, key] of path.entries()) {
      const isDict = column < 0 || index < path.length - 1
      let child = field.children.get(key)
      if (!child) {
        const lower = key.toLowerCase()
        if (field.lowerCase.has(lower) || field.children.size >= maxChildren || !isPlain(key)) return false
        child = newField(isDict)
        field.children.set(key, child)
        field.lowerCase.add(lower)
      }
      if (child.isDict !== isDict) return false
      if (!isDict) child.column = column
      field = child
    }
    return true
  }

  /**
   * The STRUCT type that reads `columns` (null if there is nothing to be read), and for each column the expressions that lead to it.
   * @param storageOf how a column stores its values; its reader reads them as such
   */
  plan(columns: ReadonlySet<number>, storageOf: (column: number) => Storage | null, from: string): { type: string | null; sources: Map<number, string[]> } {
    const sources = new Map<number, string[]>()
    const typeOf = (field: Field, expression: string): string | null => {
      const parts: string[] = []
      for (const [key, child] of field.children) {
        const name = quoteName(key)
        if (child.isDict) {
          const type = typeOf(child, `${expression}.${name}`)
          if (type !== null) parts.push(`${name} ${type}`)
          continue
        }
        const storage = storageOf(child.column)
        if (!columns.has(child.column) || storage === null) continue
        parts.push(`${name} ${storage}`)
        const value = `${expression}.${name}`
        const list = sources.get(child.column)
        if (list) list.push(value)
        else sources.set(child.column, [value])
      }
      return parts.length === 0 ? null : `STRUCT(${parts.join(', ')})`
    }
    return { type: typeOf(this.root, from), sources }
  }
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function newField(isDict: boolean): Field {
  return { children: new Map(), lowerCase: new Set(), column: -1, isDict }
}

function isPlain(key: string): boolean {
  return key !== '' && key.length <= 200 && !unusual.test(key)
}

/** Control characters and halves of surrogate pairs. */
const unusual = /[\p{Cc}\p{Cs}]/u
