/** What a transfer counted, as an export into a store tells it. */
import type { ExportJob } from '#contract/exports'
import type { RecordKind } from '#engine/records/classify'
import { recordKinds } from '#engine/stores/store'
import { added, type TransferCounts, type TransferProgress, type TransferResult } from '#engine/stores/transfer'
import { recordsOf } from './storeSelection.ts'

export type StoreFigures = NonNullable<ExportJob['store']>
type Problems = Pick<StoreFigures, 'problemCount' | 'problems'>
type Counted = Pick<TransferProgress, 'before' | 'counts' | 'total'>

const mostProblems = 100
export const noProblems: Problems = { problemCount: 0, problems: [] }

/** How it goes on: what there is to say before the end. */
export function runningFigures(counted: Counted): Pick<ExportJob, 'rows' | 'totalRows' | 'store'> {
  const { counts, figures } = countsOf(counted)
  return { rows: sum(counts, 'read'), totalRows: totalOf(counted), store: { ...figures, fields: [], ...noProblems, resumed: counted.before !== null } }
}

/** @param further problems that are not the transfer's own */
export function endedFigures(result: TransferResult, total: Counted['total'], further: readonly Problems[]): Pick<ExportJob, 'rows' | 'totalRows' | 'store' | 'checks'> {
  const counted = { ...result, total }
  const { counts, figures } = countsOf(counted)
  const own = result.problems.slice(0, mostProblems).map(({ field, id, kind, reason }) => ({ kind, id, field, reason }))
  const problems = [...further.flatMap((one) => one.problems), ...own].slice(0, mostProblems)
  const problemCount = further.reduce((count, one) => count + one.problemCount, result.problemCount)
  const checks = recordKinds
    .filter((kind) => total[kind] > 0)
    .map((kind) => {
      const { changed, created, different, equal, read } = counts[kind]
      const stored = created + changed + equal
      // What the store cannot keep at all is a problem of its own.
      const expected = total[kind] - (read - stored)
      return { what: `${recordsOf[kind]} read back`, expected: String(expected), found: String(stored - different), ok: stored - different === expected }
    })
  return { rows: sum(counts, 'read'), totalRows: totalOf(counted), checks, store: { ...figures, fields: [...result.fields], problemCount, problems, resumed: result.resumedAfter !== null } }
}

/** For a manifest. */
export function storeNotes({ changed, created, equal, problemCount, resumed }: StoreFigures): string[] {
  const all = (counts: StoreFigures['created']): string => recordKinds.reduce((count, kind) => count + counts[kind], 0).toLocaleString('en')
  return [
    `Of these records ${all(created)} were new in the store, ${all(changed)} gained something there, and ${all(equal)} had nothing to add.`,
    ...(problemCount > 0 ? [`${problemCount.toLocaleString('en')} values could not be kept as they are.`] : []),
    ...(resumed ? ['It went on where an earlier try ended; values that were treated as secrets in that one are not counted.'] : [])
  ]
}

function countsOf({ before, counts: own, total }: Counted): { counts: Readonly<Record<RecordKind, TransferCounts>>; figures: Pick<StoreFigures, 'total' | 'created' | 'changed' | 'equal' | 'different'> } {
  const counts = added(own, before)
  const of = (name: keyof TransferCounts): StoreFigures['created'] => Object.fromEntries(recordKinds.map((kind) => [kind, counts[kind][name]])) as StoreFigures['created']
  return { counts, figures: { total: { ...total }, created: of('created'), changed: of('changed'), equal: of('equal'), different: of('different') } }
}

function sum(counts: Readonly<Record<RecordKind, TransferCounts>>, name: keyof TransferCounts): number {
  return recordKinds.reduce((all, kind) => all + counts[kind][name], 0)
}

function totalOf({ total }: Counted): number {
  return recordKinds.reduce((all, kind) => all + total[kind], 0)
}
