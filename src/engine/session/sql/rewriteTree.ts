/**
 * Puts our names into a statement: its tables become views of the source, `used.lr` and `t.used.lr` the one column that has that name,
 * and its WITH names names that no catalogue has. What is visible where follows SQL: an alias hides a prefix of the same name.
 */
import { sqlTables, type SqlTable } from '#contract/sql'
import { lengthArguments, longestMade } from './allowedFunctions.ts'
import { kindOf, TreeMistake } from './checkTree.ts'
import { nearestNames, nearSentence } from './sqlMistake.ts'
import { type Columns, viewPlace } from './sqlTables.ts'
import { callOf, constantOf, integerOf, isTree, listOf, textOf, type Tree, type TreeValue, treeOf } from './statementTree.ts'

/** What a FROM offers; `table` where it is one of ours, so that its columns are known. */
type Visible = { readonly alias: string; readonly table: SqlTable | null }
type Scope = { readonly outer: Scope | null; readonly visible: readonly Visible[]; /** WITH names in lower case, and what they are called now. */ readonly withs: ReadonlyMap<string, string> }

export class TreeRewriting {
  /** Of ours, those that it reads. */
  readonly tables = new Set<SqlTable>()
  /** What WITH names are called now. */
  readonly withNames = new Set<string>()
  private readonly dotted: ReadonlySet<string>

  constructor(private readonly columns: Columns) {
    this.dotted = new Set(sqlTables.flatMap((table) => [...columns[table].byName.keys()].filter((name) => name.includes('.'))))
  }

  /** Changes the tree in place. @throws TreeMistake */
  statement(statement: Tree): void {
    this.visit(statement, { outer: null, visible: [], withs: new Map() })
  }

  private visit(value: TreeValue | undefined, scope: Scope): void {
    if (Array.isArray(value)) for (const item of value) this.visit(item, scope)
    if (!isTree(value)) return
    const kind = kindOf(value)
    if (kind === 'query') this.query(value, scope)
    else if (kind === 'table') this.table(value, scope)
    else if (kind === 'expression') this.expression(value, scope)
    else this.parts(value, scope)
  }

  private parts(node: Tree, scope: Scope, except: readonly string[] = []): void {
    for (const [key, child] of Object.entries(node)) if (!except.includes(key)) this.visit(child, scope)
  }

  private query(node: Tree, outer: Scope): void {
    const withs = new Map(outer.withs)
    for (const entry of listOf(treeOf(node['cte_map'])['map'])) this.with(treeOf(entry), outer, withs)
    const scope = { outer, visible: visibleIn(node['from_table'], withs), withs }
    // What is selected from comes first: mistakes in what is selected are told with the tables it is selected from.
    this.visit(node['from_table'], scope)
    this.parts(node, scope, ['cte_map', 'from_table'])
  }

  /** It sees those before it, and itself if it is recursive. */
  private with(entry: Tree, outer: Scope, withs: Map<string, string>): void {
    const name = textOf(entry['key']).toLowerCase()
    const renamed = `with ${this.withNames.size + 1}`
    this.withNames.add(renamed)
    const body = treeOf(treeOf(treeOf(entry['value'])['query'])['node'])
    const isRecursive = body['type'] === 'RECURSIVE_CTE_NODE'
    this.visit(body, { outer, visible: [], withs: isRecursive ? new Map(withs).set(name, renamed) : new Map(withs) })
    if (isRecursive) body['cte_name'] = renamed
    entry['key'] = renamed
    withs.set(name, renamed)
  }

  private table(node: Tree, scope: Scope): void {
    if (node['type'] !== 'BASE_TABLE') return this.parts(node, scope)
    const written = textOf(node['table_name'])
    const name = written.toLowerCase()
    if (textOf(node['schema_name']) !== '' || textOf(node['catalog_name']) !== '') {
      throw new TreeMistake(`there are no schemas here: write one of ${sqlTables.join(', ')}`, node)
    }
    const renamed = scope.withs.get(name)
    const own = sqlTables.find((table) => table === name)
    if (renamed === undefined && own === undefined) {
      const isFile = /[./\\:*]/.test(written)
      throw new TreeMistake(isFile ? 'files cannot be read here: only the tables of the open source' : `there is no table ${written}${nearSentence(nearestNames(written, sqlTables, 2)) || `; there are ${sqlTables.join(', ')}`}`, node)
    }
    if (textOf(node['alias']) === '') node['alias'] = written
    if (renamed !== undefined) node['table_name'] = renamed
    else if (own !== undefined) {
      this.tables.add(own)
      Object.assign(node, { table_name: own, catalog_name: viewPlace.catalog, schema_name: viewPlace.schema })
    }
  }

  private expression(node: Tree, scope: Scope): void {
    if (node['class'] === 'COLUMN_REF') this.column(node, scope)
    else if (node['class'] === 'STAR') this.star(node, scope)
    this.parts(node, scope)
    if (node['class'] === 'FUNCTION') guardLength(node)
  }

  private column(node: Tree, scope: Scope): void {
    const parts = listOf(node['column_names']).map(textOf)
    if (parts.length < 2) return
    const [first = '', ...rest] = parts
    const source = find(scope, first)
    if (source) {
      const known = source.table === null ? this.dotted : this.columns[source.table].byName
      const found = longest(rest, known)
      if (found) return void (node['column_names'] = [first, ...found])
      if (source.table === null) return
    }
    const found = longest(parts, this.namesIn(scope))
    if (found) node['column_names'] = found
    else if (areAllOurs(scope)) throw new TreeMistake(this.noColumn(source ? rest.join('.') : parts.join('.'), source?.table ?? null), node)
  }

  /** Dotted names that may be meant where it stands: of our tables in sight, or of any if something else may hand them on. */
  private namesIn(scope: Scope): { has(name: string): boolean } {
    if (!areAllOurs(scope)) return this.dotted
    const tables = allVisible(scope).flatMap(({ table }) => (table === null ? [] : [this.columns[table].byName]))
    return { has: (name) => tables.some((names) => names.has(name)) }
  }

  noColumn(name: string, table: SqlTable | null): string {
    const tables = table === null ? [...this.tables] : [table]
    const near = nearestNames(name, new Set(tables.flatMap((one) => this.columns[one].list.map((column) => column.name))))
    return `${tables.length === 1 ? `${tables[0]} has` : 'there is'} no column ${name}${nearSentence(near)}`
  }

  /** `used.*` are the columns under that prefix, if no table is called so; dotted names may be left out. */
  private star(node: Tree, scope: Scope): void {
    const left = listOf(node['qualified_exclude_list']).map(treeOf)
    for (const name of left) {
      const parts = ['catalog', 'schema', 'table', 'column'].map((key) => textOf(name[key])).filter((part) => part !== '')
      if (parts.length > 1 && !find(scope, parts[0] as string)) Object.assign(name, { catalog: '', schema: '', table: '', column: parts.join('.') })
    }
    const prefix = textOf(node['relation_name'])
    if (prefix === '' || find(scope, prefix) || node['columns'] === true) return
    const within = `${prefix.toLowerCase()}.`
    if (![...this.dotted].some((name) => name.startsWith(within))) return
    Object.assign(node, { relation_name: '', columns: true, expr: constantOf(`(?i)^${prefix.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)}\\.`) })
  }
}

/** As much of the parts as is a column, then what is read within it. */
function longest(parts: readonly string[], names: { has(name: string): boolean }): string[] | null {
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('.')
    if (names.has(name.toLowerCase())) return [name, ...parts.slice(length)]
  }
  return null
}

function visibleIn(from: TreeValue | undefined, withs: ReadonlyMap<string, string>): Visible[] {
  if (!isTree(from)) return []
  if (from['type'] === 'JOIN') return [...visibleIn(from['left'], withs), ...visibleIn(from['right'], withs)]
  if (from['type'] === 'EMPTY') return []
  const name = textOf(from['table_name']).toLowerCase()
  const table = from['type'] === 'BASE_TABLE' && !withs.has(name) ? (sqlTables.find((one) => one === name) ?? null) : null
  const renamed = listOf(from['column_name_alias']).length > 0
  return [{ alias: textOf(from['alias']) || name || textOf(treeOf(from['function'])['function_name']), table: renamed ? null : table }]
}

function find(scope: Scope | null, alias: string): Visible | undefined {
  if (scope === null) return undefined
  return scope.visible.find((one) => one.alias.toLowerCase() === alias.toLowerCase()) ?? find(scope.outer, alias)
}

function allVisible(scope: Scope | null): Visible[] {
  return scope === null ? [] : [...scope.visible, ...allVisible(scope.outer)]
}

function areAllOurs(scope: Scope): boolean {
  const all = allVisible(scope)
  return all.length > 0 && all.every(({ table }) => table !== null)
}

/** A length that is too much is an error of the statement, not of the process. */
function guardLength(node: Tree): void {
  const at = lengthArguments.get(textOf(node['function_name']).toLowerCase())
  const children = listOf(node['children'])
  const length = at === undefined ? undefined : children[at]
  if (at === undefined || !isTree(length)) return
  const copy = structuredClone(length)
  const isTooMuch = { class: 'COMPARISON', type: 'COMPARE_GREATERTHAN', alias: '', left: copy, right: integerOf(longestMade) }
  const refusal = callOf('error', constantOf(`${textOf(node['function_name'])}() makes at most ${longestMade.toLocaleString('en-US')} here.`))
  children[at] = { class: 'CASE', type: 'CASE_EXPR', alias: '', case_checks: [{ when_expr: isTooMuch, then_expr: refusal }], else_expr: length }
}
