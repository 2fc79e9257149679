/** Comparisons: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'
import { compareRuns } from './runFigures.ts'
import { sweepColumns } from './sweepColumns.ts'
import { sweepRows } from './sweepRows.ts'

export function compareHandlers(of: AskTable, _services: Services) {
  return {
    'compare.runs': of<'compare.runs'>(compareRuns),
    'compare.summary': later,
    'compare.fields': later,
    'compare.unmatched': later,
    'compare.activities': later,
    'compare.telemetry': later,
    'compare.shape': later,
    'compare.divergence': later,
    'sweep.columns': of<'sweep.columns'>(sweepColumns),
    'sweep.rows': of<'sweep.rows'>(sweepRows)
  } satisfies Partial<Handlers>
}

const later = (): never => {
  throw new Refusal('unavailable', 'This is being built.')
}
