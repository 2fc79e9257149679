/** What a task's used values came from, by the graph of tasks: the entity that another task generated, or only something equal in several. */
import { isJsonObject, type JsonValue } from '#contract/json'
import { columnsOf } from '../../query/linkSql.ts'
import { countIn } from '../../overview/taskColumns.ts'
import { eachEdge } from '../../lineage/adjacency.ts'
import { edgeKinds, type TaskGraph } from '../../lineage/taskGraph.ts'
import type { SourceTable } from '../../table/sourceTable.ts'
import type { FieldLeaf } from '../fieldLeaves.ts'

/** A value that a task of the subject generated and that is equal to one used, or to an element of it, or holds it as one. */
export type Origin = { readonly maker: number; readonly field: string; readonly via: string; readonly producers: number; readonly value: number; readonly isList: boolean }
type Form = 'scalar' | 'list' | 'nested'

export class ValueOrigins {
  private constructor(
    private readonly graph: TaskGraph,
    private readonly isStated: (edge: number) => boolean,
    /** By field: rows in which a list was generated. */
    private readonly lists: ReadonlyMap<string, ReadonlyMap<number, Form>>
  ) {}

  static async read(table: SourceTable, graph: TaskGraph, isStated: (edge: number) => boolean, signal: AbortSignal): Promise<ValueOrigins> {
    const fields = new Set(graph.viaFields.map(({ generated }) => generated))
    const lists = new Map<string, Map<number, Form>>()
    for (const column of columnsOf(table, ['generated'])) {
      if (column.storage !== 'JSON' || !fields.has(column.name)) continue
      const rows = await table.query({ text: `SELECT r.line, contains(substr(${column.sql}, 2), '[') FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND starts_with(${column.sql}, '[')`, values: [] }, signal)
      lists.set(column.name, new Map(rows.map(([line, nested]) => [countIn(line), nested === true ? 'nested' : 'list'])))
    }
    return new ValueOrigins(graph, isStated, lists)
  }

  /** By the dotted name of the used value. */
  of(task: number): Map<string, Origin[]> {
    const { edges, viaFields, values, vias } = this.graph
    const found = new Map<string, Origin[]>()
    eachEdge({ count: this.graph.ids.length, edges }, { task, direction: 'up', inferred: true }, (edge, maker) => {
      if (edges.kind[edge] !== edgeKinds.value || !this.isStated(edge)) return
      const via = edges.via[edge] as number
      const { generated, used } = viaFields[via] as { used: string; generated: string }
      const cell = values[edges.value[edge] as number]
      const isList = typeof cell === 'object' && cell !== null && 'json' in cell
      const origin = { maker, field: generated, via: vias[via] as string, producers: edges.producers[edge] as number, value: edges.value[edge] as number, isList }
      found.set(used, [...(found.get(used) ?? []), origin])
    })
    return found
  }

  /** The one value that this is, if only one task generated an equal one and both are equal as a whole. */
  same(leaf: FieldLeaf, origins: readonly Origin[]): Origin | null {
    const [only] = origins
    if (only === undefined || origins.length > 1 || only.producers !== 1) return null
    const made = this.lists.get(only.field)?.get(this.graph.lines[only.maker] as number) ?? 'scalar'
    const isWhole = formOf(leaf.value) === made && made !== 'nested' && only.isList === (made === 'list')
    return isWhole ? only : null
  }
}

function formOf(value: JsonValue): Form {
  if (!Array.isArray(value)) return isJsonObject(value) ? 'nested' : 'scalar'
  return value.some((item) => Array.isArray(item)) ? 'nested' : 'list'
}
