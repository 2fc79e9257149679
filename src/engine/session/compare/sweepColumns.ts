/** The columns of a sweep: what each of them is, how many runs have it, and how many values it has among them. */
import type { SweepColumn } from '#contract/compare'
import type { Params, Result } from '#contract/methods'
import { countIn, numberIn, numberOf } from '../overview/taskColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import type { SweepSource } from './sweepSources.ts'
import { type SweepRows, withSweep } from './sweepTable.ts'

const columnsAtOnce = 60
/** A logarithmic axis is worth it over more than two decades. */
const logRatio = 100
const kept = new RevisionCache<Omit<Result<'sweep.columns'>, 'revision'>>(8)

export async function sweepColumns(table: SourceTable, { row, runs, scope }: Params<'sweep.columns'>, signal: AbortSignal): Promise<Result<'sweep.columns'>> {
  const { revision } = table
  const known = await kept.get(table, JSON.stringify([row, runs, scope]), () => withSweep(table, { row, runs, scope }, signal, (rows) => read(table, rows, signal)))
  return { revision, ...known }
}

async function read(table: SourceTable, { from, sources }: SweepRows, signal: AbortSignal): Promise<{ runs: number; columns: SweepColumn[] }> {
  const columns: SweepColumn[] = []
  let runs = 0
  for (let start = 0; start < Math.max(1, sources.length); start += columnsAtOnce) {
    const some = sources.slice(start, start + columnsAtOnce)
    const list = some.flatMap(({ storage }, index) => {
      const sql = `s.v${start + index}`
      const number = numberOf({ sql, storage })
      return [`count(${sql})`, `count(DISTINCT ${sql})`, `min(${number})`, `max(${number})`]
    })
    const [row] = await table.query({ text: `SELECT count(*)${list.map((sql) => `, ${sql}`).join('')} FROM ${from.text}`, values: from.values }, signal)
    runs = countIn(row?.[0])
    for (const [index, source] of some.entries()) columns.push(columnOf(source, (row ?? []).slice(1 + index * 4, 5 + index * 4)))
  }
  return { runs, columns }
}

function columnOf({ name, role, type, unit }: SweepSource, [filled, distinct, least, greatest]: readonly Parameters<typeof numberIn>[0][]): SweepColumn {
  const [min, max] = type === 'text' || type === 'boolean' ? [null, null] : [numberIn(least), numberIn(greatest)]
  return { name, role, type, unit, filled: countIn(filled), distinct: countIn(distinct), min, max, log: min !== null && max !== null && min > 0 && max / min > logRatio }
}
