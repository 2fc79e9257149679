/** Edges as they are found, and as the graph keeps them: in order, equal values in the same fields of the same two tasks as one edge. */
import { Int32List } from './blocks.ts'

const columns = ['from', 'to', 'kind', 'via', 'value', 'producers'] as const
type Column = (typeof columns)[number]
type Columns = Record<Column, Int32Array>

export class EdgeList {
  private readonly lists = new Map(columns.map((column) => [column, new Int32List()]))

  push(edge: Readonly<Record<Column, number>>): void {
    for (const [column, list] of this.lists) list.push(edge[column])
  }

  /**
   * Ordered by from, to, kind and via. Of several values in the same fields the one that `isWhole` (a list, not its elements) stands for all,
   * else that with the fewest producers; `count` says how many there are.
   */
  sorted(tasks: number, isWhole: (value: number) => boolean): Columns & { count: Int32Array } {
    const found = Object.fromEntries(columns.map((column) => [column, (this.lists.get(column) as Int32List).toArray()])) as Columns
    const { order, starts } = grouped(found.from, tasks)
    const elements = (edge: number): number => (isWhole(found.value[edge] as number) ? 0 : 1)
    const places = (a: number, b: number): number => diff(found.to, a, b) || diff(found.kind, a, b) || diff(found.via, a, b)
    const before = (a: number, b: number): number => places(a, b) || elements(a) - elements(b) || diff(found.producers, a, b) || diff(found.value, a, b)
    for (let task = 0; task < tasks; task++) {
      const [first, end] = [starts[task] as number, starts[task + 1] as number]
      if (end - first > 1) order.subarray(first, end).sort(before)
    }
    const [kept, count] = [new Int32List(), new Int32List()]
    for (let at = 0; at < order.length; ) {
      const first = order[at] as number
      let end = at + 1
      while (end < order.length && found.from[order[end] as number] === found.from[first] && places(first, order[end] as number) === 0) end++
      kept.push(first)
      count.push(end - at)
      at = end
    }
    const edges = kept.toArray()
    const picked = columns.map((column) => [column, edges.map((edge) => found[column][edge] as number)])
    return { ...(Object.fromEntries(picked) as Columns), count: count.toArray() }
  }
}

/** Numbers of the members of each group, one group after the other: those of `group` are `order[starts[group]] … order[starts[group + 1] − 1]`. */
export function grouped(groupOf: Int32Array, groups: number): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(groups + 1)
  for (const group of groupOf) starts[group + 1] = (starts[group + 1] as number) + 1
  for (let group = 0; group < groups; group++) starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number)
  const next = starts.slice()
  const order = new Int32Array(groupOf.length)
  for (let member = 0; member < groupOf.length; member++) {
    const group = groupOf[member] as number
    order[next[group] as number] = member
    next[group] = (next[group] as number) + 1
  }
  return { order, starts }
}

function diff(column: Int32Array, a: number, b: number): number {
  return (column[a] as number) - (column[b] as number)
}
