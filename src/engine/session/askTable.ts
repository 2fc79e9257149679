/** Answers a method from one source's table, whatever happens to the source meanwhile. */
import type { Method, Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { SourceList } from './sourceList.ts'
import type { SourceTable } from './table/sourceTable.ts'

/** Methods that ask one source's table. */
export type TableMethod = { [M in Method]: Params<M> extends { sourceId: string } ? M : never }[Method]
export type AskTable = <M extends TableMethod>(
  answer: (table: SourceTable, params: Params<M>, signal: AbortSignal) => Promise<Result<M>>
) => (params: Params<M>, context: { signal: AbortSignal }) => Promise<Result<M>>

export function askTable(sources: Pick<SourceList, 'table'>): AskTable {
  return (answer) =>
    async (params, { signal }) => {
      const table = await sources.table(params.sourceId)
      const { revision } = table
      try {
        return await answer(table, params, signal)
      } catch (error) {
        if (error instanceof Refusal) throw error
        // The source was closed meanwhile, which is refused here; or its columns changed under the question, which is asked once more.
        const present = await sources.table(params.sourceId)
        if (present === table && present.revision === revision) throw error
        return await answer(present, params, signal)
      }
    }
}
