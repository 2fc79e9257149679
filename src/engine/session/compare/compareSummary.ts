/** Two runs in figures: what of their parameters, inputs and outputs differs, and which tasks have counterparts. */
import type { Params, Result } from '#contract/methods'
import { countIn } from '../overview/taskColumns.ts'
import { withAlignment } from './alignment.ts'
import { comparedRuns } from './compareFields.ts'
import type { Part } from './comparedFields.ts'
import type { Sides } from './pairCache.ts'
import { runFigure } from './runFigures.ts'

/** @param names of the sources, for runs that are all of one */
export async function compareSummary(sides: Sides, { match }: Params<'compare.summary'>, names: { a: string; b: string }, signal: AbortSignal): Promise<Result<'compare.summary'>> {
  const { a, b } = sides
  const [figureA, figureB] = await Promise.all([runFigure(a.table, a.run, names.a, signal), runFigure(b.table, b.run, names.b, signal)])
  return await withAlignment(sides, match, signal, async (alignment) => {
    const { counts } = await comparedRuns(alignment, match, signal)
    const of = (part: Part, ofTasks: boolean): { differ: number; of: number } => {
      const own = counts.filter((count) => count.field.part === part && count.ofTasks === ofTasks)
      return { differ: own.filter(({ differ }) => differ > 0).length, of: own.length }
    }
    const [row] = await a.table.query({ text: `SELECT count(*) FILTER (line_a IS NOT NULL AND line_b IS NOT NULL), count(*) FILTER (line_b IS NULL), count(*) FILTER (line_a IS NULL), count(*) FILTER (line_a IS NOT NULL AND line_b IS NOT NULL AND status_a IS DISTINCT FROM status_b) FROM ${alignment.pairs}`, values: [] }, signal)
    const [matched = 0, onlyA = 0, onlyB = 0, statusChanged = 0] = (row ?? []).map(countIn)
    return { revision: Math.max(a.table.revision, b.table.revision), a: figureA, b: figureB, parameters: of('parameter', false), inputs: of('input', true), outputs: of('output', true), matched, onlyA, onlyB, statusChanged }
  })
}
