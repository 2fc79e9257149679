/** From what somebody wrote to what is run: parsed, checked, its names replaced, written out by DuckDB, parsed and checked once more. */
import { StatementType, type DuckDBConnection } from '@duckdb/node-api'
import { sqlTables, type SqlResultColumn, type SqlTable } from '#contract/sql'
import { checkTree, kindOf, TreeMistake } from './checkTree.ts'
import { TreeRewriting } from './rewriteTree.ts'
import { statementError } from './sqlErrors.ts'
import { offsetOfByte, sqlMistake } from './sqlMistake.ts'
import { type Columns, viewPlace } from './sqlTables.ts'
import { isTree, numberText, parseStatements, statementText, textOf, type Tree, type TreeValue, treeOf } from './statementTree.ts'

export type Plan = {
  /** One SELECT, of nothing but views of `viewPlace` and what it says itself. */
  readonly sql: string
  readonly tables: readonly SqlTable[]
  /** The refusal that an error of DuckDB becomes; `prefix` is what stood before `sql` in what was run. */
  readonly refusalOf: (error: unknown, prefix?: string) => Error
}

/** @throws Refusal with the place of the mistake */
export async function planStatement(connection: DuckDBConnection, text: string, columns: Columns): Promise<Plan> {
  const statement = await onlyStatement(connection, text)
  const rewriting = new TreeRewriting(columns)
  try {
    checkTree(statement, () => true)
    rewriting.statement(statement)
  } catch (error) {
    if (!(error instanceof TreeMistake)) throw error
    throw sqlMistake(text, placeIn(text, error.node), `${error.sentence}.`)
  }
  const sql = await wholeSelect(connection, await statementText(connection, statement))
  const parsed = await parseStatements(connection, sql)
  const again = 'nodes' in parsed && parsed.nodes.length === 1 ? (parsed.nodes[0] as Tree) : null
  // What DuckDB writes is what it reads; were it ever not, nothing is run.
  if (again === null) throw sqlMistake(text, null, 'This statement cannot be written out; nothing was run.')
  try {
    checkTree(again, (node) => isOurs(node, rewriting))
  } catch (error) {
    if (!(error instanceof TreeMistake)) throw error
    throw sqlMistake(text, null, `This statement becomes another one when it is written out; nothing was run. ${error.sentence}.`)
  }
  const places = pairPlaces(treeOf(again), statement)
  const placeOf = (byte: number): number | null => {
    const written = places.get(byte) ?? [...places].filter(([at]) => at <= byte).toSorted(([a], [b]) => b - a)[0]?.[1]
    return written === undefined ? null : offsetOfByte(text, written)
  }
  return { sql, tables: [...rewriting.tables], refusalOf: (error, prefix = '') => statementError(error, { text, skipBytes: Buffer.byteLength(prefix), placeOf, noColumn: (name) => rewriting.noColumn(name, null), sql }) }
}

/** What the statement gives. @throws Refusal for what cannot be bound; Error for anything but a SELECT */
export async function columnsOfPlan(connection: DuckDBConnection, plan: Plan): Promise<SqlResultColumn[]> {
  const prepared = await connection.prepare(plan.sql).catch((error: unknown) => {
    throw plan.refusalOf(error)
  })
  try {
    if (prepared.statementType !== StatementType.SELECT) throw new Error('Only a SELECT is run.')
    return Array.from({ length: prepared.columnCount }, (_, at) => ({ name: prepared.columnName(at), type: typeName(prepared.columnType(at)) }))
  } finally {
    prepared.destroySync()
  }
}

function typeName(type: { alias?: string | undefined; toString(): string }): string {
  return type.alias === 'JSON' ? 'JSON' : type.toString()
}

async function onlyStatement(connection: DuckDBConnection, text: string): Promise<Tree> {
  const parsed = await parseStatements(connection, text)
  if ('mistake' in parsed) {
    if (parsed.kind === 'not implemented') throw sqlMistake(text, firstWord(text), 'Only SELECT can be run here: the source is read, never changed.')
    throw sqlMistake(text, parsed.position === null ? null : offsetOfByte(text, parsed.position), `${parsed.mistake}.`)
  }
  const [first, second] = parsed.nodes
  if (first === undefined) throw sqlMistake(text, null, 'There is no statement yet.')
  if (second !== undefined) throw sqlMistake(text, earliestPlace(text, second), 'One statement at a time: this is a second one.')
  return first
}

/** DESCRIBE and SUMMARIZE are statements by themselves, and tables within brackets. */
async function wholeSelect(connection: DuckDBConnection, sql: string): Promise<string> {
  const text = sql.trim().replace(/;$/, '')
  if (!/^(DESCRIBE|SUMMARIZE)\b/i.test(text)) return text
  const within = `SELECT * FROM (${text})`
  const parsed = await parseStatements(connection, within)
  return 'nodes' in parsed && parsed.nodes.length === 1 ? within : text
}

function isOurs(node: Tree, { withNames }: TreeRewriting): boolean {
  const name = textOf(node['table_name'])
  const [catalog, schema] = [textOf(node['catalog_name']), textOf(node['schema_name'])]
  if (catalog === '' && schema === '') return withNames.has(name)
  return catalog === viewPlace.catalog && schema === viewPlace.schema && sqlTables.some((table) => table === name)
}

/** Bytes of what was written by bytes of what is run, for nodes that both have in the same place. */
function pairPlaces(run: Tree, written: Tree): Map<number, number> {
  const pairs = new Map<number, number>()
  const visit = (a: TreeValue | undefined, b: TreeValue | undefined): void => {
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length === b.length) for (const [at, item] of a.entries()) visit(item, b[at])
    } else if (isTree(a) && isTree(b) && kindOf(a) === kindOf(b)) {
      const [from, to] = [byteOf(a), byteOf(b)]
      if (from !== null && to !== null && !pairs.has(from)) pairs.set(from, to)
      for (const [key, child] of Object.entries(a)) visit(child, b[key])
    }
  }
  visit(run, written)
  return pairs
}

/** Null for what DuckDB gives no place. */
function byteOf(node: Tree): number | null {
  const digits = numberText(node['query_location'])
  const byte = digits === null ? NaN : Number(digits)
  return Number.isSafeInteger(byte) ? byte : null
}

function placeIn(text: string, node: Tree): number | null {
  const byte = byteOf(node)
  return byte === null ? earliestPlace(text, node) : offsetOfByte(text, byte)
}

function earliestPlace(text: string, node: Tree): number | null {
  let earliest: number | null = null
  const visit = (value: TreeValue): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    if (!isTree(value)) return
    const byte = byteOf(value)
    if (byte !== null) earliest = Math.min(earliest ?? byte, byte)
    for (const child of Object.values(value)) visit(child)
  }
  visit(node)
  return earliest === null ? null : offsetOfByte(text, earliest)
}

/** After spaces and comments. */
function firstWord(text: string): number {
  return /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0
}
