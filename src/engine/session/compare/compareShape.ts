/** Both runs from their starts as bars, and which bars hold each other's counterparts. */
import type { Params, Result } from '#contract/methods'
import { textIn } from '../overview/taskColumns.ts'
import { queryColumns } from '../table/queryColumns.ts'
import { type Alignment, withAlignment } from './alignment.ts'
import type { Sides } from './pairCache.ts'
import { others, shapeBars, type ShapeTasks } from './shapeBars.ts'

type Bar = Result<'compare.shape'>['a'][number]

export async function compareShape(sides: Sides, { bars, match }: Params<'compare.shape'>, signal: AbortSignal): Promise<Result<'compare.shape'>> {
  return await withAlignment(sides, match, signal, async (alignment) => {
    const names = (await sides.a.table.query({ text: `SELECT DISTINCT activity FROM ${alignment.pairs} ORDER BY activity NULLS FIRST`, values: [] }, signal)).map((row) => textIn(row[0]))
    const [a, b] = await Promise.all([readSide(alignment, 'a', signal), readSide(alignment, 'b', signal)])
    const [shapeA, shapeB] = [shapeBars(a.tasks, bars), shapeBars(b.tasks, bars)]
    const named = (own: typeof shapeA): Bar[] => own.bars.map(({ activity, ...bar }) => ({ activity: activity === others ? null : (names[activity] ?? null), ...bar }))
    return { a: named(shapeA), b: named(shapeB), links: linksOf({ pos: a.pos, barOf: shapeA.barOf }, { pos: b.pos, barOf: shapeB.barOf }) }
  })
}

type Side = { pos: Float64Array; tasks: ShapeTasks }

/** Tasks without a start are in no picture. One without an end has no length. */
async function readSide({ a, pairs }: Alignment, side: 'a' | 'b', signal: AbortSignal): Promise<Side> {
  const text = `SELECT pos::DOUBLE, code::DOUBLE, start_${side}, coalesce(end_${side}, start_${side}), (CASE WHEN status_${side} = 'ERROR' THEN 1 ELSE 0 END)::DOUBLE
    FROM (SELECT *, dense_rank() OVER (ORDER BY activity NULLS FIRST) - 1 AS code FROM ${pairs}) WHERE start_${side} IS NOT NULL ORDER BY start_${side}, pos`
  const [pos, code, from, to, failed] = (await queryColumns(a.table, { text, values: [] }, [false, false, false, false, false], signal)) as Float64Array[] as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  return { pos, tasks: { activity: Int32Array.from(code), from, to, failed: Uint8Array.from(failed) } }
}

/** Each bar of A with the bar of B that holds most of its tasks' counterparts. */
function linksOf(a: { pos: Float64Array; barOf: Int32Array }, b: { pos: Float64Array; barOf: Int32Array }): [number, number][] {
  const barAt = new Map<number, number>()
  for (const [at, pos] of b.pos.entries()) barAt.set(pos, b.barOf[at] as number)
  const counts = new Map<number, Map<number, number>>()
  for (const [at, pos] of a.pos.entries()) {
    const other = barAt.get(pos)
    if (other === undefined) continue
    const own = counts.get(a.barOf[at] as number) ?? new Map<number, number>()
    own.set(other, (own.get(other) ?? 0) + 1)
    counts.set(a.barOf[at] as number, own)
  }
  return [...counts].map(([bar, own]): [number, number] => [bar, [...own].reduce((best, one) => (one[1] > best[1] ? one : best))[0]]).toSorted((one, other) => one[0] - other[0])
}
