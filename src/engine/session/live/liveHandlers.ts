/** Methods about message queues and live sources. */
import { resolve } from 'node:path'
import type { Handlers } from '#contract/dispatch'
import type { Role } from '#contract/live'
import type { FlowceptSettings } from '#engine/inserter/flowceptSettings'
import { testQueue } from '#engine/sources/queue/testQueue'
import type { Exports } from '../export/exports.ts'
import type { Grants } from '../services/grants.ts'
import { mongoPlace } from '../stores/storePlace.ts'
import { dumpWriting } from './dump.ts'
import { fillFrom } from './fill.ts'
import { liveSettings } from './liveSettings.ts'
import type { Attaching, Queues } from './queues.ts'
import { fileTarget, recordTarget } from './targets.ts'

export type LiveServices = {
  readonly queues: Queues
  readonly grants: Grants
  readonly exports: Exports
  readonly flowcept: () => FlowceptSettings
  /** The same with the databases that Provscope's own settings put in their place. */
  readonly databases: () => Promise<FlowceptSettings>
  /** Where frames are kept while they are watched. */
  readonly spillFolder: string
  readonly startFolder: string
}

export function liveHandlers({ databases, exports, grants, queues, spillFolder, startFolder }: LiveServices) {
  const recordOf = (role: Role): Attaching['record'] => {
    if (role.kind === 'watch') return null
    const path = (handle: string | null): string | null => (handle === null ? null : grants.path(handle, 'write'))
    return { targets: { lmdb: path(role.lmdb), mongodb: role.mongodb === null ? null : mongoPlace(role.mongodb, role.mongodbPassword).uri, jsonl: path(role.jsonl) }, asInserter: role.asInserter }
  }
  return {
    'files.target': (params) => fileTarget(params, grants),
    'live.settings': async () => liveSettings(await databases(), { grants, spillFolder, startFolder }),
    'live.test': async ({ password: given, url }, { signal }) => {
      const { address, password } = queues.resolve(url, given)
      return { ...(await testQueue(address, password, signal)) }
    },
    'live.target': (params) => recordTarget(params, grants),
    'live.attach': async ({ password, role, url }) => ({ sourceId: await queues.attach({ url, password, record: recordOf(role) }) }),
    'live.attachPaths': async ({ password, record, url }) => {
      const path = (name: string | null): string | null => (name === null ? null : resolve(startFolder, name))
      const targets = record && { lmdb: path(record.lmdb), mongodb: record.mongodb === null ? null : mongoPlace(record.mongodb).uri, jsonl: path(record.jsonl) }
      return { sourceId: await queues.attach({ url, password, record: record && targets && { targets, asInserter: record.asInserter } }) }
    },
    'live.detach': async ({ sourceId }) => {
      await queues.liveEntry(sourceId).detach()
      return {}
    },
    'live.pause': ({ on, sourceId }) => {
      queues.liveEntry(sourceId).pause(on)
      return {}
    },
    'live.gaps': async ({ limit, offset, sourceId }) => {
      const entry = queues.liveEntry(sourceId)
      return { total: entry.ledger.count, gaps: await entry.gaps(offset, limit) }
    },
    'live.fill': async ({ handles, sourceId }, { signal }) => {
      const entry = queues.liveEntry(sourceId)
      const named = handles.flatMap((handle) => grants.paths(handle, 'read'))
      return await entry.fill(async () => await fillFrom(entry, named, AbortSignal.any([signal, entry.closing])))
    },
    'live.dump': ({ sourceId, ...params }) => exports.startWriting(dumpWriting(queues.liveEntry(sourceId), params))
  } satisfies Partial<Handlers>
}
