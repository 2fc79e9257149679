/** Settings: the handlers of their methods. */
import type { Handlers } from '#contract/dispatch'
import type { Services } from '../handlers.ts'

export function settingsHandlers(_services: Services) {
  return {} satisfies Partial<Handlers>
}
