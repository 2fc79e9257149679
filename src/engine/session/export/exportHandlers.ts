/** Taking records out: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { ownId } from '#contract/momentId'
import { askTable } from '../askTable.ts'
import { documentWriting } from '../documents/documentWriting.ts'
import type { Services } from '../handlers.ts'
import { secretsAsked } from './secretsAsked.ts'
import { startStoreExport } from './storeExport.ts'
import { tableWriting } from './tableWriting.ts'

export function exportHandlers(services: Services) {
  const { exports, live, sources } = services
  const of = askTable(sources)
  return {
    'exports.start': async (params) => exports.startWriting(tableWriting(await sources.table(params.sourceId), params, { gaps: () => live.queues.gapsOf(ownId(params.sourceId)) })),
    'exports.store': (params) => startStoreExport(services, params),
    'exports.document': async (params) => exports.startWriting(await documentWriting(services, params)),
    'exports.secrets': of<'exports.secrets'>(secretsAsked),
    'exports.list': (params) => exports.list(params),
    'exports.cancel': (params) => exports.cancel(params),
    'exports.path': (params) => exports.path(params)
  } satisfies Partial<Handlers>
}
