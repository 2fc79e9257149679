/** Opens a store wherever it is: an LMDB folder, a MongoDB, a JSON Lines file. */
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '#contract/reply'
import { openJsonlStore } from './jsonlStore.ts'
import { openLmdbStore } from './lmdbStore.ts'
import { openMongoStore } from './mongoStore.ts'
import type { Store } from './store.ts'

/** Paths are absolute; the URI has its password. */
export type StoreAt = { readonly type: 'lmdb' | 'jsonl'; readonly path: string } | { readonly type: 'mongodb'; readonly uri: string }

export type OpenStoreOptions = {
  readonly readOnly: boolean
  /** A record that is none, or an index that could not be made: a sentence. */
  readonly onWarning?: ((sentence: string) => void) | undefined
}

/**
 * Answers when it can be read, and written unless it is for reading only; a folder or file that is not there is made then.
 * @throws Refusal in a sentence: not there, another format, cannot be reached
 */
export async function openStore(at: StoreAt, { readOnly, onWarning }: OpenStoreOptions): Promise<Store> {
  if (at.type !== 'mongodb') {
    if (at.type === 'lmdb') return openLmdbStore(at.path, { readOnly, onUnreadable: (kind, id, reason) => onWarning?.(`The ${kind} ${id} could not be read: ${reason}`) })
    return await openJsonlStore(at.path, { readOnly, onUnreadable: (line, reason) => line > 0 && onWarning?.(`Line ${line} of ${at.path} could not be read: ${reason}`) })
  }
  const store = openMongoStore(at.uri, { readOnly, onWarning })
  try {
    await store.ready()
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The target of a transfer as it is, for reading; where there is none yet, one without records that is gone when it is closed. */
export async function openForForecast(at: StoreAt): Promise<Store> {
  try {
    return await openStore(at, { readOnly: true })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'not-found' || at.type === 'mongodb') throw error
  }
  const folder = await mkdtemp(join(tmpdir(), 'provscope-forecast-'))
  const store = await openStore({ type: at.type, path: join(folder, 'empty') }, { readOnly: false })
  const close = store.close.bind(store)
  store.close = async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  }
  return store
}

/** Where a transfer between the two remembers how far it came, whoever runs it. Makes the folder. */
export function checkpointPath(configFolder: string, source: { readonly type: string; readonly name: string }, target: Pick<Store, 'type' | 'name'>): string {
  const folder = join(configFolder, 'transfers')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const name = createHash('sha256').update(`${source.type} ${source.name}\n${target.type} ${target.name}`).digest('hex').slice(0, 24)
  return join(folder, `${name}.json`)
}
