/**
 * What a MongoDB answers of the Table in place of the copy: pages, counts, and where a record or a match stands. The table is there before
 * anything has been copied, and stays that of the server. Null is for what the server cannot answer just as the copy does: the copy does then.
 */
import { MongoServerError } from 'mongodb'
import { type FilterNode, parseFilter } from '#contract/filter'
import { isJsonObject, setField, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Records, Scope, Sort } from '#contract/values'
import { idField, type RecordKind } from '#engine/records/classify'
import { normalForm } from '#engine/records/mergeRecord'
import { hasTelemetry, telemetrySummary } from '#engine/records/telemetrySummary'
import { computedField, MongoDeviants, statusFlags } from '#engine/stores/mongoDeviants'
import { fromMongo, isPlainName } from '#engine/stores/mongoDocuments'
import { pushDown } from '#engine/stores/mongoFilter'
import { MongoOrders, type MongoOrder } from '#engine/stores/mongoOrder'
import type { MongoStore } from '#engine/stores/mongoStore'
import { unknownPaths } from '../filter/filterSql.ts'
import type { OpenSource } from '../load/openSource.ts'
import { flattenDocument, valueCell } from './documentCells.ts'

const kindOf = { tasks: 'task', workflows: 'workflow', agents: 'agent', objects: 'object' } as const satisfies Record<Exclude<Records, 'messages'>, RecordKind>
const everything: Scope = { filter: {}, search: '' }
/** What a task's computed columns are computed from. */
const neededOfTasks = ['task_id', 'status', 'workflow_id', 'subtype', 'group_id', 'used', 'started_at', 'ended_at', ...statusFlags]

export class PushedRows {
  private readonly orders: MongoOrders
  private readonly deviants: MongoDeviants
  /** Of the copy as far as it is: whether some of its records are not their documents. */
  private odd: { readonly revision: number; readonly any: Promise<boolean> } | null = null

  constructor(
    private readonly store: MongoStore,
    private readonly table: OpenSource
  ) {
    this.orders = new MongoOrders(store.connection)
    this.deviants = new MongoDeviants(store.connection)
  }

  /** Something has changed on the server: what is known of its values may not hold any more. */
  forget(): void {
    this.orders.forget()
    this.deviants.forget()
  }

  async page({ cellLength, columns, limit, offset, records, scope, sort }: Params<'rows.page'>, signal: AbortSignal): Promise<Result<'rows.page'> | null> {
    return await this.answered(async () => {
      const began = performance.now()
      const { revision } = this.table
      const [view, all] = await Promise.all([this.view(records, scope, sort, signal), this.view(records, everything, [], signal)])
      if (records === 'messages' || view === null || all === null) return null
      const kind = kindOf[records]
      const [total, unfiltered, documents] = await Promise.all([view.count(signal), all.count(signal), view.page(offset, limit, topNames(kind, columns), signal)])
      const rows = documents.map((found) => {
        const fields = this.fieldsOf(kind, fromMongo(found))
        const status = fields.get('status') ?? null
        return { id: textOf(fields.get(idField[kind]) ?? null), status: status === null ? null : textOf(status), cells: columns.map((name) => valueCell(fields.get(name), cellLength)) }
      })
      return { revision, total, unfiltered, rows, queryMs: performance.now() - began }
    }, signal)
  }

  async counts({ records, scopes }: Params<'filter.counts'>, signal: AbortSignal): Promise<Result<'filter.counts'> | null> {
    return await this.answered(async () => {
      const views = await Promise.all(scopes.map(async (scope) => await this.view(records, scope, [], signal)))
      if (views.some((view) => view === null)) return null
      return { counts: await Promise.all((views as MongoOrder[]).map(async (view) => await view.count(signal))) }
    }, signal)
  }

  async check({ filter, records, sourceId }: Params<'filter.check'>, signal: AbortSignal): Promise<Result<'filter.check'> | null> {
    // What the copy does not know yet may be on the server.
    const unknown = unknownPaths(this.table, records, parseFilter(filter)).slice(0, 50)
    const scopes = [filter as Record<string, unknown>, ...unknown.map((path) => ({ [path]: { $exists: true } }))].map((one) => ({ filter: one, search: '' }))
    const found = await this.counts({ sourceId, records, scopes }, signal)
    if (found === null) return null
    const [count = 0, ...holders] = found.counts
    return { count, unknownColumns: unknown.filter((_, index) => holders[index] === 0) }
  }

  async find({ direction, from, id, match, records, scope, sort }: Params<'rows.find'>, signal: AbortSignal): Promise<Result<'rows.find'> | null> {
    return await this.answered(async () => {
      const view = await this.view(records, scope, sort, signal)
      if (view === null || records === 'messages') return null
      if (id === undefined && match === undefined) return { index: null, id: null }
      let wanted = id ?? null
      if (wanted === null) {
        const node = parseFilter(match)
        const matching = (await this.isPushable(kindOf[records], node, [])) ? pushDown(kindOf[records], node, await this.store.connection.abilities()) : null
        if (matching === null || matching.rest !== null) return null
        wanted = await view.next(matching.query, from, direction, signal)
        if (wanted === null) return { index: null, id: null }
      }
      const index = await view.indexOf(wanted, signal)
      return { index, id: index === null ? null : wanted }
    }, signal)
  }

  /** A record that the copy does not have yet; null if the server has none either. */
  async record({ id, records }: Params<'records.get'>): Promise<Result<'records.get'> | null> {
    if (records === 'messages') return null
    return await this.answered(async () => {
      const kind = kindOf[records]
      const stored = await this.store.get(kind, id)
      if (stored === null) return null
      const document = normalForm(kind, stored, { newId: () => id })
      const summary = kind === 'task' && hasTelemetry(document) ? stringifyJson(telemetrySummary(document)) : null
      return { id, records, document: stringifyJson(document), telemetrySummary: summary, duration: null, messagesTotal: 0, messages: [] }
    })
  }

  private async view(records: Records, scope: Scope, sort: Sort, signal: AbortSignal): Promise<MongoOrder | null> {
    if (records === 'messages' || scope.search !== '') return null
    const kind = kindOf[records]
    const filter = parseFilter(scope.filter)
    // A column that no record has orders nothing, nor does one twice.
    const by = sort.filter(({ column }, index) => sort.findIndex((other) => other.column === column) === index)
    if (!(await this.isPushable(kind, filter, by.map(({ column }) => column)))) return null
    return await this.orders.view({ kind, filter, sort: by.map(({ column, descending }) => ({ path: column, descending })) }, signal)
  }

  private async isPushable(kind: RecordKind, filter: FilterNode, columns: readonly string[]): Promise<boolean> {
    const computed = new Set([...pathsOf(filter), ...columns].map((path) => computedField(kind, path)))
    if (computed.has('other')) return false
    const asked = [...computed].flatMap((field) => (field === null || field === 'other' ? [] : [this.deviants.of(field)]))
    const found = await Promise.all([this.deviants.any(kind), this.anyOdd(), ...asked])
    return !found.includes(true)
  }

  /** What no question to the server tells: keys with dots in them, which a path cannot, and records of several documents. */
  private async anyOdd(): Promise<boolean> {
    const { revision } = this.table
    if (this.odd?.revision !== revision) this.odd = { revision, any: this.findOdd() }
    return await this.odd.any
  }

  private async findOdd(): Promise<boolean> {
    if (this.table.shapes.some(({ leaves }) => leaves.some(({ path }) => path.some((key) => key === '' || key.includes('.'))))) return true
    const [row] = await this.table.query({ text: `SELECT count(*) FROM ${this.table.rows} r WHERE r.is_record AND r.messages > 1`, values: [] })
    return Number(row?.[0] ?? 0) > 0
  }

  /** As the columns of the copy have them. */
  private fieldsOf(kind: RecordKind, document: JsonObject): Map<string, JsonValue> {
    const normal = normalForm(kind, document, { newId: () => '' })
    const fields = flattenDocument(normal)
    if (kind !== 'task') return fields
    const { ended_at: end, started_at: start } = normal
    if (typeof start === 'number' && typeof end === 'number') fields.set('duration', end - start)
    const summary: JsonObject = {}
    setField(summary, 'telemetry_summary', telemetrySummary(normal))
    const computed = flattenDocument(summary)
    for (const name of fields.keys()) if (this.table.column('tasks', name)?.derived === true && name !== 'duration' && !computed.has(name)) fields.delete(name)
    for (const [name, value] of computed) fields.set(name, value)
    return fields
  }

  /** A server that is away, or does not know how, leaves the answer to the copy. */
  private async answered<T>(ask: () => Promise<T | null>, signal?: AbortSignal): Promise<T | null> {
    try {
      return await ask()
    } catch (error) {
      if (signal?.aborted) throw new Refusal('cancelled', 'The query was cancelled.')
      if ((error instanceof Refusal && error.code === 'unavailable') || error instanceof MongoServerError) return null
      throw error
    }
  }
}

/** The fields at the top level that the columns are in. */
function topNames(kind: RecordKind, columns: readonly string[]): string[] {
  const names = new Set([idField[kind], 'status', ...(kind === 'task' ? neededOfTasks : [])])
  for (const column of columns) {
    const [name = ''] = column.split('.')
    if (kind === 'task' && name === 'telemetry_summary') for (const snapshot of ['telemetry_at_start', 'telemetry_at_end']) names.add(snapshot)
    if (isPlainName(name)) names.add(name)
  }
  if (kind === 'object') names.delete('data')
  return [...names]
}

function pathsOf(node: FilterNode): string[] {
  if ('path' in node) return [node.path]
  return 'nodes' in node ? node.nodes.flatMap(pathsOf) : pathsOf(node.node)
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : Array.isArray(value) || isJsonObject(value) || typeof value === 'number' ? stringifyJson(value) : String(value)
}

