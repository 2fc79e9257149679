/** Filters and scopes as SQL conditions over the row alias `r`. A condition that is NULL does not hold. */
import { type FilterNode, parseFilter } from '#contract/filter'
import type { Operand } from '#contract/filterOperand'
import type { Records, Scope } from '#contract/values'
import { PathSql } from './pathSql.ts'
import { compileSearch } from './searchSql.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { allOf, anyOf, never, noneOf, raw } from '../table/sql.ts'

/** Rows of that kind that the filter and the search leave. @throws Refusal for a filter that is none */
export function whereOf(table: SourceTable, records: Records, scope: Scope): Sql {
  const kind = raw(`(${table.recordsPredicate(records)})`)
  return allOf([kind, compileFilter(table, records, parseFilter(scope.filter)), compileSearch(table, records, scope.search)])
}

/** Mongo's meaning of a filter on the records as they were before they became rows. */
export function compileFilter(table: SourceTable, records: Records, node: FilterNode): Sql {
  const paths = new Map<string, PathSql>()
  const at = (path: string): PathSql => {
    const found = paths.get(path) ?? new PathSql(table, records, path)
    paths.set(path, found)
    return found
  }
  return compile(node, at)
}

/** The paths of the filter that lead nowhere in any record of this kind, in order. */
export function unknownPaths(table: SourceTable, records: Records, node: FilterNode): string[] {
  const paths = new Set<string>()
  visit(node, (path) => paths.add(path))
  return [...paths].filter((path) => !new PathSql(table, records, path).known)
}

function compile(node: FilterNode, at: (path: string) => PathSql): Sql {
  switch (node.op) {
    case 'and': {
      const { excluded, needed } = split(node.nodes)
      return allOf([...needed.map((inner) => compile(inner, at)), ...(excluded.length > 0 ? [noneOf(compile({ op: 'or', nodes: excluded }, at))] : [])])
    }
    case 'or':
      return anyOf(joinEqualities(node.nodes).map((inner) => compile(inner, at)))
    case 'not':
      return noneOf(compile(node.node, at))
    case 'exists':
      return at(node.path).exists()
    case 'eq':
      return oneOf(at(node.path), [node.value])
    case 'in':
      return oneOf(at(node.path), node.values)
    case 'regex':
      return at(node.path).passes({ kind: 'regex', pattern: node.pattern })
    default:
      if (node.value !== null) return at(node.path).passes({ kind: 'order', op: node.op, value: node.value })
      return node.op === 'gte' || node.op === 'lte' ? at(node.path).isExplicitNull() : never
  }
}

/** Neither of several is none of them: one condition, in which equalities can be joined. */
function split(nodes: readonly FilterNode[]): { needed: FilterNode[]; excluded: FilterNode[] } {
  const excluded = nodes.flatMap((node) => (node.op === 'not' ? [node.node] : []))
  return { needed: nodes.filter((node) => node.op !== 'not'), excluded }
}

/** Thousands of values of one field are one question to DuckDB, not thousands. */
function joinEqualities(nodes: readonly FilterNode[]): FilterNode[] {
  const values = new Map<string, Operand[]>()
  const others = nodes.filter((node) => {
    if (node.op !== 'eq' && node.op !== 'in') return true
    const known = values.get(node.path) ?? []
    values.set(node.path, known)
    if (node.op === 'eq') known.push(node.value)
    else for (const value of node.values) known.push(value)
    return false
  })
  return [...[...values].map(([path, found]) => ({ op: 'in', path, values: found }) as const), ...others]
}

function oneOf(path: PathSql, values: readonly Operand[]): Sql {
  const present = values.filter((value) => value !== null)
  return anyOf([
    present.length > 0 ? path.passes({ kind: 'equals', values: present }) : never,
    present.length < values.length ? path.isNull() : never
  ])
}

function visit(node: FilterNode, see: (path: string) => void): void {
  if ('path' in node) see(node.path)
  else if ('nodes' in node) for (const inner of node.nodes) visit(inner, see)
  else visit(node.node, see)
}
