/**
 * All tasks of a source and what ties them together, as columns of numbers: what lineage, dataflow and the critical path are computed from.
 *
 * Captured: `dependencies` and `dependents`, `parent_task_id`, and the id of a task as a value in `used` (as Dask records it). Inferred: equal
 * values, by the rule that valueTies.ts states, trivial ones left out by the rule that query/linkValues.ts states. What a task says of itself
 * (its own parent) is kept as an edge to itself.
 */
import type { Cell } from '#contract/values'
import { cellOfKey } from '../query/linkSql.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { Interned } from './blocks.ts'
import { EdgeList } from './edgeList.ts'
import { namingFields, readNamed, type NamedTasks } from './readNamed.ts'
import { readPlaces, type LinkPlaces } from './readPlaces.ts'
import { readTasks, type TaskRows } from './readTasks.ts'
import { valueTies, type ValueTies } from './valueTies.ts'

/** How an edge is known. `dependency`: `dependencies` or `dependents`; `usedId`: a task's id found in `used`; `value`: an equal value (inferred); `parent`: `parent_task_id`. */
export const edgeKinds = { dependency: 0, usedId: 1, value: 2, parent: 3 } as const

/** Edges run from the task that was there before to the one that needs it; a parent's to its child. Columns of equal length, ordered by `from`, `to`, `kind`. */
export type TaskEdges = {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly kind: Uint8Array
  /** Index into `vias`: the fields that say so, `used.path = generated.path`. */
  readonly via: Int32Array
  /** Index into `values`; −1 where the value is the other task's id. */
  readonly value: Int32Array
  /** Of `value` edges: how many tasks generated an equal value; else 0. */
  readonly producers: Int32Array
  /** How many values the two hold in common in these fields, elements of lists one by one; `value` is one of them. */
  readonly count: Int32Array
}

/** A value that more than `mostProducers` tasks generated and that somebody used, with the numbers of who did. */
export type AmbiguousValue = { readonly column: string; readonly value: Cell; readonly tasks: number; readonly users: Int32Array; readonly makers: Int32Array }

export type TaskGraph = Omit<TaskRows, 'space'> & {
  readonly edges: TaskEdges
  readonly vias: readonly string[]
  /** By `via` of a `value` edge: the field of the user and that of the producer. */
  readonly viaFields: readonly { readonly used: string; readonly generated: string }[]
  readonly values: readonly Cell[]
  /** They tie nothing. */
  readonly ambiguous: readonly AmbiguousValue[]
  /** Ids that tasks name as upstream, downstream or parent and that no task here has, with how many name them in this field, and the numbers of these. */
  readonly missing: readonly { readonly id: string; readonly by: number; readonly via: string; readonly tasks: readonly number[] }[]
}

const graphs = new RevisionCache<TaskGraph>(1)

/** Built once for each revision of a source. */
export function taskGraph(table: SourceTable, signal: AbortSignal): Promise<TaskGraph> {
  return graphs.get(table, '', () => build(table, signal))
}

async function build(table: SourceTable, signal: AbortSignal): Promise<TaskGraph> {
  // One after the other: each may take as much memory as DuckDB has.
  const tasks = await readTasks(table, signal)
  const named = await readNamed(table, tasks, signal)
  const places = await readPlaces(table, tasks, signal)
  const ties = valueTies(tasks, places.uses, places.makes)
  const [edges, vias] = [new EdgeList(), new Vias()]
  pushNamed(edges, vias, named)
  pushIds(edges, vias, places)
  const values = pushTies(edges, vias, ties, places)
  return {
    ...tasks,
    edges: kindsOf(edges.sorted(tasks.ids.length, (value) => values[value]?.startsWith('[') ?? false)),
    vias: vias.texts.texts,
    viaFields: vias.fields,
    values: values.map(cellOfKey),
    ambiguous: ambiguousOf(ties, places),
    missing: missingOf(named)
  }
}

const kindsOf = (edges: Omit<TaskEdges, 'kind'> & { kind: Int32Array }): TaskEdges => ({ ...edges, kind: Uint8Array.from(edges.kind) })

/** The texts of what ties two tasks, each with the fields that it names. */
class Vias {
  readonly texts = new Interned()
  readonly fields: { used: string; generated: string }[] = []

  of(used: string, generated = ''): number {
    const via = this.texts.of(generated === '' ? used : `${used} = ${generated}`)
    this.fields[via] = { used, generated }
    return via
  }
}

function pushNamed(edges: EdgeList, vias: Vias, { by, field, named }: NamedTasks): void {
  for (const name of namingFields) vias.of(name)
  for (const [at, other] of named.entries()) {
    if (other === -1) continue
    const name = namingFields[field[at] as number] as (typeof namingFields)[number]
    const [from, to] = name === 'dependents' ? [by[at] as number, other] : [other, by[at] as number]
    edges.push({ from, to, kind: name === 'parent_task_id' ? edgeKinds.parent : edgeKinds.dependency, via: vias.of(name), value: -1, producers: 0 })
  }
}

function pushIds(edges: EdgeList, vias: Vias, { idOf, usedColumns, uses }: LinkPlaces): void {
  const named = new Set(uses.column.map((column) => column >> 1).filter((_, at) => idOf[uses.key[at] as number] !== -1)).values()
  const viaOf = new Map([...named].toSorted((a, b) => a - b).map((column) => [column, vias.of(usedColumns[column]?.name ?? '')]))
  for (const [at, key] of uses.key.entries()) {
    const from = idOf[key] as number
    if (from === -1) continue
    edges.push({ from, to: uses.task[at] as number, kind: edgeKinds.usedId, via: viaOf.get((uses.column[at] as number) >> 1) as number, value: -1, producers: 0 })
  }
}

/** @returns the keys of the values that tie tasks, by their numbers */
function pushTies(edges: EdgeList, vias: Vias, ties: ValueTies, { generatedColumns, keys, usedColumns }: LinkPlaces): string[] {
  // Keys come in any order; numbers of pairs of columns and of values are the same each time.
  // Whether a value stood there whole or in a list does not matter to what the fields are called.
  const width = generatedColumns.length
  const pairOf = ties.used.map((used, at) => (used >> 1) * width + ((ties.generated[at] as number) >> 1))
  const pairs = [...new Set(pairOf)].toSorted((a, b) => a - b)
  const viaOf = new Map(pairs.map((pair) => [pair, vias.of(usedColumns[Math.floor(pair / width)]?.name ?? '', generatedColumns[pair % width]?.name ?? '')]))
  const values = [...new Set(ties.key)].map((key) => ({ key, text: keys[key] as string })).toSorted((a, b) => (a.text < b.text ? -1 : 1))
  const valueOf = new Int32Array(keys.length)
  for (const [value, { key }] of values.entries()) valueOf[key] = value
  for (const [at, key] of ties.key.entries()) {
    edges.push({ from: ties.from[at] as number, to: ties.to[at] as number, kind: edgeKinds.value, via: viaOf.get(pairOf[at] as number) as number, value: valueOf[key] as number, producers: ties.producers[at] as number })
  }
  return values.map(({ text }) => text)
}

function ambiguousOf({ ambiguous }: ValueTies, { generatedColumns, keys }: LinkPlaces): AmbiguousValue[] {
  const named = ambiguous.map(({ column, key, makers, tasks, users }) => ({ column: generatedColumns[column >> 1]?.name ?? '', key: keys[key] as string, tasks, users, makers }))
  return named.toSorted((a, b) => order(a.column, b.column) || order(a.key, b.key)).map(({ key, ...rest }) => ({ ...rest, value: cellOfKey(key) }))
}

function missingOf({ by, field, missing, missingIds }: NamedTasks): TaskGraph['missing'] {
  const found = new Map<string, { id: string; via: string; tasks: number[] }>()
  for (const [at, id] of missing.entries()) {
    if (id === -1) continue
    const via = namingFields[field[at] as number] as string
    const entry = found.get(`${id} ${via}`) ?? { id: missingIds[id] as string, via, tasks: [] }
    entry.tasks.push(by[at] as number)
    found.set(`${id} ${via}`, entry)
  }
  const sorted = [...found.values()].map(({ id, tasks, via }) => ({ id, by: tasks.length, via, tasks: tasks.toSorted((a, b) => a - b) }))
  return sorted.toSorted((a, b) => order(a.id, b.id) || order(a.via, b.via))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
