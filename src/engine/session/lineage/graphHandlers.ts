/** Lineage and dataflow: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { AskTable } from '../askTable.ts'
import { dataflowGraph } from './dataflowGraph.ts'
import { lineageGraph, lineagePath } from './lineageGraph.ts'
import { lineagePage } from './lineagePage.ts'

export function graphHandlers(of: AskTable) {
  return {
    'lineage.graph': of<'lineage.graph'>(lineageGraph),
    'lineage.path': of<'lineage.path'>(lineagePath),
    'lineage.page': of<'lineage.page'>(lineagePage),
    'dataflow.graph': of<'dataflow.graph'>(dataflowGraph)
  } satisfies Partial<Handlers>
}
