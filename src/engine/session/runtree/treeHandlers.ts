/** The run's tree: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { AskTable } from '../askTable.ts'

export function treeHandlers(_of: AskTable) {
  return {
    'runtree.children': later,
    'runtree.path': later
  } satisfies Partial<Handlers>
}

const later = (): never => {
  throw new Refusal('unavailable', 'This is being built.')
}
