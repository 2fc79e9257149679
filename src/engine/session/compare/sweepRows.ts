/** The rows of a sweep: runs that meet the conditions, sorted, a page of them. */
import type { Condition } from '#contract/compare'
import type { Params, Result } from '#contract/methods'
import { countIn, numberOf, textIn } from '../overview/taskColumns.ts'
import { cellReader } from '../table/cells.ts'
import type { SourceTable, Sql, SqlValue } from '../table/sourceTable.ts'
import { allFigures } from './runFigures.ts'
import type { SweepSource } from './sweepSources.ts'
import { type SweepRows, withSweep } from './sweepTable.ts'

const cellLength = 256
type Named = SweepSource & { sql: string }

export async function sweepRows(table: SourceTable, params: Params<'sweep.rows'>, signal: AbortSignal): Promise<Result<'sweep.rows'>> {
  const { revision } = table
  const names = await namesOf(table, params.row, signal)
  return await withSweep(table, params, signal, async (sweep) => ({ revision, ...(await page(table, params, sweep, names, signal)) }))
}

type NameOf = (id: string, activity: string | null) => { name: string; label: string }

async function page(table: SourceTable, { columns, limit, offset, row, sort, where }: Params<'sweep.rows'>, { from, sources }: SweepRows, nameOf: NameOf, signal: AbortSignal): Promise<Omit<Result<'sweep.rows'>, 'revision'>> {
  const byName = new Map(sources.map((source, at): [string, Named] => [source.name, { ...source, sql: `s.v${at}` }]))
  const readers = columns.map((name) => cellReader(byName.get(name), cellLength))
  const met = conditions(where, byName)
  const order = [...sort.flatMap(({ column, descending }) => orderOf(byName.get(column), column, descending)), 's.id']
  const lead = ['s.id', 's.status', row === 'task' ? 's.activity' : 'NULL']
  const [rows, [counts]] = await Promise.all([
    table.query({ text: `SELECT ${[...lead, ...readers.flatMap(({ sql }) => sql)].join(', ')} FROM ${from.text} WHERE ${met.text} ORDER BY ${order.join(', ')} LIMIT ? OFFSET ?`, values: [...from.values, ...met.values, limit, offset] }, signal),
    table.query({ text: `SELECT count(*) FILTER (${met.text}), count(*) FROM ${from.text}`, values: [...met.values, ...from.values] }, signal)
  ])
  return {
    total: countIn(counts?.[0]),
    runs: countIn(counts?.[1]),
    rows: rows.map((values) => {
      const id = String(values[0])
      let at = lead.length
      const cells = readers.map((reader) => {
        const cell = reader.read(values, at)
        at += reader.sql.length
        return cell
      })
      return { id, ...nameOf(id, textIn(values[2])), status: textIn(values[1]), cells }
    })
  }
}

/** A run is called as the list of runs calls it, a task by its activity. */
async function namesOf(table: SourceTable, row: 'workflow' | 'campaign' | 'task', signal: AbortSignal): Promise<NameOf> {
  if (row === 'task') return (id, activity) => ({ name: activity ?? id, label: '' })
  const { byKey } = await allFigures(table, signal)
  return (id) => {
    const known = byKey.get(JSON.stringify([row, id]))
    return { name: known?.name ?? id, label: known?.label ?? '' }
  }
}

/** A value that is null, or no number, meets none; nor does any that of a column that is not there. */
function conditions(where: readonly Condition[], byName: ReadonlyMap<string, Named>): Sql {
  const values: SqlValue[] = []
  const tests = where.map(({ column, op, upTo, value }) => {
    const source = byName.get(column)
    if (!source) return 'FALSE'
    const number = source.storage === 'BOOLEAN' ? `CAST(${source.sql} AS DOUBLE)` : numberOf(source)
    values.push(value)
    if (op !== 'between') return `coalesce(${number} ${op} ?, FALSE)`
    values.push(upTo ?? value)
    return `coalesce(${number} BETWEEN ? AND ?, FALSE)`
  })
  return { text: tests.length === 0 ? 'TRUE' : tests.join(' AND '), values }
}

/** Null is last either way. */
function orderOf(source: Named | undefined, name: string, descending: boolean): string[] {
  const direction = `${descending ? 'DESC' : 'ASC'} NULLS LAST`
  if (!source) return name === 'id' || name === 'status' ? [`s.${name} ${direction}`] : []
  return source.storage === 'JSON' ? [`TRY_CAST(${source.sql} AS DOUBLE) ${direction}`, `${source.sql} ${direction}`] : [`${source.sql} ${direction}`]
}
