/** What the tasks of both runs measured, on average. */
import type { Params, Result } from '#contract/methods'
import { growthOf } from '../overview/overviewActivities.ts'
import { countIn, numberIn, numberOf } from '../overview/taskColumns.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { type Alignment, withAlignment } from './alignment.ts'
import type { Sides } from './pairCache.ts'

type Row = Result<'compare.telemetry'>['rows'][number]
type Metric = { readonly metric: string; readonly unit: string | null; readonly kind: 'level' | 'growth'; readonly fields: readonly string[] }

const metrics: readonly Metric[] = [
  { metric: 'CPU', unit: '%', kind: 'level', fields: ['cpu.percent_all'] },
  { metric: 'CPU time, user', unit: 's', kind: 'growth', fields: ['cpu.times_avg.user'] },
  { metric: 'CPU time, system', unit: 's', kind: 'growth', fields: ['cpu.times_avg.system'] },
  { metric: 'Memory in use', unit: 'bytes', kind: 'level', fields: ['memory.virtual.used'] },
  { metric: 'Swap in use', unit: 'bytes', kind: 'level', fields: ['memory.swap.used'] },
  { metric: 'Process CPU', unit: '%', kind: 'level', fields: ['process.cpu_percent'] },
  { metric: 'Process memory', unit: 'bytes', kind: 'level', fields: ['process.memory.rss'] },
  { metric: 'Disk read', unit: 'bytes', kind: 'growth', fields: ['disk.io_sum.read_bytes'] },
  { metric: 'Disk written', unit: 'bytes', kind: 'growth', fields: ['disk.io_sum.write_bytes'] },
  { metric: 'Network sent', unit: 'bytes', kind: 'growth', fields: ['network.netio_sum.bytes_sent'] },
  { metric: 'Network received', unit: 'bytes', kind: 'growth', fields: ['network.netio_sum.bytes_recv'] }
]
const gpuLevel = /^telemetry_at_end\.(gpu\.[^.]+\.(?:used|power|temperature|usage))$/

/** A metric that no task of either run measured is left out. */
export async function compareTelemetry(sides: Sides, { match }: Params<'compare.telemetry'>, signal: AbortSignal): Promise<Result<'compare.telemetry'>> {
  return await withAlignment(sides, match, signal, async (alignment) => {
    const all = [...metrics, ...gpuMetrics(sides)]
    const [a, b] = await Promise.all([meansOf(alignment, 'a', all, signal), meansOf(alignment, 'b', all, signal)])
    const rows = all.map(({ metric, unit }, at): Row => {
      const [one, other] = [a[at], b[at]]
      const difference = one?.mean == null || other?.mean == null ? null : other.mean - one.mean
      return { metric, unit, a: one?.mean ?? null, b: other?.mean ?? null, tasksA: one?.tasks ?? 0, tasksB: other?.tasks ?? 0, difference, percent: difference === null || !one?.mean ? null : difference / Math.abs(one.mean) }
    })
    return { rows: rows.filter(({ tasksA, tasksB }) => tasksA + tasksB > 0) }
  })
}

function gpuMetrics({ a, b }: Sides): Metric[] {
  const names = new Map([...a.table.columns('tasks'), ...b.table.columns('tasks')].flatMap(({ name, unit }) => {
    const field = gpuLevel.exec(name)?.[1]
    return field === undefined ? [] : [[field, unit] as const]
  }))
  return [...names].map(([field, unit]) => ({ metric: field.replaceAll('.', ' ').replace('gpu', 'GPU'), unit, kind: 'level', fields: [field] }))
}

async function meansOf({ pairs, ...sides }: Alignment, side: 'a' | 'b', all: readonly Metric[], signal: AbortSignal): Promise<{ mean: number | null; tasks: number }[]> {
  const { table } = sides[side]
  const list = all.map((metric) => sqlOf(table, metric)).flatMap((sql) => [`avg(${sql})`, `count(${sql})`])
  const [row] = await table.query({ text: `SELECT ${list.join(', ')} FROM ${table.rows} r WHERE r.line IN (SELECT line_${side} FROM ${pairs} WHERE line_${side} IS NOT NULL)`, values: [] }, signal)
  return all.map((_, at) => ({ mean: numberIn(row?.[at * 2]), tasks: countIn(row?.[at * 2 + 1]) }))
}

function sqlOf(table: SourceTable, { fields, kind }: Metric): string {
  return kind === 'growth' ? growthOf(table, fields) : numberOf(table.column('tasks', `telemetry_at_end.${fields[0]}`))
}
