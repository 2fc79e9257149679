/** A statement as the tree that DuckDB's parser makes of it, to be read, changed and turned into text again by DuckDB itself. */
import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'

export type TreeValue = null | boolean | number | string | TreeValue[] | Tree
export type Tree = { [key: string]: TreeValue }
export type Parsed = { readonly nodes: Tree[] } | { readonly mistake: string; readonly kind: string; /** Byte of the text. */ readonly position: number | null }

/** Marks what JSON numbers of JavaScript would not keep: −1 as an unsigned integer, 10.0, digits beyond a double's. */
const mark = `number-${randomUUID()}:`

/** @param text any text at all: nothing of it is run */
export async function parseStatements(connection: DuckDBConnection, text: string): Promise<Parsed> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql(?::VARCHAR)', [text])
  const answer = readTree(String(reader.getRows()[0]?.[0] ?? '{}'))
  if (answer['error'] !== true) return { nodes: listOf(answer['statements']).map((statement) => treeOf(statement)) }
  const position = Number(answer['position'] ?? NaN)
  return { mistake: String(answer['error_message'] ?? ''), kind: String(answer['error_type'] ?? ''), position: Number.isNaN(position) ? null : position }
}

/** The text that DuckDB writes for the tree of one statement. */
export async function statementText(connection: DuckDBConnection, statement: Tree): Promise<string> {
  const reader = await connection.runAndReadAll('SELECT json_deserialize_sql(?::JSON)', [writeTree({ error: false, statements: [statement] })])
  return String(reader.getRows()[0]?.[0] ?? '')
}

export function readTree(json: string): Tree {
  return treeOf(JSON.parse(json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token.startsWith('"') || /^\d{1,15}$/.test(token) ? token : `"${mark}${token}"`))) as TreeValue)
}

export function writeTree(tree: Tree): string {
  return JSON.stringify(tree).replaceAll(new RegExp(`"${mark}([^"]*)"`, 'g'), '$1')
}

/** The digits of a number as they stand in the tree. */
export function numberText(value: TreeValue | undefined): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.startsWith(mark) ? value.slice(mark.length) : null
}

export const isTree = (value: TreeValue | undefined): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
export const treeOf = (value: TreeValue | undefined): Tree => (isTree(value) ? value : {})
export const listOf = (value: TreeValue | undefined): TreeValue[] => (Array.isArray(value) ? value : [])
export const textOf = (value: TreeValue | undefined): string => (typeof value === 'string' ? value : '')

export function constantOf(text: string): Tree {
  return { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: text } }
}

export function integerOf(value: number): Tree {
  return { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', value: { type: { id: 'BIGINT', type_info: null }, is_null: false, value } }
}

export function callOf(name: string, ...children: Tree[]): Tree {
  const order = { type: 'ORDER_MODIFIER', orders: [] }
  return { class: 'FUNCTION', type: 'FUNCTION', alias: '', function_name: name, schema: '', children, filter: null, order_bys: order, distinct: false, is_operator: false, export_state: false, catalog: '' }
}
