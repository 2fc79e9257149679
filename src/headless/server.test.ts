import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Answer } from '#hosting/answer'
import { type Running, startServer } from './server.ts'
import { ticketHandlers, Tickets } from './tickets.ts'

type Answered = { status: number; headers: IncomingHttpHeaders; body: string }

let folder: string
let running: Running
let tickets: Tickets
let calls: { method: string; params: unknown; signal: AbortSignal }[]
let bugs: unknown[]
/** Answers `slow` only when it is aborted; everything else at once with what it was asked. */
const answer: Answer = (method, params, signal) => {
  calls.push({ method, params, signal })
  if (method !== 'slow') return Promise.resolve({ ok: true, value: { method, params } })
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ok: false, error: { code: 'cancelled', message: 'Cancelled.' } })))
}
const otherExports: Record<string, string> = { buffer: 'flowcept_buffer.jsonl', model: 'model.pt', page: 'page.html', gappy: 'tasks.csv', bare: 'half \ud800', odd: 'a.b"; c' }
const granted = new Map<string, string>()
const hostAnswer: Answer = (method, params) => {
  if (method === 'paths.grant') {
    const handle = `handle-${granted.size}`
    granted.set(handle, (params as { path: string }).path)
    return Promise.resolve({ ok: true, value: { handle } })
  }
  const { exportId, part } = params as { exportId: string; part?: string }
  if (exportId === 'gappy' && part === 'gaps') return Promise.resolve({ ok: true, value: { path: join(folder, 'secret.js'), name: 'tasks.csv.gaps.json' } })
  const named = Object.hasOwn(otherExports, exportId) ? otherExports[exportId] : undefined
  if (named !== undefined) return Promise.resolve({ ok: true, value: { path: join(folder, 'export.tmp'), name: named } })
  if (exportId !== 'e1') return Promise.resolve({ ok: false, error: { code: 'not-found', message: 'There is no such export.' } })
  return Promise.resolve({ ok: true, value: { path: join(folder, 'export.tmp'), name: "tasks of 'a' – ü.csv" } })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provscope-server-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await mkdir(join(folder, 'uploads'))
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Provscope</title>')
  await writeFile(join(folder, 'page', 'assets', 'index-AbCd1234.js'), 'export {}')
  await writeFile(join(folder, 'secret.js'), 'secret')
  await writeFile(join(folder, 'export.tmp'), 'a,b\n1,2\n')
  calls = []
  bugs = []
  tickets = new Tickets()
  running = await startServer({ answer, hostAnswer, tickets, pageFolder: join(folder, 'page'), uploadFolder: join(folder, 'uploads'), port: 0, onBug: (error) => bugs.push(error) })
})

afterEach(async () => {
  await running.close()
  await rm(folder, { recursive: true })
  expect(bugs).toEqual([])
})

function ask(path: string, { headers = {}, body, ...options }: RequestOptions & { body?: string | Buffer } = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: running.port, path, ...options, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString('utf8') }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

const json = { 'content-type': 'application/json' }
const call = (headers: Record<string, string>, body: string | Buffer = '{"method":"host.info","params":{}}'): Promise<Answered> =>
  ask('/call', { method: 'POST', headers: { ...json, authorization: `Bearer ${running.token}`, ...headers }, body })

describe('a call', () => {
  test('with the token is answered', async () => {
    const { status, headers, body } = await call({})
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({ ok: true, value: { method: 'host.info', params: {} } })
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test.each([
    ['no token', { authorization: '' }, 401],
    ['another token of the same length', { authorization: `Bearer ${'A'.repeat(43)}` }, 401],
    ['a shorter token', { authorization: 'Bearer A' }, 401],
    ['another scheme', { authorization: 'Basic QTpC' }, 401],
    ['a foreign Host', { host: 'evil.example' }, 421],
    ['a foreign Host with our port', { host: 'evil.example:80' }, 421],
    ['a Host that only begins like ours', { host: '127.0.0.1.evil.example' }, 421],
    ['another loopback address', { host: '127.0.0.2' }, 421],
    ['a foreign Origin', { origin: 'https://evil.example' }, 403],
    ['the Origin of a sandboxed frame', { origin: 'null' }, 403],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['no content type', { 'content-type': '' }, 415],
    ['the content type of a form', { 'content-type': 'text/plain' }, 415],
    ['the content type of another thing', { 'content-type': 'application/jsonx' }, 415]
  ])('with %s is refused and runs nothing', async (_what, headers, status) => {
    const answered = await call(headers as Record<string, string>)
    expect(answered.status).toBe(status)
    expect(JSON.parse(answered.body)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    expect(calls).toEqual([])
  })

  test.each(['127.0.0.1', 'localhost', '[::1]'])('through a tunnel, as %s on another port, is answered', async (name) => {
    expect((await call({ host: `${name}:9999`, origin: `http://${name}:9999` })).status).toBe(200)
  })

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('by %s is refused', async (method) => {
    const answered = await ask('/call', { method, headers: { authorization: `Bearer ${running.token}` } })
    expect(answered.status).toBe(405)
    expect(answered.headers.allow).toBe('POST')
  })

  test.each(['', '{', '[]', 'null', '{"method":1}', '{"params":{}}'])('with the body %s is refused', async (body) => {
    expect((await call({}, body)).status).toBe(400)
    expect(calls).toEqual([])
  })

  test('a body over the limit is refused by its announced length', async () => {
    expect((await call({}, Buffer.alloc(1024 * 1024 + 1, 32))).status).toBe(413)
  })

  test('a body over the limit is refused while it comes in, if no length was announced', async () => {
    const answered = await new Promise<number>((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: running.port, path: '/call', method: 'POST', headers: { ...json, authorization: `Bearer ${running.token}` } }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
        request.destroy()
      })
      request.on('error', reject)
      for (let i = 0; i < 20; i++) request.write(Buffer.alloc(64 * 1024, 32))
    })
    expect(answered).toBe(413)
    expect(calls).toEqual([])
  })

  test('a body of exactly the limit is read', async () => {
    const start = '{"method":"host.info","params":"'
    expect((await call({}, `${start}${'x'.repeat(1024 * 1024 - start.length - 2)}"}`)).status).toBe(200)
  })

  test('whose caller goes away is cancelled', async () => {
    const request = httpRequest({ host: '127.0.0.1', port: running.port, path: '/call', method: 'POST', headers: { ...json, authorization: `Bearer ${running.token}` } })
    request.on('error', () => undefined)
    request.end('{"method":"slow"}')
    await expect.poll(() => calls.length).toBe(1)
    expect(calls[0]?.signal.aborted).toBe(false)
    request.destroy()
    await expect.poll(() => calls[0]?.signal.aborted).toBe(true)
  })

  test('that has been answered is not cancelled afterwards for nothing', async () => {
    await call({})
    expect(calls).toHaveLength(1)
  })

  test('that still waits when the server stops is cancelled, and stopping does not wait for it', async () => {
    const waiting = call({}, '{"method":"slow"}').catch((error: unknown) => error)
    await expect.poll(() => calls.length).toBe(1)
    await running.close()
    expect(calls[0]?.signal.aborted).toBe(true)
    expect(await waiting).toBeInstanceOf(Error)
  })
})

describe('the page', () => {
  test('is served with its policy, without a token', async () => {
    const { status, headers, body } = await ask('/?token=abc')
    expect(status).toBe(200)
    expect(body).toContain('<title>Provscope</title>')
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  test('hashed files may be kept for ever', async () => {
    expect((await ask('/assets/index-AbCd1234.js')).headers['cache-control']).toContain('immutable')
  })

  test('HEAD gives the headers alone', async () => {
    const { status, headers, body } = await ask('/', { method: 'HEAD' })
    expect([status, Number(headers['content-length']) > 0, body]).toEqual([200, true, ''])
  })

  test.each(['/../secret.js', '/..%2fsecret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/..%5csecret.js', '//../secret.js', '/missing.js', '/assets', '/assets/'])(
    '%s gives nothing',
    async (path) => {
      const answered = await ask(path)
      expect(answered.status).toBe(404)
      expect(answered.body).not.toContain('secret\n')
    }
  )

  test('is refused to a foreign Host, so that no other name can stand for this address', async () => {
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(421)
  })

  test.each(['POST', 'PUT', 'DELETE'])('by %s is refused', async (method) => {
    expect((await ask('/', { method })).status).toBe(405)
  })
})

describe('an upload', () => {
  const upload = (query: string, body: string, headers: Record<string, string> = {}): Promise<Answered> =>
    ask(`/upload${query}`, { method: 'POST', headers: { authorization: `Bearer ${running.token}`, ...headers }, body })

  test('lands in a folder of its own and is granted by handle', async () => {
    const { status, body } = await upload('?name=run%201.jsonl', '{"a":1}\n')
    expect(status).toBe(200)
    const { value } = JSON.parse(body) as { value: { handle: string; name: string; sizeBytes: number } }
    expect(value).toMatchObject({ name: 'run 1.jsonl', sizeBytes: 8 })
    const path = granted.get(value.handle) ?? ''
    expect(path.startsWith(join(folder, 'uploads'))).toBe(true)
    expect(await readFile(path, 'utf8')).toBe('{"a":1}\n')
  })

  test.each(['../../evil.jsonl', '..\\..\\evil.jsonl', '/etc/evil.jsonl', '', '..', '\u0000'])('named %j cannot leave its folder', async (name) => {
    const { body } = await upload(`?name=${encodeURIComponent(name)}`, '{}\n')
    const { value } = JSON.parse(body) as { value: { handle: string } }
    expect(granted.get(value.handle)?.startsWith(join(folder, 'uploads', 'upload-'))).toBe(true)
  })

  test('without the token keeps nothing', async () => {
    expect((await upload('?name=a.jsonl', '{}', { authorization: '' })).status).toBe(401)
    expect(await readdir(join(folder, 'uploads'))).toEqual([])
  })

  test('that breaks off leaves nothing behind', async () => {
    const request = httpRequest({ host: '127.0.0.1', port: running.port, path: '/upload?name=a.jsonl', method: 'POST', headers: { authorization: `Bearer ${running.token}`, 'content-length': 1000 } })
    request.on('error', () => undefined)
    request.write('{"half":')
    await expect.poll(() => readdir(join(folder, 'uploads'))).toHaveLength(1)
    request.destroy()
    await expect.poll(() => readdir(join(folder, 'uploads'))).toEqual([])
    expect((await ask('/')).status).toBe(200)
  })
})

describe('a download', () => {
  test('needs a ticket, which is good once', async () => {
    const ticket = tickets.issue('e1')
    const first = await ask(`/exports/e1?ticket=${ticket}`)
    expect(first).toMatchObject({ status: 200, body: 'a,b\n1,2\n' })
    expect(first.headers['content-disposition']).toBe(`attachment; filename="export.csv"; filename*=UTF-8''tasks%20of%20%27a%27%20%E2%80%93%20%C3%BC.csv`)
    expect((await ask(`/exports/e1?ticket=${ticket}`)).status).toBe(403)
  })

  test.each([
    ['buffer', 'application/x-ndjson; charset=utf-8', `attachment; filename="export.jsonl"; filename*=UTF-8''flowcept_buffer.jsonl`],
    ['model', 'application/octet-stream', `attachment; filename="export.pt"; filename*=UTF-8''model.pt`],
    ['page', 'application/octet-stream', `attachment; filename="export.html"; filename*=UTF-8''page.html`],
    ['bare', 'application/octet-stream', `attachment; filename="export"; filename*=UTF-8''half%20%EF%BF%BD`],
    ['odd', 'application/octet-stream', `attachment; filename="export"; filename*=UTF-8''a.b%22%3B%20c`]
  ])('of a %s says what it is, and is never a page', async (exportId, type, disposition) => {
    const { headers } = await ask(`/exports/${exportId}?ticket=${tickets.issue(exportId)}`)
    expect(headers).toMatchObject({ 'content-type': type, 'content-disposition': disposition, 'x-content-type-options': 'nosniff' })
  })

  test('has what is missing of it beside it, with a ticket of its own', async () => {
    const addressOf = async (part: string): Promise<string> => {
      const ticket = await ticketHandlers(tickets)['exports.ticket']?.({ exportId: 'gappy', part } as never, { signal: new AbortController().signal })
      return ticket?.url ?? ''
    }
    const [file, gaps] = [await addressOf('file'), await addressOf('gaps')]
    expect((await ask(file)).body).toBe('a,b\n1,2\n')
    const { headers, body } = await ask(gaps)
    expect([body, headers['content-type'], headers['content-disposition']]).toEqual(['secret', 'application/json; charset=utf-8', `attachment; filename="export.json"; filename*=UTF-8''tasks.csv.gaps.json`])
    for (const address of [gaps, (await addressOf('file')).replace('?', '?part=gaps&'), (await addressOf('gaps')).replace('part=gaps&', '')]) expect((await ask(address)).status).toBe(403)
  })

  test.each(['', '?ticket=', '?ticket=guess'])('with %j is refused', async (query) => {
    expect((await ask(`/exports/e1${query}`)).status).toBe(403)
  })

  test('a ticket of another export is refused, and spent', async () => {
    const ticket = tickets.issue('e2')
    expect((await ask(`/exports/e1?ticket=${ticket}`)).status).toBe(403)
    expect((await ask(`/exports/e2?ticket=${ticket}`)).status).toBe(403)
  })

  test('of an export that is gone is not found', async () => {
    expect((await ask(`/exports/e2?ticket=${tickets.issue('e2')}`)).status).toBe(404)
  })

  test('tickets age', () => {
    let nowMs = 0
    const aging = new Tickets(() => nowMs)
    const [young, old] = [aging.issue('e1'), aging.issue('e1')]
    nowMs = 60_000
    expect(aging.redeem(young, 'e1')).toBe(true)
    nowMs = 60_001
    expect(aging.redeem(old, 'e1')).toBe(false)
  })
})

test('the token has 256 bits and is another one each time', async () => {
  expect(Buffer.from(running.token, 'base64url')).toHaveLength(32)
  expect(running.url).toBe(`http://127.0.0.1:${running.port}/?token=${running.token}`)
})

test('no address but the loopback one answers', async () => {
  const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4')
  const reached = await Promise.all(
    ['127.0.0.2', ...others.map(({ address }) => address)].map(
      (host) =>
        new Promise<string | null>((resolve) => {
          const socket = connect({ host, port: running.port })
          socket.once('connect', () => { socket.destroy(); resolve(host) })
          socket.once('error', () => resolve(null))
        })
    )
  )
  expect(reached.filter((host) => host !== null)).toEqual([])
})

test('a port that is taken is told', async () => {
  await expect(startServer({ answer, hostAnswer, tickets, pageFolder: folder, uploadFolder: folder, port: running.port, onBug: () => undefined })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
