/** Saved views, views that were brought along, and the session that was open before: the handlers of their methods. */
import type { Handlers } from '#contract/dispatch'
import type { Services } from '../handlers.ts'
import { writeView } from './savedViews.ts'

export function savedViewsHandlers({ brought, grants, savedViews, session }: Services) {
  return {
    'savedViews.list': (params) => savedViews.list(params),
    'savedViews.set': (params) => savedViews.set(params),
    'savedViews.remove': async ({ viewId }) => {
      await savedViews.remove(viewId)
      return {}
    },
    'savedViews.write': async ({ handle, name, view }) => {
      await writeView(grants.path(handle, 'write'), name, view)
      return {}
    },
    'savedViews.bring': async (what) => {
      await brought.bring(what)
      return {}
    },
    'savedViews.take': () => ({ brought: brought.take() }),
    'session.keep': ({ pageId, address }) => {
      session.keepPage(pageId, address)
      return {}
    },
    'session.left': ({ pageId }) => session.left(pageId),
    'session.forget': ({ handle }) => {
      session.forget(handle === undefined ? null : grants.paths(handle, 'read'))
      return {}
    }
  } satisfies Partial<Handlers>
}
