/** Places of the values that could tie tasks: those that some task used and some task generated, or that are the id of a task. */
import { columnsOf, linkPlacesSql, placeHash, placeKey } from '../query/linkSql.ts'
import type { NamedColumn, SourceTable } from '../table/sourceTable.ts'
import { joinSql, raw, sql } from '../table/sql.ts'
import { eachBlock, Int32List } from './blocks.ts'
import { grouped } from './edgeList.ts'
import type { TaskRows } from './readTasks.ts'
import type { Places } from './valueTies.ts'

export type LinkPlaces = {
  readonly usedColumns: readonly NamedColumn[]
  readonly generatedColumns: readonly NamedColumn[]
  readonly uses: Places
  readonly makes: Places
  /** By number of the key. */
  readonly keys: readonly string[]
  /** The task of which the value is the id; −1 if there is none. */
  readonly idOf: Int32Array
}

/**
 * Values are first looked at by their hashes, which tell nearly all apart that nobody shares; only of the others is the text kept. What is
 * equal is told by the texts.
 */
export async function readPlaces(table: SourceTable, tasks: Pick<TaskRows, 'numberAt'>, signal: AbortSignal): Promise<LinkPlaces> {
  const [usedColumns, generatedColumns] = [columnsOf(table, ['used']), columnsOf(table, ['generated'])]
  const isTask = raw(table.recordsPredicate('tasks'))
  const [used, generated] = [linkPlacesSql(table, usedColumns, isTask), linkPlacesSql(table, generatedColumns, isTask)]
  const hash = raw(placeHash)
  const parts = [
    sql`made AS MATERIALIZED (SELECT DISTINCT ${hash} AS h FROM (${generated}))`,
    sql`ids AS (SELECT r.record_id AS id, r.line AS line FROM ${raw(table.rows)} r WHERE ${isTask})`,
    sql`u AS MATERIALIZED (SELECT DISTINCT line, v, ${raw(placeKey)} AS k, ${hash} AS uh FROM (${used}) WHERE ${hash} IN (SELECT h FROM made UNION ALL SELECT hash(id, TRUE) FROM ids))`,
    sql`g AS MATERIALIZED (SELECT DISTINCT line, v, ${raw(placeKey)} AS k FROM (${generated}) WHERE ${hash} IN (SELECT uh FROM u))`,
    sql`keys AS MATERIALIZED (SELECT x.k, ids.line, row_number() OVER () - 1 AS i FROM (SELECT DISTINCT k FROM u) x LEFT JOIN ids ON '"' || ids.id = x.k)`,
    sql`places AS (SELECT 0 AS side, keys.i, u.line, u.v, NULL AS k FROM u JOIN keys USING (k) UNION ALL SELECT 1, keys.i, g.line, g.v, NULL FROM g JOIN keys USING (k)
      UNION ALL SELECT 2, i, line, 0, k FROM keys)`
  ]
  const rows = sql`WITH ${joinSql(parts, ',\n')} SELECT * FROM places`
  const sides = [lists(), lists()] as const
  const keys: string[] = []
  const idOf: number[] = []
  await eachBlock(table, { rows, columns: ['side', 'i', 'line', 'v', 'k'], block: 'side, i // 16384' }, signal, (block, length) => {
    const [side, key, line, column, text] = block as [number[], number[], (number | null)[], number[], (string | null)[]]
    for (let at = 0; at < length; at++) {
      const list = sides[side[at] as number]
      const task = line[at] === null ? -1 : tasks.numberAt(line[at] as number)
      if (list) {
        list.task.push(task)
        list.column.push(column[at] as number)
        list.key.push(key[at] as number)
      } else {
        keys[key[at] as number] = text[at] as string
        idOf[key[at] as number] = task
      }
    }
  })
  return { usedColumns, generatedColumns, uses: ordered(sides[0], keys.length), makes: ordered(sides[1], keys.length), keys, idOf: Int32Array.from(idOf) }
}

type Lists = { readonly task: Int32List; readonly column: Int32List; readonly key: Int32List }

const lists = (): Lists => ({ task: new Int32List(), column: new Int32List(), key: new Int32List() })

/** By key, then by task, then by column. */
function ordered(lists: Lists, keys: number): Places {
  const [task, column, key] = [lists.task.toArray(), lists.column.toArray(), lists.key.toArray()]
  const { order, starts } = grouped(key, keys)
  for (let at = 0; at < keys; at++) {
    const [first, end] = [starts[at] as number, starts[at + 1] as number]
    if (end - first > 1) order.subarray(first, end).sort((a, b) => (task[a] as number) - (task[b] as number) || (column[a] as number) - (column[b] as number))
  }
  const pick = (values: Int32Array): Int32Array => order.map((place) => values[place] as number)
  return { task: pick(task), column: pick(column), key: pick(key) }
}
