/** Read-only SQL: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { AskTable } from '../askTable.ts'
import type { Services } from '../handlers.ts'

export function sqlHandlers(_of: AskTable, _services: Services) {
  return {} satisfies Partial<Handlers>
}
