/** The run's tree: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { AskTable } from '../askTable.ts'
import { runTreeChildren, runTreePath } from './treeAnswers.ts'

export function treeHandlers(of: AskTable) {
  return {
    'runtree.children': of<'runtree.children'>(runTreeChildren),
    'runtree.path': of<'runtree.path'>(runTreePath)
  } satisfies Partial<Handlers>
}
