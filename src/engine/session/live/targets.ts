/** Where a recording or a dump may go: something new, or what it can go on with. Anything else that lies there is left alone. */
import { type Stats } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { JsonSyntaxError, isJsonObject, parseJson } from '#contract/json'
import type { Params, Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { isBufferName, whyNot } from '#engine/sources/expand'
import { openJsonlStore } from '#engine/stores/jsonlStore'
import { readLmdbFormat } from '#engine/stores/lmdbFormat'
import { openLmdbStore } from '#engine/stores/lmdbStore'
import { openMongoStore } from '#engine/stores/mongoStore'
import { recordKinds, type Store } from '#engine/stores/store'
import type { Grants } from '../services/grants.ts'
import { mongoPlace } from '../stores/storePlace.ts'

type Target = Result<'live.target'>

const headBytes = 64 << 10
/** Larger files are gone on with, but not counted first. */
const countedBytes = 256 << 20
const mongoAnswerMs = 5000

/** @throws Refusal where anything lies that is neither new nor ours to go on with */
export async function fileTarget({ handle, name, type }: Params<'files.target'>, grants: Grants): Promise<Result<'files.target'>> {
  if (/[/\\\0]/.test(name) || name === '.' || name === '..') throw new Refusal('bad-request', 'The name of a file or folder has no slashes.')
  const folder = grants.path(handle, 'read')
  const path = join(folder, name)
  if (type === 'jsonl') await checkBuffer(path)
  else await checkLmdb(path)
  return { handle: grants.grant(path, 'write'), path }
}

/** What would be recorded to. */
export async function recordTarget({ handle, password, type, uri }: Params<'live.target'>, grants: Grants): Promise<Target> {
  try {
    if (type === 'mongodb') return await mongoTarget(uri ?? '', password)
    const path = grants.path(handle ?? '', 'write')
    return type === 'lmdb' ? await lmdbTarget(path) : await bufferTarget(path)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { state: 'refused', records: null, message: error.message }
  }
}

/** @returns what is there, null if nothing is. @throws Refusal for a file that is no buffer */
export async function checkBuffer(path: string): Promise<Stats | null> {
  if (!isBufferName(basename(path)) || /\.(gz|zst)$/i.test(path)) throw new Refusal('bad-request', 'A buffer file is named *.jsonl or *.ndjson.')
  const found = await look(path)
  if (found === null) return null
  if (!found.isFile()) throw new Refusal('bad-request', `${path} is no file.`)
  if (found.size > 0 && !(await beginsAsBuffer(path))) throw new Refusal('bad-request', `${path} is a file of something else: its first line is no JSON object. Choose another name.`)
  return found
}

/** @returns whether there is a store already. @throws Refusal for a folder of anything else */
export async function checkLmdb(path: string): Promise<boolean> {
  const found = await look(path)
  if (found === null) return false
  if (!found.isDirectory()) throw new Refusal('bad-request', `${path} is a file; an LMDB environment is a folder.`)
  if (readLmdbFormat(path).state === 'v1') return true
  const others = (await readdir(path)).filter((name) => name !== 'data.mdb' && name !== 'lock.mdb')
  if (others.length > 0) throw new Refusal('bad-request', `${path} holds other files (${others.slice(0, 3).join(', ')}${others.length > 3 ? ', …' : ''}) and no LMDB store. Choose an empty folder or a new name.`)
  return false
}

async function lmdbTarget(path: string): Promise<Target> {
  if (!(await checkLmdb(path))) return { state: 'new', records: null, message: `${path} will be made.` }
  const store = openLmdbStore(path, { readOnly: true })
  try {
    return kept(path, await countAll(store))
  } finally {
    await store.close()
  }
}

async function bufferTarget(path: string): Promise<Target> {
  const found = await checkBuffer(path)
  if (found === null || found.size === 0) return { state: 'new', records: null, message: `${path} will be made.` }
  if (found.size > countedBytes) return { state: 'kept', records: null, message: `${path} is appended to.` }
  const store = await openJsonlStore(path, { readOnly: true })
  try {
    return kept(path, await countAll(store))
  } finally {
    await store.close()
  }
}

async function mongoTarget(uri: string, password: string | undefined): Promise<Target> {
  const place = mongoPlace(uri, password)
  const store = openMongoStore(place.uri, { readOnly: true, waitMs: mongoAnswerMs })
  try {
    const records = await countAll(store)
    return records === 0 ? { state: 'new', records, message: `${place.address} answers, and is empty.` } : kept(place.address, records)
  } finally {
    await store.close()
  }
}

function kept(name: string, records: number): Target {
  return { state: 'kept', records, message: `${name} holds ${records.toLocaleString('en')} ${records === 1 ? 'record' : 'records'}; they stay, and what is recorded is merged into them.` }
}

async function countAll(store: Store): Promise<number> {
  let sum = 0
  for (const kind of recordKinds) sum += await store.count(kind)
  return sum
}

async function look(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') throw new Refusal('unavailable', whyNot(error as NodeJS.ErrnoException, path))
    if ((await stat(dirname(path)).catch(() => null))?.isDirectory() !== true) throw new Refusal('unavailable', `There is no folder ${dirname(path)}.`)
    return null
  }
}

async function beginsAsBuffer(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const text = buffer.toString('utf8', 0, bytesRead).trimStart()
    const end = text.indexOf('\n')
    // A longer line than was looked at.
    if (end < 0 && bytesRead === headBytes) return text.startsWith('{"')
    return isJsonObject(parseJson(end < 0 ? text : text.slice(0, end)))
  } catch (error) {
    if (error instanceof JsonSyntaxError) return false
    throw error
  } finally {
    await file.close()
  }
}
