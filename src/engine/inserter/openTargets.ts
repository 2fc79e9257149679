/** Opens what a recording writes to. */
import { dirname } from 'node:path'
import { Refusal } from '#contract/reply'
import { makeFolder } from '#engine/stores/makeFolder'
import { openJsonlStore } from '#engine/stores/jsonlStore'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import type { Store } from '#engine/stores/store'
import type { RecordingTargets } from './recordingState.ts'

/** A server that is away opens all the same; a file that cannot be written does not. @throws Refusal */
export async function openTargets({ lmdb, mongodb, jsonl }: RecordingTargets): Promise<Store[]> {
  const stores: Store[] = []
  try {
    if (lmdb !== null) stores.push(openLmdbStore(lmdb))
    if (mongodb !== null) stores.push(openMongoStore(mongodb))
    if (jsonl !== null) stores.push(await openBuffer(jsonl))
    if (stores.length === 0) throw new Refusal('bad-request', 'There is nothing to record to: name an LMDB folder, a MongoDB database or a buffer file.')
    return stores
  } catch (error) {
    await Promise.all(stores.map(async (store) => await store.close()))
    throw error
  }
}

async function openBuffer(path: string): Promise<Store> {
  try {
    makeFolder(dirname(path))
    return await openJsonlStore(path)
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof Error)) throw error
    throw new Refusal('unavailable', `${path} cannot be written: ${error.message}.`)
  }
}
