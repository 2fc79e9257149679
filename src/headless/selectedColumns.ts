/** The columns of a selection, checked against what the sources have. */
import type { Column } from '#contract/tables'
import type { Session } from './openSession.ts'
import type { Selection } from './selection.ts'
import { WrongUse } from './wrongUse.ts'

const pageSize = 10_000

export type ListedColumn = Pick<Column, 'name' | 'type' | 'unit'>

/**
 * Those that were named, in their order; else all of them. A name that no record has is wrong use, also to sort by; in a filter
 * it is only noted, since `$exists` may ask for just that.
 */
export async function selectedColumns({ ask, source: { sourceId } }: Session, { records, columns, sort, scope }: Selection, onNote: (note: string) => void): Promise<ListedColumn[]> {
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
  const { unknownColumns } = await ask('filter.check', { sourceId, records, filter: scope.filter })
  for (const name of unknownColumns) onNote(`--filter: ${records} have no column ${JSON.stringify(name)}${suggestion(name, all)}`)
  for (const { column } of sort) find(column, '--sort')
  return columns === null ? all : columns.map((name) => find(name, '--columns'))
}

/** The names that are the fewest letters away; else those that contain it. */
function suggestion(name: string, columns: readonly Column[]): string {
  const wanted = name.toLowerCase()
  const away = columns.map((column) => ({ name: column.name, letters: distance(column.name.toLowerCase(), wanted) }))
  const least = Math.min(...away.map(({ letters }) => letters))
  const near = least <= 2 ? away.filter(({ letters }) => letters === least) : away.filter((column) => column.name.toLowerCase().includes(wanted))
  return near.length === 0 ? '' : `; did you mean ${near.slice(0, 3).map((column) => column.name).join(', ')}?`
}

/** Letters to insert, remove or replace; not counted where the lengths alone say that they are many. */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return Infinity
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...left].entries()) {
    const next = [at + 1]
    for (let i = 0; i < right.length; i++) next.push(Math.min((next[i] ?? 0) + 1, (row[i + 1] ?? 0) + 1, (row[i] ?? 0) + (letter === right[i] ? 0 : 1)))
    row = next
  }
  return row[right.length] ?? 0
}
