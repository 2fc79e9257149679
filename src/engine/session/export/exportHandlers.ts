/** Taking records out: the handlers of its methods. */
import type { Handlers } from '#contract/dispatch'
import { ownId } from '#contract/momentId'
import { askTable } from '../askTable.ts'
import { documentWriting } from '../documents/documentWriting.ts'
import type { Services } from '../handlers.ts'
import { exportManifest } from './manifest.ts'
import { secretsAsked } from './secretsAsked.ts'
import { startStoreExport } from './storeExport.ts'
import { tableWriting, type TableWritingOptions } from './tableWriting.ts'

export function exportHandlers(services: Services) {
  const { exports, live, sources } = services
  const of = askTable(sources)
  const besides = (sourceId: string): TableWritingOptions => ({ gaps: () => live.queues.gapsOf(ownId(sourceId)), manifest: (of) => exportManifest(services, sourceId, of) })
  return {
    'exports.start': async (params) => exports.startWriting(tableWriting(await sources.table(params.sourceId), params, besides(params.sourceId))),
    'exports.store': (params) => startStoreExport(services, params),
    'exports.document': async (params) => exports.startWriting(await documentWriting(services, params)),
    'exports.secrets': of<'exports.secrets'>(secretsAsked),
    'exports.list': (params) => exports.list(params),
    'exports.cancel': (params) => exports.cancel(params),
    'exports.path': (params) => exports.path(params)
  } satisfies Partial<Handlers>
}
