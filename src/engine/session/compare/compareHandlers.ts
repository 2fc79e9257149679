/** Comparisons: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { ownId } from '#contract/momentId'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'
import { compareActivities } from './compareActivities.ts'
import { compareDivergence } from './compareDivergence.ts'
import { compareFields } from './compareFields.ts'
import { compareShape } from './compareShape.ts'
import { compareSummary } from './compareSummary.ts'
import { compareTelemetry } from './compareTelemetry.ts'
import { compareUnmatched } from './compareUnmatched.ts'
import type { Sides } from './pairCache.ts'
import { compareRuns } from './runFigures.ts'
import { sweepColumns } from './sweepColumns.ts'
import { sweepRows } from './sweepRows.ts'

type PairMethod = 'compare.summary' | 'compare.fields' | 'compare.unmatched' | 'compare.activities' | 'compare.telemetry' | 'compare.shape' | 'compare.divergence'

export function compareHandlers(of: AskTable, { sources }: Services) {
  const nameOf = (sourceId: string): string => sources.entry(ownId(sourceId)).describe().name
  return {
    'compare.runs': of<'compare.runs'>(compareRuns),
    'compare.summary': ofPair<'compare.summary'>(sources, (sides, params, signal) => compareSummary(sides, params, { a: nameOf(params.a.sourceId), b: nameOf(params.b.sourceId) }, signal)),
    'compare.fields': ofPair<'compare.fields'>(sources, compareFields),
    'compare.unmatched': ofPair<'compare.unmatched'>(sources, compareUnmatched),
    'compare.activities': ofPair<'compare.activities'>(sources, compareActivities),
    'compare.telemetry': ofPair<'compare.telemetry'>(sources, compareTelemetry),
    'compare.shape': ofPair<'compare.shape'>(sources, compareShape),
    'compare.divergence': ofPair<'compare.divergence'>(sources, compareDivergence),
    'sweep.columns': of<'sweep.columns'>(sweepColumns),
    'sweep.rows': of<'sweep.rows'>(sweepRows)
  } satisfies Partial<Handlers>
}

/** As askTable does it, of two tables. */
function ofPair<M extends PairMethod>(sources: Services['sources'], answer: (sides: Sides, params: Params<M>, signal: AbortSignal) => Promise<Result<M>>) {
  return async (params: Params<M>, { signal }: { signal: AbortSignal }): Promise<Result<M>> => {
    const sides = async (): Promise<Sides> => ({ a: { table: await sources.table(params.a.sourceId), run: params.a }, b: { table: await sources.table(params.b.sourceId), run: params.b } })
    const asked = await sides()
    const revisions = [asked.a.table.revision, asked.b.table.revision]
    try {
      return await answer(asked, params, signal)
    } catch (error) {
      if (error instanceof Refusal) throw error
      const present = await sides()
      if (present.a.table === asked.a.table && present.b.table === asked.b.table && present.a.table.revision === revisions[0] && present.b.table.revision === revisions[1]) throw error
      return await answer(present, params, signal)
    }
  }
}
