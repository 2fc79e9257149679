/** Methods about stores: opening one, transfer between them, objects and their versions. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'
import type { Exports } from '../export/exports.ts'
import type { Grants } from '../services/grants.ts'
import type { SourceList } from '../sourceList.ts'
import { knownObjectVersions, mongoObjectVersions, objectWriting } from './objects.ts'
import { StoreEntry } from './storeEntry.ts'
import { mongoPlace, storePlace } from './storePlace.ts'
import type { Transfers } from './transfers.ts'

export type StoreServices = { readonly sources: SourceList; readonly grants: Grants; readonly exports: Exports; readonly transfers: Transfers }

export function storeHandlers({ exports, grants, sources, transfers }: StoreServices) {
  /** Null for a source that has no MongoDB. */
  const mongoOf = async (sourceId: string) => {
    const entry = sources.entry(sourceId)
    if (!(entry instanceof StoreEntry) || entry.store.type !== 'mongodb') return null
    await entry.table()
    return entry.mongo
  }
  return {
    'stores.open': ({ store }) => {
      if (store.type === 'mongodb') return { sourceId: sources.openStore(mongoPlace(store.uri, store.password), { follow: false }) }
      const path = grants.path(store.handle, 'read')
      if (store.type === 'jsonl') return { sourceId: sources.open([path], { follow: false }) }
      const place = storePlace(path)
      if (place === null) throw new Refusal('not-found', `${path} holds no data.mdb, so there is no LMDB store to open.`)
      return { sourceId: sources.openStore(place, { follow: false }) }
    },
    'transfers.start': (params) => transfers.start(params),
    'transfers.list': (params) => transfers.list(params),
    'transfers.cancel': (params) => transfers.cancel(params),
    'objects.versions': async ({ objectId, sourceId }, { signal }) => {
      const mongo = await mongoOf(sourceId)
      return mongo ? await mongoObjectVersions(mongo, objectId) : await knownObjectVersions(await sources.table(sourceId), objectId, signal)
    },
    'objects.download': async (params) => {
      const mongo = await mongoOf(params.sourceId)
      if (mongo === null) throw new Refusal('bad-request', 'This source holds what is known of objects, not their bytes: those lie in MongoDB.')
      return exports.startWriting(objectWriting(mongo, params))
    }
  } satisfies Partial<Handlers>
}
