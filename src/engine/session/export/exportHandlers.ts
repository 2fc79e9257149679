/** Taking records out: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import { documentWriting } from '../documents/documentWriting.ts'
import type { Services } from '../handlers.ts'
import { startStoreExport } from './storeExport.ts'

export function exportHandlers(services: Services) {
  const { exports } = services
  return {
    'exports.start': (params) => exports.start(params),
    'exports.store': (params) => startStoreExport(services, params),
    'exports.document': async (params) => exports.startWriting(await documentWriting(services, params)),
    'exports.secrets': () => Promise.reject(new Refusal('unavailable', 'This is being built.')),
    'exports.list': (params) => exports.list(params),
    'exports.cancel': (params) => exports.cancel(params),
    'exports.path': (params) => exports.path(params)
  } satisfies Partial<Handlers>
}
