/** Watch expressions: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import type { Services } from '../handlers.ts'

export function watchesHandlers({ watches }: Services) {
  return {
    'watches.list': () => watches.list(),
    'watches.set': (params) => watches.set(params),
    'watches.remove': async ({ watchId }) => {
      await watches.remove(watchId)
      return {}
    },
    'watches.acknowledge': ({ watchId, sourceId }) => {
      watches.acknowledge(watchId, sourceId)
      return {}
    },
    'watches.preview': ({ sourceId, watch }, { signal }) => watches.preview(sourceId, watch, signal)
  } satisfies Partial<Handlers>
}
