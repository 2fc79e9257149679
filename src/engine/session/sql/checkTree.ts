/**
 * What a statement may be made of. Everything is refused that is not allowed by name: kinds of nodes, functions, tables. A statement is
 * checked as it was written, and once more as it is run, after our names have taken the place of its own.
 */
import { aggregateFunctions, scalarFunctions, tableFunctions } from './allowedFunctions.ts'
import { nearestNames, nearSentence } from './sqlMistake.ts'
import { isTree, listOf, numberText, textOf, type Tree, type TreeValue } from './statementTree.ts'

/** What is wrong, and the node that is. */
export class TreeMistake extends Error {
  constructor(
    readonly sentence: string,
    readonly node: Tree
  ) {
    super(sentence)
  }
}

const queryNodes: ReadonlySet<string> = new Set(['SELECT_NODE', 'SET_OPERATION_NODE', 'RECURSIVE_CTE_NODE'])
const tableNodes: ReadonlySet<string> = new Set(['BASE_TABLE', 'JOIN', 'SUBQUERY', 'TABLE_FUNCTION', 'EXPRESSION_LIST', 'EMPTY', 'SHOW_REF', 'PIVOT'])
const modifiers: ReadonlySet<string> = new Set(['ORDER_MODIFIER', 'LIMIT_MODIFIER', 'LIMIT_PERCENT_MODIFIER', 'DISTINCT_MODIFIER'])
const orders: ReadonlySet<string> = new Set(['ORDER_DEFAULT', 'ASCENDING', 'DESCENDING'])
const typeInfos = /^[A-Z_]+_TYPE_INFO$/
const classes: ReadonlySet<string> = new Set(['BETWEEN', 'CASE', 'CAST', 'COLLATE', 'COLUMN_REF', 'COMPARISON', 'CONJUNCTION', 'CONSTANT', 'FUNCTION', 'LAMBDA', 'OPERATOR', 'POSITIONAL_REFERENCE', 'STAR', 'SUBQUERY', 'WINDOW'])

/** The kind of query node, table or expression a tree is; null for parts of them. */
export function kindOf(node: Tree): 'query' | 'table' | 'expression' | null {
  if (typeof node['class'] === 'string') return 'expression'
  const type = textOf(node['type'])
  return queryNodes.has(type) ? 'query' : tableNodes.has(type) ? 'table' : null
}

/**
 * @param isTable whether a table of that name may be read where it stands
 * @throws TreeMistake
 */
export function checkTree(root: Tree, isTable: (node: Tree) => boolean): void {
  const waiting: { value: TreeValue; inFrom: boolean }[] = [{ value: root, inFrom: false }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { inFrom, value } = next
    if (Array.isArray(value)) for (const item of value) waiting.push({ value: item, inFrom: false })
    if (!isTree(value)) continue
    checkNode(value, inFrom, isTable)
    const isTableFunction = kindOf(value) === 'table' && value['type'] === 'TABLE_FUNCTION'
    for (const [key, child] of Object.entries(value)) waiting.push({ value: child, inFrom: isTableFunction && key === 'function' })
  }
}

function checkNode(node: Tree, inFrom: boolean, isTable: (node: Tree) => boolean): void {
  if ('class' in node) return checkExpression(node, inFrom)
  // A list of names and functions of a node of a kind that is not known cannot be trusted to be where we look.
  if ('function_name' in node) throw new TreeMistake('this cannot be called here', node)
  const { type } = node
  if (typeof type === 'string' && !queryNodes.has(type) && !tableNodes.has(type) && !modifiers.has(type) && !orders.has(type) && !typeInfos.test(type)) {
    throw new TreeMistake(`${type.toLowerCase().replaceAll('_', ' ')} is not to be had here`, node)
  }
  if ('table_name' in node || type === 'BASE_TABLE') checkTable(node, isTable)
  if (textOf(node['pivot_enum']) !== '' || isTree(node['subquery']) && 'pivot_expressions' in node) throw new TreeMistake('PIVOT needs the values it makes columns of: ON status IN (\'FINISHED\', \'ERROR\')', node)
}

function checkTable(node: Tree, isTable: (node: Tree) => boolean): void {
  if (node['type'] === 'SHOW_REF') {
    const shows = textOf(node['show_type'])
    if (!isTree(node['query']) || textOf(node['table_name']) !== '' || (shows !== 'DESCRIBE' && shows !== 'SUMMARY')) throw new TreeMistake('only a table or a SELECT can be described', node)
    return
  }
  if (node['type'] !== 'BASE_TABLE' || node['at_clause'] !== null) throw new TreeMistake('a table cannot be read as of a version', node)
  if (!isTable(node)) throw new TreeMistake(`there is no table ${textOf(node['table_name'])}`, node)
}

function checkExpression(node: Tree, inFrom: boolean): void {
  const kind = textOf(node['class'])
  if (kind === 'PARAMETER') throw new TreeMistake('a parameter has no value here: write the value itself', node)
  if (!classes.has(kind)) throw new TreeMistake(`${kind.toLowerCase().replaceAll('_', ' ')} is not to be had here`, node)
  if (kind === 'FUNCTION' || kind === 'WINDOW') checkFunction(node, inFrom)
  else if ('function_name' in node) throw new TreeMistake('this cannot be called here', node)
}

function checkFunction(node: Tree, inFrom: boolean): void {
  const written = textOf(node['function_name'])
  const name = written.toLowerCase()
  const schema = textOf(node['schema'])
  if (textOf(node['catalog']) !== '' || (schema !== '' && schema !== 'main')) {
    throw new TreeMistake(`functions are not called as methods of a column here: write ${written}(…)`, node)
  }
  const allowed = inFrom ? tableFunctions.has(name) : scalarFunctions.has(name) || aggregateFunctions.has(name)
  if (!allowed) {
    const near = nearestNames(name, inFrom ? tableFunctions : [...scalarFunctions, ...aggregateFunctions], 2).filter((one) => /^[a-z]/.test(one))
    throw new TreeMistake(`${written}() is ${inFrom ? 'not something to select from here' : 'not a function to be had here'}${nearSentence(near)}`, node)
  }
  if (!inFrom && (name === 'range' || name === 'generate_series')) checkRange(node, written)
}

/** A list of so many elements is made in one piece, outside of DuckDB's memory limit. In FROM it is a table, made bit by bit. */
function checkRange(node: Tree, written: string): void {
  const ends = listOf(node['children']).map(constantNumber)
  const [first = null, second = null, step = ends.length > 2 ? null : 1] = ends
  const from = ends.length > 1 ? first : 0
  const to = ends.length > 1 ? second : first
  const length = from === null || to === null || step === null ? NaN : Math.abs((to - from) / step)
  if (!(length <= 1_000_000)) throw new TreeMistake(`${written}() within an expression takes numbers, and makes at most 1,000,000 elements; select FROM ${written}(…) for more`, node)
}

function constantNumber(node: TreeValue): number | null {
  if (!isTree(node)) return null
  if (node['class'] === 'CAST') return constantNumber(node['child'] ?? null)
  if (node['class'] === 'FUNCTION' && node['function_name'] === '-') {
    const [only, other] = listOf(node['children'])
    const value = other === undefined ? constantNumber(only ?? null) : null
    return value === null ? null : -value
  }
  const { value } = node
  if (node['class'] !== 'CONSTANT' || !isTree(value)) return null
  const digits = numberText(value['value'])
  return digits === null ? null : Number(digits)
}
