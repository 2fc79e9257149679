import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StandInSafeStorage } from '../testing/electron/standInSafeStorage.ts'
import type { Answer } from './answer.ts'
import { type Cipher, MemorySecrets, SecretFile } from './secrets.ts'
import { secretHandlers, withSecrets } from './withSecrets.ts'

const password = 'corr3ct-horse'
const address = 'redis://alice@login02:6379'

let folder: string
let storage: StandInSafeStorage
let why: string | null
let said: string[]
let secrets: SecretFile

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provscope-secrets-'))
  storage = new StandInSafeStorage()
  why = null
  said = []
  secrets = fileOf(folder)
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** As the next start of the program finds it. */
function fileOf(configFolder: string): SecretFile {
  const { encryptStringAsync, decryptStringAsync } = storage.module(() => true) as { encryptStringAsync: (text: string) => Promise<Buffer>; decryptStringAsync: (bytes: Buffer) => Promise<{ result: string; shouldReEncrypt: boolean }> }
  const cipher: Cipher = {
    refusal: () => Promise.resolve(why),
    encrypt: encryptStringAsync,
    decrypt: async (bytes) => {
      const { result, shouldReEncrypt } = await decryptStringAsync(Buffer.from(bytes))
      return { text: result, isStale: shouldReEncrypt }
    }
  }
  return new SecretFile({ folder: configFolder, cipher, onProblem: (what) => said.push(what) })
}

async function everythingIn(configFolder: string): Promise<string> {
  const names = await readdir(configFolder, { recursive: true, withFileTypes: true })
  return (await Promise.all(names.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')))).join('\n')
}

describe('a file of secrets', () => {
  test('keeps them beyond the process, enciphered, for its owner alone', async () => {
    await secrets.keep(address, password)
    await secrets.keep('mongodb://h:27017', 'other')
    const next = fileOf(folder)
    expect(await next.get(address)).toBe(password)
    expect(await next.get('mongodb://h:27017')).toBe('other')
    expect(await next.get('redis://bob@login02:6379')).toBeNull()
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600)
    const text = await everythingIn(folder)
    expect(text).toContain(address)
    expect(text).not.toContain(password)
    expect(text).not.toContain(Buffer.from(password).toString('base64').replace(/=+$/, ''))
  })

  test('forgets', async () => {
    await secrets.keep(address, password)
    await secrets.forget(address)
    await secrets.forget('redis://never:6379')
    expect([await secrets.has(address), await fileOf(folder).get(address)]).toEqual([false, null])
    expect(await everythingIn(folder)).not.toContain('login02')
  })

  test('has only what was kept, whatever the address is called', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) expect([await secrets.has(name), await secrets.get(name)]).toEqual([false, null])
  })

  test('where the cipher must not be used, keeps in memory and writes nothing', async () => {
    why = 'No keyring.'
    await secrets.keep(address, password)
    expect([await secrets.refusal(), await secrets.has(address), await secrets.get(address)]).toEqual([why, true, password])
    expect(await readdir(folder)).toEqual([])
    expect(await fileOf(folder).get(address)).toBeNull()
    await secrets.forget(address)
    expect(await secrets.get(address)).toBeNull()
  })

  test('a key that was lost is told, and loses the password only', async () => {
    await secrets.keep(address, password)
    storage.loseKey()
    expect(await secrets.get(address)).toBeNull()
    expect(said.join()).toContain(`The password kept for ${address} cannot be read any more`)
    await secrets.keep(address, 'typed anew')
    expect(await secrets.get(address)).toBe('typed anew')
  })

  test('a key that has changed has the password written anew', async () => {
    await secrets.keep(address, password)
    const before = await readFile(join(folder, 'secrets.json'), 'utf8')
    storage.rotated = true
    expect(await secrets.get(address)).toBe(password)
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toBe(before)
  })

  test.each(['{', '[]', '{"secrets":[]', '{"secrets":{"a":1}}', 'null'])('one that holds %s is put aside', async (text) => {
    await writeFile(join(folder, 'secrets.json'), text)
    expect(await secrets.get(address)).toBeNull()
    await secrets.keep(address, password)
    expect(await fileOf(folder).get(address)).toBe(password)
    expect(await readFile(join(folder, 'secrets.json.bad'), 'utf8')).toBe(text)
    expect(said.join()).toContain('could not be understood')
  })
})

describe('on the way to the engine', () => {
  let asked: { method: string; params: unknown }[]
  let works: boolean
  /** As the list of sources tells of the queue that was attached to. */
  let queue: { state: string; live: { link: { name: string } } }
  const engine: Answer = (method, params) => {
    if (method === 'sources.list') return Promise.resolve({ ok: true, value: { sources: [{ sourceId: 'other', live: null }, { sourceId: 's', ...queue }] } })
    asked.push({ method, params })
    return Promise.resolve(works ? { ok: true, value: { sourceId: 's' } } : { ok: false, error: { code: 'unavailable', message: 'No.' } })
  }
  const never = new AbortController().signal
  const call = (method: string, params: object): ReturnType<Answer> => withSecrets(secrets, engine, (what) => said.push(what))(method, params, never)
  const last = (): unknown => asked.at(-1)?.params

  beforeEach(() => {
    asked = []
    works = true
    queue = { state: 'reading', live: { link: { name: 'live' } } }
  })

  test('a kept password is added where none was given, and only for its own address', async () => {
    await secrets.keep(address, password)
    for (const method of ['live.test', 'live.attach', 'live.attachPaths']) {
      await call(method, { url: 'redis://alice@login02/3/other' })
      expect(last(), method).toMatchObject({ url: 'redis://alice@login02/3/other', password })
      for (const url of ['rediss://alice@login02', 'redis://bob@login02', 'redis://alice@login02:6380', 'redis://alice@evil', 'redis://alice@login02@evil', 'redis://alice@login02?proxy=evil']) {
        await call(method, { url })
        expect(last(), url).not.toHaveProperty('password')
      }
    }
  })

  test('one that was given goes first, an empty one too, and so does one in the address', async () => {
    await secrets.keep(address, password)
    await call('live.test', { url: address, password: 'typed' })
    expect(last()).toMatchObject({ password: 'typed' })
    await call('live.test', { url: address, password: '' })
    expect(last()).toMatchObject({ password: '' })
    await call('live.test', { url: 'redis://alice:inside@login02' })
    expect(last()).not.toHaveProperty('password')
  })

  test('stores get theirs: opened, recorded to, looked at, at both ends of a transfer', async () => {
    const uri = 'mongodb://u@h/flowcept'
    await secrets.keep('mongodb://u@h:27017/flowcept', password)
    const store = { type: 'mongodb', uri }
    await call('stores.open', { store })
    expect(last()).toMatchObject({ store: { ...store, password } })
    await call('live.target', { type: 'mongodb', uri })
    expect(last()).toMatchObject({ uri, password })
    await call('transfers.start', { from: { type: 'lmdb', handle: 'x' }, to: store })
    expect(last()).toMatchObject({ from: { type: 'lmdb', handle: 'x' }, to: { password } })
    await call('live.attach', { url: 'redis://h', role: { kind: 'record', lmdb: null, mongodb: uri, jsonl: null, asInserter: false } })
    expect(last()).toMatchObject({ role: { mongodbPassword: password } })
  })

  test('what was typed is kept when that was asked for and it worked, and not otherwise', async () => {
    await call('live.attach', { url: address, password })
    works = false
    await call('live.attach', { url: address, password, keepPassword: true })
    expect(await secrets.has(address)).toBe(false)
    works = true
    await call('live.attach', { url: 'redis://alice@login02/0/interception', password, keepPassword: true })
    expect(await secrets.get(address)).toBe(password)
    await call('stores.open', { store: { type: 'mongodb', uri: 'mongodb://u:p%40w@h' }, keepPassword: true })
    expect(await secrets.get('mongodb://u@h:27017')).toBe('p@w')
    await call('live.attach', { url: 'redis://h', role: { kind: 'record', lmdb: null, mongodb: 'mongodb://v@h', mongodbPassword: 'm', jsonl: null, asInserter: false }, keepPassword: true })
    expect([await secrets.get('mongodb://v@h:27017'), await secrets.has('redis://h:6379')]).toEqual(['m', false])
  })

  test('of a queue that has not answered yet it is kept once that has let us in, and never if it refuses', async () => {
    queue.live.link.name = 'connecting'
    await call('live.attach', { url: address, password, keepPassword: true })
    await call('live.attach', { url: 'redis://bob@login02', password, keepPassword: true })
    expect(await secrets.has(address)).toBe(false)
    queue.live.link.name = 'live'
    await expect.poll(() => secrets.has(address)).toBe(true)
    expect(await secrets.get(address)).toBe(password)
    queue = { state: 'failed', live: { link: { name: 'detached' } } }
    await call('live.attach', { url: 'redis://eve@login02', password, keepPassword: true })
    expect(await secrets.has('redis://eve@login02:6379')).toBe(false)
  })

  test('a password that cannot be kept is told without it, and what was attached stays attached', async () => {
    storage.available = false
    expect(await call('live.attach', { url: address, password, keepPassword: true })).toMatchObject({ ok: true })
    expect(said.join()).toMatch(/was not kept/)
    expect(said.join()).not.toContain(password)
  })

  test('anything else passes as it is, wrong params too', async () => {
    const odd = { url: 7 }
    await call('live.attach', odd)
    expect(last()).toBe(odd)
    const other = { sourceId: 's' }
    await call('live.detach', other)
    await call('toString', other)
    expect(last()).toBe(other)
  })

  test('what the caller passed is not changed', async () => {
    await secrets.keep(address, password)
    const params = { url: address }
    await call('live.attach', params)
    expect(params).toEqual({ url: address })
  })
})

describe('a page', () => {
  const context = { signal: new AbortController().signal }

  test('sees whether a password is kept, never the password', async () => {
    const handlers = secretHandlers(secrets)
    await secrets.keep(address, password)
    expect(await handlers['secrets.state']?.({ address: 'redis://alice@LOGIN02/7' }, context)).toEqual({ canKeep: true, why: null, kept: true })
    expect(await handlers['secrets.forget']?.({ address: 'redis://alice@login02' }, context)).toEqual({})
    expect(await handlers['secrets.state']?.({ address }, context)).toEqual({ canKeep: true, why: null, kept: false })
    expect(await handlers['secrets.state']?.({ address: 'redis://' }, context)).toEqual({ canKeep: true, why: null, kept: false })
    expect(await handlers['secrets.forget']?.({ address: 'no address' }, context)).toEqual({})
  })

  test('is told that a host without a secret store keeps nothing beyond its process', async () => {
    const memory = new MemorySecrets()
    const handlers = secretHandlers(memory)
    await memory.keep(address, password)
    expect(await handlers['secrets.state']?.({ address }, context)).toEqual({ canKeep: false, why: 'This host has no secret store; a password is kept in memory only.', kept: true })
    await handlers['secrets.forget']?.({ address }, context)
    expect(await memory.get(address)).toBeNull()
  })
})
