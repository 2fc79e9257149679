/** The served mode's HTTP side: the page's files, `POST /call`, uploads and downloads, on the loopback interface only. */
import { exportPart } from '#contract/exports'
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { CallError, Reply } from '#contract/reply'
import type { Answer } from '#hosting/answer'
import { pageFile, securityHeaders } from '#hosting/page'
import { readBody } from './readBody.ts'
import { refuseForeign, refuseStranger } from './requestGuard.ts'
import { downloadOf, type Tickets } from './tickets.ts'
import { receiveUpload } from './uploads.ts'

const largestCallBytes = 1024 * 1024

export type ServerOptions = {
  /** Answers as `page`. */
  answer: Answer
  /** Answers as `host`: never with anything that came from a request, but for ids that were checked here. */
  hostAnswer: Answer
  tickets: Tickets
  pageFolder: string
  uploadFolder: string
  /** 0: any free port. */
  port: number
  onBug: (error: unknown, what: string) => void
}
export type Running = { port: number; token: string; url: string; close: () => Promise<void> }

export async function startServer(options: ServerOptions): Promise<Running> {
  const token = randomBytes(32).toString('base64url')
  const stopping = new AbortController()
  const server = createServer((request, response) => {
    void route(request, response, { ...options, token, stopping: stopping.signal }).catch((error: unknown) => fail(response, error, options))
  })
  // An upload of gigabytes may take longer than any limit; a call's body has a limit of its own.
  server.requestTimeout = 0
  const port = await listen(server, options.port)
  const close = async (): Promise<void> => {
    stopping.abort()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  return { port, token, url: `http://127.0.0.1:${port}/?token=${token}`, close }
}

type Site = ServerOptions & { token: string; stopping: AbortSignal }
type Route = { methods: string[]; needsToken: boolean; serve: (request: IncomingMessage, response: ServerResponse, url: URL, site: Site) => Promise<void> }

async function route(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const foreign = refuseForeign(request)
  if (foreign) return refuse(response, foreign.status, 'bad-request', foreign.message)
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const { methods, needsToken, serve } = routeOf(url.pathname)
  if (!methods.includes(request.method ?? '')) {
    response.setHeader('allow', methods.join(', '))
    return refuse(response, 405, 'bad-request', `${url.pathname} takes ${methods.join(' and ')} only.`)
  }
  const stranger = needsToken ? refuseStranger(request, site.token) : null
  if (stranger) return refuse(response, stranger.status, 'bad-request', stranger.message)
  await serve(request, response, url, site)
}

function routeOf(pathname: string): Route {
  if (pathname === '/call') return { methods: ['POST'], needsToken: true, serve: answerCall }
  if (pathname === '/upload') return { methods: ['POST'], needsToken: true, serve: takeUpload }
  if (pathname.startsWith('/exports/')) return { methods: ['GET'], needsToken: false, serve: giveExport }
  return { methods: ['GET', 'HEAD'], needsToken: false, serve: givePage }
}

async function answerCall(request: IncomingMessage, response: ServerResponse, _url: URL, { answer, stopping }: Site): Promise<void> {
  if (!/^application\/json(;|$)/i.test(request.headers['content-type'] ?? '')) return refuse(response, 415, 'bad-request', 'A call is application/json.')
  const body = await readBody(request, largestCallBytes)
  if (body === null) return refuse(response, 413, 'bad-request', `A call may have ${largestCallBytes} bytes at most.`)
  const call = readCall(body)
  if (call === null) return refuse(response, 400, 'bad-request', 'A call is an object of "method" and "params".')
  const gone = new AbortController()
  const abort = (): void => gone.abort()
  stopping.addEventListener('abort', abort)
  response.once('close', () => {
    stopping.removeEventListener('abort', abort)
    abort()
  })
  const reply = await answer(call.method, call.params, gone.signal)
  sendReply(response, 200, reply)
}

async function takeUpload(request: IncomingMessage, response: ServerResponse, url: URL, { uploadFolder, hostAnswer, stopping, onBug }: Site): Promise<void> {
  const length = request.headers['content-length']
  const expectedBytes = length === undefined ? null : Number(length)
  try {
    const { path, name, sizeBytes } = await receiveUpload(request, { name: url.searchParams.get('name') ?? '', folder: uploadFolder, expectedBytes })
    const granted = await hostAnswer('paths.grant', { path, use: 'read' }, stopping)
    const handle = granted.ok ? (granted.value as { handle: string }).handle : null
    sendReply(response, 200, granted.ok ? { ok: true, value: { handle, name, sizeBytes } } : granted)
  } catch (error) {
    // The sender went away: there is nobody to tell.
    if (request.destroyed && !request.complete) return
    onBug(error, 'upload')
    const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
    refuse(response, full ? 507 : 500, 'unavailable', full ? 'There is no room left on the server’s disk for this file.' : 'The file could not be kept on the server.')
  }
}

async function giveExport(_request: IncomingMessage, response: ServerResponse, url: URL, { tickets, hostAnswer, stopping }: Site): Promise<void> {
  const exportId = decodeURIComponent(url.pathname.slice('/exports/'.length))
  const part = exportPart.catch('file').parse(url.searchParams.get('part') ?? 'file')
  if (!tickets.redeem(url.searchParams.get('ticket') ?? '', downloadOf(exportId, part))) {
    return refuse(response, 403, 'bad-request', 'This download address was used already or is too old. Start the download again.')
  }
  const reply = await hostAnswer('exports.path', { exportId, part }, stopping)
  if (!reply.ok) return refuse(response, 404, reply.error.code, reply.error.message)
  const { path, name } = reply.value as { path: string; name: string }
  const { size } = await stat(path)
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': downloadTypes[extname(name).toLowerCase()] ?? 'application/octet-stream',
    'content-length': size,
    'content-disposition': disposition(name),
    'cache-control': 'no-store'
  })
  await send(path, response)
}

/** What a browser is to keep and never to show: nothing here may run as a page of ours. */
const downloadTypes: Partial<Record<string, string>> = { '.csv': 'text/csv; charset=utf-8', '.jsonl': 'application/x-ndjson; charset=utf-8', '.json': 'application/json; charset=utf-8' }

/** The second name is the real one; the first is for browsers that know letters of ASCII only. */
function disposition(name: string): string {
  // Half a pair of surrogates, which no address can hold, does not survive this.
  const encoded = encodeURIComponent(Buffer.from(name).toString('utf8')).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
  return `attachment; filename="export${/^\.\w{1,10}$/.exec(extname(name))?.[0] ?? ''}"; filename*=UTF-8''${encoded}`
}

async function givePage(request: IncomingMessage, response: ServerResponse, _url: URL, { pageFolder }: Site): Promise<void> {
  // The parsed address has its dots resolved already: what was really asked for decides.
  const file = pageFile(pageFolder, (request.url ?? '/').split(/[?#]/)[0] ?? '/')
  const found = file && (await stat(file.path).catch(() => null))
  if (!file || !found?.isFile()) return refuse(response, 404, 'not-found', 'There is no such page.')
  response.writeHead(200, { ...file.headers, 'content-length': found.size })
  if (request.method === 'HEAD') response.end()
  else await send(file.path, response)
}

async function send(path: string, response: ServerResponse): Promise<void> {
  try {
    await pipeline(createReadStream(path), response)
  } catch (error) {
    // The browser went away in the middle; anything else is a failure of ours.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error
  }
}

function readCall(body: Buffer): { method: string; params: unknown } | null {
  try {
    const call: unknown = JSON.parse(body.toString('utf8'))
    if (typeof call !== 'object' || call === null || !('method' in call) || typeof call.method !== 'string') return null
    return { method: call.method, params: 'params' in call ? call.params : {} }
  } catch {
    return null
  }
}

function sendReply(response: ServerResponse, status: number, reply: Reply<unknown>): void {
  if (response.destroyed) return
  const text = JSON.stringify(reply)
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** What is left of the request is not read: the connection closes after the answer. */
function refuse(response: ServerResponse, status: number, code: CallError['code'], message: string): void {
  response.setHeader('connection', 'close')
  sendReply(response, status, { ok: false, error: { code, message } })
}

function fail(response: ServerResponse, error: unknown, { onBug }: ServerOptions): void {
  // Whoever asked went away in the middle: nothing failed, and there is nobody to tell.
  if (response.destroyed) return
  onBug(error, 'request')
  if (response.headersSent) response.destroy()
  else refuse(response, 500, 'internal', 'The server failed to answer.')
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
