/** The columns of a selection, checked against what the sources have. */
import type { Column } from '#contract/tables'
import type { Session } from './openSession.ts'
import type { Selection } from './selection.ts'
import { WrongUse } from './wrongUse.ts'

const pageSize = 10_000

export type ListedColumn = Pick<Column, 'name' | 'type'>

/** Those that were named, in their order; else all of them. A name that no record has is wrong use, also to sort by. */
export async function selectedColumns({ ask, source: { sourceId } }: Session, { records, columns, sort }: Selection): Promise<ListedColumn[]> {
  const all: Column[] = []
  for (let offset = 0, total = Infinity; offset < total; offset += pageSize) {
    const page = await ask('columns.list', { sourceId, records, offset, limit: pageSize })
    total = page.total
    all.push(...page.columns)
  }
  const known = new Map(all.map((column) => [column.name, column]))
  const find = (name: string, flag: string): Column => {
    const column = known.get(name)
    if (column) return column
    throw new WrongUse(`${flag}: ${records} have no column ${JSON.stringify(name)}${suggestion(name, all)}`)
  }
  for (const { column } of sort) find(column, '--sort')
  return columns === null ? all : columns.map((name) => find(name, '--columns'))
}

function suggestion(name: string, columns: readonly Column[]): string {
  const folded = name.toLowerCase()
  const near = columns.filter((column) => column.name.toLowerCase().includes(folded) || distance(column.name.toLowerCase(), folded) <= 2).slice(0, 3)
  return near.length === 0 ? '' : `; did you mean ${near.map((column) => column.name).join(', ')}?`
}

/** Letters to insert, remove or replace. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...left].entries()) {
    const next = [at + 1]
    for (let i = 0; i < right.length; i++) next.push(Math.min((next[i] ?? 0) + 1, (row[i + 1] ?? 0) + 1, (row[i] ?? 0) + (letter === right[i] ? 0 : 1)))
    row = next
  }
  return row[right.length] ?? 0
}
