/** All calls of a source in the order in which they began, as columns of numbers: who asked whom, how long, how many tokens. */
import { taskColumns } from '../overview/taskColumns.ts'
import { queryColumns } from '../table/queryColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { ColumnValues, SourceTable } from '../table/sourceTable.ts'
import { callColumns, kindNumbers } from './callColumns.ts'

export type Party = { readonly key: string; readonly kind: 'agent' | 'model' | 'tool' | 'activity'; readonly id: string | null }
export const vias = ['agent_id', 'source_agent_id', 'parent_task_id'] as const

export type CallIndex = {
  readonly size: number
  readonly ids: readonly string[]
  readonly lines: Float64Array
  /** As `kindNumbers`. */
  readonly kind: Uint8Array
  readonly failed: Uint8Array
  readonly start: Float64Array
  readonly end: Float64Array
  readonly parties: readonly Party[]
  /** Numbers of parties; −1: not recorded. `agent`: the one under whose agent_id the call stands. */
  readonly from: Int32Array
  readonly to: Int32Array
  readonly agent: Int32Array
  /** The tool that ran; −1 for calls that are of no tool. */
  readonly tool: Int32Array
  /** Index in `vias`; −1 where `from` is. */
  readonly via: Int8Array
  readonly models: readonly (string | null)[]
  readonly parent: readonly (string | null)[]
  /** Whether the parent is a task of this source, a call or not. */
  readonly parentIsHere: Uint8Array
  /** NaN: not recorded. */
  readonly tokensIn: Float64Array
  readonly tokensOut: Float64Array
  readonly inEstimated: Uint8Array
  readonly outEstimated: Uint8Array
  numberOf(taskId: string): number | undefined
}

const indexes = new RevisionCache<CallIndex>(1)

export function callIndex(table: SourceTable, signal: AbortSignal): Promise<CallIndex> {
  return indexes.get(table, '', async () => build(await readCalls(table, signal)))
}

const columnNames = ['id', 'line', 'kind', 'failed', 'starts', 'ends', 'activity', 'agent', 'source', 'model', 'parent', 'parentHere', 'parentActivity', 'tin', 'tout', 'tinEstimated', 'toutEstimated'] as const
const textColumns = new Set<string>(['id', 'activity', 'agent', 'source', 'model', 'parent', 'parentActivity'])
type Columns = Readonly<Record<(typeof columnNames)[number], ColumnValues>>

async function readCalls(table: SourceTable, signal: AbortSignal): Promise<Columns> {
  const of = taskColumns(table)
  const call = callColumns(table)
  const isTask = table.recordsPredicate('tasks')
  const text = `WITH c AS MATERIALIZED (
      SELECT ${of.id} AS id, r.line AS line, r.first_line AS first, ${call.kind} AS kind, CAST(coalesce(${of.status} = 'ERROR', FALSE) AS INTEGER) AS failed, ${of.start} AS starts, ${of.end} AS ends,
        ${of.activity} AS activity, ${call.agent} AS agent, ${call.source} AS source, ${call.model} AS model, ${call.parent} AS parent, ${call.tokensIn} AS tin, ${call.tokensOut} AS tout,
        CAST(${call.inEstimated} AS INTEGER) AS tinEstimated, CAST(${call.outEstimated} AS INTEGER) AS toutEstimated
      FROM ${table.rows} r WHERE ${isTask} AND (${call.kind}) IS NOT NULL),
    p AS (SELECT ${of.id} AS pid, ${of.activity} AS activity FROM ${table.rows} r WHERE ${isTask} AND ${of.id} IN (SELECT parent FROM c WHERE parent IS NOT NULL))
    SELECT c.id, c.line, c.kind, c.failed, c.starts, c.ends, c.activity, c.agent, c.source, c.model, c.parent, CAST(p.pid IS NOT NULL AS INTEGER), p.activity, c.tin, c.tout, c.tinEstimated, c.toutEstimated
    FROM c LEFT JOIN p ON p.pid = c.parent ORDER BY c.starts NULLS LAST, c.first, c.line`
  const found = await queryColumns(table, { text, values: [] }, columnNames.map((name) => textColumns.has(name)), signal)
  return Object.fromEntries(columnNames.map((name, at) => [name, found[at] ?? []])) as unknown as Columns
}

function build(columns: Columns): CallIndex {
  const size = columns.id.length
  const ids = texts(columns.id).map(String)
  const positions = new Map(ids.map((id, at) => [id, at]))
  const kind = Uint8Array.from(numbers(columns.kind))
  const parties = new Parties()
  const agents = texts(columns.agent)
  const sources = texts(columns.source)
  const activities = texts(columns.activity)
  const models = texts(columns.model)
  const parent = texts(columns.parent)
  const parentIsHere = Uint8Array.from(numbers(columns.parentHere))
  const parentActivity = texts(columns.parentActivity)
  const agent = Int32Array.from(agents, (id) => (id === null ? -1 : parties.of('agent', id)))
  const source = Int32Array.from(sources, (id) => (id === null ? -1 : parties.of('agent', id)))
  const to = Int32Array.from({ length: size }, (_, at) => {
    const own = agent[at] as number
    const isHandedOver = source[at] !== -1 && own !== -1
    if (kind[at] === kindNumbers.model) return parties.of('model', models[at] ?? null)
    if (kind[at] === kindNumbers.message) return own === -1 ? parties.of('activity', activities[at] ?? null) : own
    if (isHandedOver && source[at] !== own) return own
    return parties.of(kind[at] === kindNumbers.tool ? 'tool' : 'activity', activities[at] ?? null)
  })
  const tool = Int32Array.from(kind, (number, at) => (number === kindNumbers.tool ? parties.of('tool', activities[at] ?? null) : -1))
  const from = new Int32Array(size).fill(-1)
  const via = new Int8Array(size).fill(-1)
  for (let at = 0; at < size; at++) {
    const caller = parent[at] === null ? undefined : positions.get(parent[at] as string)
    const ask = (party: number, field: (typeof vias)[number]): void => {
      from[at] = party
      via[at] = vias.indexOf(field)
    }
    if (kind[at] !== kindNumbers.model && source[at] !== -1) ask(source[at] as number, 'source_agent_id')
    else if (caller !== undefined && caller !== at) ask(to[caller] as number, 'parent_task_id')
    else if (agent[at] !== -1) ask(agent[at] as number, 'agent_id')
    else if (parentIsHere[at] === 1) ask(parties.of('activity', parentActivity[at] ?? null), 'parent_task_id')
  }
  return {
    size,
    ids,
    lines: Float64Array.from(numbers(columns.line)),
    kind,
    failed: Uint8Array.from(numbers(columns.failed)),
    start: Float64Array.from(numbers(columns.starts)),
    end: Float64Array.from(numbers(columns.ends)),
    parties: parties.all,
    from,
    to,
    agent,
    tool,
    via,
    models,
    parent,
    parentIsHere,
    tokensIn: Float64Array.from(numbers(columns.tin)),
    tokensOut: Float64Array.from(numbers(columns.tout)),
    inEstimated: Uint8Array.from(numbers(columns.tinEstimated)),
    outEstimated: Uint8Array.from(numbers(columns.toutEstimated)),
    numberOf: (id) => positions.get(id)
  }
}

class Parties {
  readonly all: Party[] = []
  readonly #numbers = new Map<string, number>()

  of(kind: Party['kind'], id: string | null): number {
    // A model that is not recorded is not the model called "null".
    const key = id === null ? kind : `${kind}:${id}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.all.length)
    return this.all.push({ key, kind, id }) - 1
  }
}

const numbers = (values: ColumnValues): ArrayLike<number> & Iterable<number> => Float64Array.from(values as ArrayLike<number | null>, (value) => (value === null ? NaN : Number(value)))
const texts = (values: ColumnValues): (string | null)[] => Array.from(values as ArrayLike<string | number | null>, (value) => (value === null ? null : String(value)))
