/** Filters as Python: conditions on a record, and, where that means just the same, masks of a DataFrame. */
import type { Comparison, FilterNode } from '#contract/filter'
import type { Operand } from '#contract/filterOperand'
import type { PythonPart } from './pythonParts.ts'
import { pythonRegex } from './pythonRegex.ts'
import { pythonList, pythonText, quoted } from './pythonText.ts'
import type { SnippetView } from './snippetView.ts'

/** What the condition calls has to be defined. */
export type PythonCondition = { readonly text: string; readonly parts: readonly PythonPart[] }

/** A condition on a record, exact for whatever it holds. @param record name of the variable */
export function pythonCondition(node: FilterNode, record: string): PythonCondition {
  const parts = new Set<PythonPart>()
  return { text: written(node, { record, use: (part) => void parts.add(part) }), parts: [...parts] }
}

type Context = { readonly record: string; readonly use: (part: PythonPart) => void }
const operators: Readonly<Record<Comparison, string>> = { gt: 'operator.gt', gte: 'operator.ge', lt: 'operator.lt', lte: 'operator.le' }

function written(node: FilterNode, context: Context): string {
  const { record, use } = context
  const path = 'path' in node ? quoted(node.path) : ''
  switch (node.op) {
    case 'and':
    case 'or': {
      if (node.nodes.length === 0) return node.op === 'and' ? 'True' : 'False'
      const texts = node.nodes.map((inner) => written(inner, context))
      return texts.length === 1 ? (texts[0] as string) : `(${texts.join(node.op === 'and' ? ' and ' : ' or ')})`
    }
    case 'not':
      return `not ${written(node.node, context)}`
    case 'exists':
      use('at')
      return `bool(at(${record}, ${path}.split(".")))`
    case 'regex':
      use('fits')
      return `fits(${record}, ${path}, ${pythonPattern(node.pattern)})`
    case 'eq':
      return oneOf(path, [node.value], context)
    case 'in':
      return oneOf(path, node.values, context)
    default:
      if (node.value !== null) {
        use('compares')
        return `compares(${record}, ${path}, ${operators[node.op]}, ${pythonText(node.value)})`
      }
      if (node.op === 'gt' || node.op === 'lt') return 'False'
      use('values')
      return `(None in values(${record}, ${path}))`
  }
}

function oneOf(path: string, values: readonly Operand[], { record, use }: Context): string {
  const present = values.filter((value) => value !== null)
  const texts: string[] = []
  if (present.length > 0) {
    use('equals')
    texts.push(`equals(${record}, ${path}, ${present.length > 3 ? `*${pythonList(present)}` : present.map(pythonText).join(', ')})`)
  }
  if (present.length < values.length) {
    use('is_null')
    texts.push(`is_null(${record}, ${path})`)
  }
  if (texts.length === 0) return 'False'
  return texts.length === 1 ? (texts[0] as string) : `(${texts.join(' or ')})`
}

/** As a raw string where that can be. */
export function pythonPattern(pattern: string): string {
  const text = pythonRegex(pattern)
  return text.includes('"') || text.endsWith('\\') || /[\n\r]/.test(text) ? quoted(text) : `r"${text}"`
}

/** A mask of the DataFrame `df`; null where pandas' own comparison would not mean just the same. */
export function pandasMask(node: FilterNode, view: SnippetView): string | null {
  switch (node.op) {
    case 'and':
    case 'or': {
      const masks = node.nodes.map((inner) => pandasMask(inner, view))
      if (masks.length === 0 || masks.includes(null)) return null
      return masks.length === 1 ? (masks[0] as string) : `(${masks.join(node.op === 'and' ? ' & ' : ' | ')})`
    }
    case 'not': {
      const mask = pandasMask(node.node, view)
      return mask === null ? null : `~${mask}`
    }
    case 'exists':
      return null
  }
  const kind = kindOfColumn(node.path, view)
  if (kind === null) return null
  const column = `df[${quoted(node.path)}]`
  switch (node.op) {
    case 'regex':
      return kind === 'text' ? `${column}.str.contains(${pythonPattern(node.pattern)}, na=False)` : null
    case 'eq':
      if (node.value === null) return `${column}.isna()`
      return kindOfValue(node.value) === kind ? `(${column} == ${pythonText(node.value)})` : null
    case 'in':
      return node.values.length > 0 && node.values.every((value) => kindOfValue(value) === kind) ? `${column}.isin(${pythonList(node.values)})` : null
    default:
      return kindOfValue(node.value) === kind && kind !== 'boolean' ? `(${column} ${signs[node.op]} ${pythonText(node.value)})` : null
  }
}

const signs: Readonly<Record<Comparison, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' }

function kindOfColumn(path: string, { facts, records, table }: SnippetView): 'text' | 'number' | 'boolean' | null {
  const column = table.column(records, path)
  if (!column || column.filled === 0) return null
  const keys = path.split('.')
  // Where there may be a list or a dict, a column is not all that the path leads to.
  if (keys.slice(0, -1).some((_, at) => table.column(records, keys.slice(0, at + 1).join('.')))) return null
  if (table.columns(records).some(({ name }) => name.startsWith(`${path}.`))) return null
  const { nan, wide } = facts(path)
  if (nan || wide) return null
  return column.storage === 'VARCHAR' ? 'text' : column.storage === 'BOOLEAN' ? 'boolean' : column.storage === 'JSON' ? null : 'number'
}

function kindOfValue(value: Operand): 'text' | 'number' | 'boolean' | null {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' && !Number.isNaN(value) ? 'number' : null
}
