/**
 * The rows of a table in order, kept in DuckDB as their lines with their place, so that any page of any order is a look-up.
 * Sorting a million lines takes about 0.1 s, a page of a kept order a few milliseconds.
 */
import { Refusal } from '#contract/reply'
import type { Records, Scope, Sort } from '#contract/values'
import { rowsIn } from '../table/rowsIn.ts'
import { sortSql } from './sortSql.ts'
import type { SourceTable } from '../table/sourceTable.ts'

export type OrderedView = { readonly records: Records; readonly scope: Scope; readonly sort: Sort }
/** A table `(i BIGINT, line BIGINT)`, `i` counting from 0. */
export type RowOrder = { readonly table: string; readonly total: number }

type Kept = { readonly name: string; readonly total: Promise<number>; readonly building: AbortController; isBuilt: boolean; users: number; isForgotten: boolean }
type Orders = { readonly revision: number; readonly kept: Map<string, Kept> }

const keptOrders = 8
const sources = new WeakMap<SourceTable, Orders>()
let named = 0

/** Whether this order need not be built first. */
export function isOrderKept(table: SourceTable, view: OrderedView): boolean {
  const orders = sources.get(table)
  return orders?.revision === table.revision && orders.kept.get(keyOf(view))?.isBuilt === true
}

/**
 * Hands the order to `use`, building it if need be; it stays for as long as `use` runs, whatever happens to the source
 * meanwhile. Callers that want the same order share one build, which stops when the last of them has gone.
 */
export async function withRowOrder<T>(table: SourceTable, view: OrderedView, signal: AbortSignal, use: (order: RowOrder) => Promise<T>): Promise<T> {
  if (signal.aborted) throw cancelled()
  const { kept } = ordersOf(table)
  const key = keyOf(view)
  const order = kept.get(key) ?? startBuild(table, view)
  order.users += 1
  kept.delete(key)
  kept.set(key, order)
  for (const oldest of [...kept.keys()].slice(0, -keptOrders)) forget(table, kept, oldest)
  try {
    return await use({ table: order.name, total: await unlessAborted(order.total, signal) })
  } finally {
    order.users -= 1
    if (order.users === 0 && !order.isBuilt) {
      order.building.abort()
      if (kept.get(key) === order) kept.delete(key)
      order.isForgotten = true
    }
    if (order.users === 0 && order.isForgotten) void drop(table, order)
  }
}

/** Builds an order that is likely to be asked for next, beside everything else. */
export function prepareRowOrder(table: SourceTable, view: OrderedView): void {
  // Whoever asks for it is told what went wrong.
  withRowOrder(table, view, new AbortController().signal, async () => undefined).catch(() => undefined)
}

function keyOf({ records, scope, sort }: OrderedView): string {
  return JSON.stringify([records, scope.filter, scope.search, sort])
}

function ordersOf(table: SourceTable): Orders {
  const orders = sources.get(table)
  if (orders?.revision === table.revision) return orders
  if (orders) for (const key of orders.kept.keys()) forget(table, orders.kept, key)
  const fresh = { revision: table.revision, kept: new Map<string, Kept>() }
  sources.set(table, fresh)
  return fresh
}

function startBuild(table: SourceTable, view: OrderedView): Kept {
  named += 1
  const name = table.rows.replace(/("(?:[^"]|"")*"|[^".]+)$/, `"order_${named}"`)
  const building = new AbortController()
  const rows = rowsIn(table, view.records, view.scope)
  const sorted = `SELECT r.line AS line ${rows.text} ORDER BY ${sortSql(table, view.records, view.sort)}`
  const order: Kept = { name, total: build(), building, isBuilt: false, users: 0, isForgotten: false }
  // Whoever waits for it is told; this is for when nobody does any more.
  order.total.catch(() => undefined)
  return order

  async function build(): Promise<number> {
    await table.query({ text: `CREATE TABLE ${name} AS SELECT (row_number() OVER ()) - 1 AS i, line FROM (${sorted})`, values: rows.values }, building.signal)
    const [counted] = await table.query({ text: `SELECT count(*) FROM ${name}`, values: [] }, building.signal)
    order.isBuilt = true
    return Number(counted?.[0] ?? 0)
  }
}

function forget(table: SourceTable, kept: Map<string, Kept>, key: string): void {
  const order = kept.get(key)
  kept.delete(key)
  if (!order) return
  order.isForgotten = true
  if (order.users === 0) void drop(table, order)
}

async function drop(table: SourceTable, { name, total }: Kept): Promise<void> {
  await total.catch(() => undefined)
  // Fails when the source has been closed, which took the table along.
  await table.query({ text: `DROP TABLE IF EXISTS ${name}`, values: [] }).catch(() => undefined)
}

function cancelled(): Refusal {
  return new Refusal('cancelled', 'The query was cancelled.')
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
