/** Tending buffer files: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { Services } from '../handlers.ts'

export function buffersHandlers(_services: Services) {
  return {} satisfies Partial<Handlers>
}
