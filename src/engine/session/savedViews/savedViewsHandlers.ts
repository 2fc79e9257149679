/** Saved views: the handlers of their methods. */
import type { Handlers } from '#contract/dispatch'
import type { Services } from '../handlers.ts'

export function savedViewsHandlers(_services: Services) {
  return {} satisfies Partial<Handlers>
}
