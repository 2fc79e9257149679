/** Where an export into a store goes: what was chosen, opened for counting or for writing, and shown without its password. */
import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Refusal } from '#contract/reply'
import type { StoreRef } from '#contract/stores'
import { withoutPassword } from '#engine/stores/mongoConnection'
import { openForForecast, openStore, type StoreAt } from '#engine/stores/openStore'
import type { Store } from '#engine/stores/store'
import type { Grants } from '../services/grants.ts'
import { mongoPlace, placeName, placeTitle } from '../stores/storePlace.ts'

export type StoreTarget = {
  readonly at: StoreAt & { readonly type: 'lmdb' | 'mongodb' }
  /** Path or address, by which sources are known too. */
  readonly address: string
  readonly title: string
  /** Any text that quotes the address, or the password alone, fit to be shown. */
  readonly scrub: (text: string) => string
}

/** @throws Refusal for what is no store to export to, or was not granted for writing */
export function storeTarget(ref: StoreRef, grants: Pick<Grants, 'path'>): StoreTarget {
  if (ref.type === 'jsonl') throw new Refusal('bad-request', 'A buffer file is written as an export in the format JSON Lines.')
  if (ref.type === 'lmdb') {
    const place = { type: 'lmdb', path: resolve(grants.path(ref.handle, 'write')) } as const
    return { at: place, address: placeName(place), title: placeTitle(place), scrub: (text) => text }
  }
  const place = mongoPlace(ref.uri, ref.password)
  return { at: { type: 'mongodb', uri: place.uri }, address: placeName(place), title: placeTitle(place), scrub: (text) => scrubbed(text, place.uri) }
}

/**
 * To be counted against it is opened for reading: nothing is made, neither a folder nor a collection nor an index.
 * @throws Refusal in a sentence: another format, a folder of other things, cannot be reached
 */
export async function openTarget({ at, scrub }: StoreTarget, { dryRun, onWarning }: { dryRun: boolean; onWarning: (sentence: string) => void }): Promise<Store> {
  try {
    if (at.type === 'lmdb') await expectRoom(at.path)
    return dryRun ? await openForForecast(at) : await openStore(at, { readOnly: false, onWarning: (sentence) => onWarning(scrub(sentence)) })
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.code, scrub(error.message)) : error
  }
}

/** A database is not laid among other files by mistake. */
async function expectRoom(path: string): Promise<void> {
  let names: string[]
  try {
    names = await readdir(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    throw new Refusal('unavailable', code === 'ENOTDIR' ? `${path} is a file, not the folder of an LMDB.` : `${path} cannot be looked into${code === 'EACCES' ? ': there is no permission' : ''}.`)
  }
  if (names.length === 0 || names.includes('data.mdb') || names.every((name) => name === 'lock.mdb')) return
  throw new Refusal('bad-request', `${path} holds other files and no LMDB. Name an empty folder, a new one, or one that holds an LMDB.`)
}

function scrubbed(text: string, uri: string): string {
  const password = /^[^:]+:\/\/[^:/@]*:([^@]*)@/.exec(uri)?.[1]
  const shown = withoutPassword(text)
  if (password === undefined || password === '') return shown
  // As it stands in the address, and as it was typed. A short one would be found in every word.
  return [password, decodeURIComponent(password)].filter((one) => one.length > 3).reduce((rest, one) => rest.replaceAll(one, '***'), shown)
}
