import { afterEach, expect, test, vi } from 'vitest'
import type { Bridge } from '#contract/bridge'
import type { Reply } from '#contract/reply'
import { call, listenLost } from './call.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  listenLost(() => undefined)
})

/** A bridge as the preload has it: calls wait until they are answered or cancelled. */
function bridge(): { bridge: Bridge; waiting: Map<string, (reply: Reply<unknown>) => void>; cancelled: string[] } {
  const waiting = new Map<string, (reply: Reply<unknown>) => void>()
  const cancelled: string[] = []
  return {
    waiting,
    cancelled,
    bridge: {
      call: (_method, _params, callId = 'none') => new Promise((resolve) => waiting.set(callId, resolve)),
      cancel: (callId) => {
        cancelled.push(callId)
        waiting.get(callId)?.({ ok: false, error: { code: 'cancelled', message: 'Cancelled.' } })
      }
    }
  }
}

test('over the bridge, an abort cancels just its own call', async () => {
  const { bridge: provscope, waiting, cancelled } = bridge()
  vi.stubGlobal('window', { provscope })
  const [first, second] = [new AbortController(), new AbortController()]
  const answers = [call('host.info', {}, { signal: first.signal }), call('host.info', {}, { signal: second.signal })]
  const [firstId, secondId] = [...waiting.keys()]
  first.abort()
  expect(await answers[0]).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(cancelled).toEqual([firstId])
  waiting.get(secondId ?? '')?.({ ok: true, value: {} })
  expect(await answers[1]).toEqual({ ok: true, value: {} })
  second.abort()
  expect(cancelled).toEqual([firstId])
})

test('a call that is aborted before it begins asks nobody', async () => {
  vi.stubGlobal('window', { provscope: { call: () => expect.fail('asked'), cancel: () => undefined } })
  expect(await call('host.info', {}, { signal: AbortSignal.abort() })).toMatchObject({ ok: false, error: { code: 'cancelled' } })
})

/** A page at an address, with a tab's storage. */
function page(fetched: (request: RequestInit) => Promise<Response>): void {
  const kept = new Map<string, string>()
  vi.stubGlobal('window', {})
  vi.stubGlobal('location', { href: 'http://127.0.0.1:8750/?token=key', host: '127.0.0.1:8750' })
  vi.stubGlobal('history', { state: null, replaceState: (_state: unknown, _title: string, url: URL) => vi.stubGlobal('location', { href: url.href, host: url.host }) })
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) })
  vi.stubGlobal('fetch', (_url: string, request: RequestInit) => fetched(request))
}

test('over HTTP the key goes with each call and out of the address', async () => {
  const asked: RequestInit[] = []
  page(async (request) => {
    asked.push(request)
    return Response.json({ ok: true, value: {} })
  })
  await call('host.info', {})
  await call('sources.list', {})
  expect(location.href).toBe('http://127.0.0.1:8750/')
  expect(asked.map(({ headers }) => (headers as Record<string, string>)['authorization'])).toEqual(['Bearer key', 'Bearer key'])
  expect(asked[1]?.body).toBe('{"method":"sources.list","params":{}}')
})

test.each([
  ['refused', async () => new Response('{}', { status: 401 })],
  ['unreachable', () => Promise.reject(new TypeError('Failed to fetch'))]
] as const)('a server that is %s is told once a call', async (reason, fetched) => {
  const lost: string[] = []
  listenLost((told) => lost.push(told.reason))
  page(fetched)
  expect(await call('host.info', {})).toMatchObject({ ok: false, error: { code: 'unavailable' } })
  expect(lost).toEqual([reason])
})
