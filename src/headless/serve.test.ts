/** `provscope serve` on a real queue: what is recorded is written before it ends, and a password stays where it was given. */
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Redis from 'ioredis'
import { open } from 'lmdb'
import { Packr } from 'msgpackr'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Reply } from '#contract/reply'
import type { Source } from '#contract/sources'
import { buildCli, startCli } from '../testing/builtCli.ts'
import { hasRedis, noRedis, type RedisServer, startRedis } from '../testing/servers/redis.ts'

const password = 'corr3ct-horse-battery'

type Served = { child: ChildProcess; call: <T>(method: string, params?: object) => Promise<Reply<T>>; said: () => string; ended: Promise<number | null> }

describe.skipIf(!hasRedis())(hasRedis() ? 'a served workbench' : noRedis, () => {
  let folder: string
  let files: string
  let redis: RedisServer
  let served: Served
  const replies: string[] = []

  beforeAll(buildCli)
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'provscope-serve-'))
    files = join(folder, 'files')
    mkdirSync(files)
    mkdirSync(join(folder, 'temp'))
    redis = await startRedis(['--requirepass', password])
    replies.length = 0
  })
  afterEach(async () => {
    served.child.kill('SIGKILL')
    await served.ended
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function serve(...sources: string[]): Promise<Served> {
    const child = startCli(['serve', '--no-open', ...sources], { cwd: files, env: { PROVSCOPE_CONFIG_DIR: join(folder, 'config'), TMPDIR: join(folder, 'temp') } })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { said += text })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const url = await new Promise<URL>((resolve, reject) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const ready = /ready at (\S+)/.exec(text)?.[1]
        if (ready !== undefined) resolve(new URL(ready))
      })
      child.once('close', () => reject(new Error(said)))
    })
    const call = async <T>(method: string, params: object = {}): Promise<Reply<T>> => {
      const response = await fetch(`${url.origin}/call`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${url.searchParams.get('token')}` }, body: JSON.stringify({ method, params }) })
      const text = await response.text()
      replies.push(text)
      return JSON.parse(text) as Reply<T>
    }
    served = { child, call, said: () => said, ended }
    return served
  }

  async function lmdbTarget({ call }: Served, name: string): Promise<string> {
    const browsed = await call<{ handle: string }>('files.browse')
    const target = browsed.ok ? await call<{ handle: string }>('files.target', { handle: browsed.value.handle, name, type: 'lmdb' }) : browsed
    if (!target.ok) throw new Error(target.error.message)
    return target.value.handle
  }

  async function onlySource({ call }: Served): Promise<Source | undefined> {
    const reply = await call<{ sources: Source[] }>('sources.list')
    return reply.ok ? reply.value.sources[0] : undefined
  }

  async function publish(count: number): Promise<void> {
    const client = new Redis(redis.port, { password })
    const packr = new Packr({ useRecords: false })
    const pipeline = client.pipeline()
    for (let index = 0; index < count; index++) pipeline.publish('interception', packr.pack({ type: 'task', task_id: `t${index}`, activity_id: 'a', status: 'FINISHED', started_at: 1, ended_at: 2 }))
    await pipeline.exec()
    await client.quit()
  }

  test.each(['SIGTERM', 'SIGINT'] as const)('on %s writes what it is recording, says so, and then ends', async (signal) => {
    const running = await serve()
    const attached = await running.call('live.attach', { url: redis.url, password, role: { kind: 'record', lmdb: await lmdbTarget(running, 'recorded'), mongodb: null, jsonl: null, asInserter: false } })
    expect(attached).toMatchObject({ ok: true })
    await expect.poll(async () => (await onlySource(running))?.live?.link.name).toBe('live')
    await publish(3000)
    await expect.poll(async () => (await onlySource(running))?.live?.received).toBe(3000)
    running.child.kill(signal)
    await running.ended
    expect(running.said()).toContain('Finishing the recording')
    const environment = open({ path: join(files, 'recorded'), readOnly: true, mapSize: 1e9, maxDbs: 5, noSubdir: false })
    expect(environment.openDB({ name: 'tasks', keyEncoding: 'binary', encoding: 'string' }).getCount()).toBe(3000)
    await environment.close()
    expect(readdirSync(join(folder, 'temp'))).toEqual([])
  })

  test('keeps a password in memory only, and shows it nowhere', async () => {
    const running = await serve()
    const state = async (): Promise<unknown> => await running.call('secrets.state', { address: redis.url })
    expect(await running.call('live.attach', { url: redis.url, password: 'another' })).toMatchObject({ ok: false })
    expect(await running.call('live.attach', { url: redis.url, password, keepPassword: true })).toMatchObject({ ok: true })
    await expect.poll(state).toMatchObject({ value: { canKeep: false, why: expect.stringContaining('memory only'), kept: true } })
    await expect.poll(async () => (await onlySource(running))?.live?.link.name).toBe('live')
    await publish(10)
    await expect.poll(async () => (await onlySource(running))?.live?.shown).toBe(10)
    const sourceId = (await onlySource(running))?.sourceId
    await running.call('sources.close', { sourceId })
    // Again, as from recents: nobody types it.
    expect(await running.call('live.attach', { url: redis.url })).toMatchObject({ ok: true })
    expect(await running.call('live.test', { url: redis.url })).toMatchObject({ ok: true, value: { error: null } })
    await expect.poll(async () => (await onlySource(running))?.live?.link.name).toBe('live')
    for (const method of ['recents.list', 'problems.list', 'live.settings']) await running.call(method)
    expect(filesWith(folder, [password, 'another'])).toEqual([])
    running.child.kill('SIGTERM')
    await running.ended
    expect(filesWith(folder, [password, 'another'])).toEqual([])
    expect(readFileSync(join(folder, 'config', 'recents.json'), 'utf8')).toContain(`127.0.0.1:${redis.port}`)
    for (const text of [...replies, running.said()]) expect(text).not.toMatch(new RegExp(`${password}|another`))
  })

  test('opens a queue that is named, beside a file, with the password in its address', async () => {
    const running = await serve(`redis://:${password}@127.0.0.1:${redis.port}/0/interception`, join(import.meta.dirname, '../testing/fixtures/jsonl/02_pipeline.jsonl'))
    await expect.poll(async () => {
      const reply = await running.call<{ sources: Source[] }>('sources.list')
      return reply.ok ? reply.value.sources.map(({ kind, live }) => [kind, live?.link.name]).toSorted() : reply
    }).toEqual([['file', undefined], ['queue', 'live']])
    expect(filesWith(folder, [password])).toEqual([])
    for (const text of [...replies, running.said()]) expect(text).not.toContain(password)
  })
})

function filesWith(folder: string, texts: readonly string[]): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => join(entry.parentPath, entry.name)).filter((path) => {
    const content = readFileSync(path, 'latin1')
    return texts.some((text) => content.includes(text))
  })
}
