/** Addresses of queues: what people write, what comes of it, and that no password is repeated. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QueueAddress } from './intakeState.ts'
import { isChannelPattern, maskPasswords, parseQueueUrl, queueUrl, throughTunnel, tunnelCommand } from './queueAddress.ts'

describe('what is written becomes a whole address', () => {
  const cases: [string, string, Partial<QueueAddress> & { password?: string }][] = [
    ['redis://localhost', 'redis://localhost:6379/0/interception', { broker: 'redis', tls: false, database: '0', channel: 'interception', user: null }],
    ['redis://localhost:6379/interception', 'redis://localhost:6379/0/interception', {}],
    ['redis://localhost/', 'redis://localhost:6379/0/interception', {}],
    ['redis://h:7000/3', 'redis://h:7000/3/interception', { database: '3', port: 7000 }],
    ['redis://h/003/facility_a', 'redis://h:6379/3/facility_a', { channel: 'facility_a' }],
    ['rediss://h/facility_*', 'rediss://h:6379/0/facility_*', { tls: true, channel: 'facility_*' }],
    ['redis://h/0/a?c', 'redis://h:6379/0/a?c', { channel: 'a?c' }],
    ['redis://h/a/b', 'redis://h:6379/0/a/b', { channel: 'a/b' }],
    ['redis://h/with%20space%25', 'redis://h:6379/0/with%20space%25', { channel: 'with space%' }],
    ['  REDIS://HOST.example.ORG:6380/1/c ', 'redis://host.example.org:6380/1/c', { host: 'host.example.org' }],
    ['redis://:p%40ss@h', 'redis://h:6379/0/interception', { user: null, password: 'p@ss' }],
    ['redis://me:a@b:c@h', 'redis://me@h:6379/0/interception', { user: 'me', password: 'a@b:c' }],
    ['redis://me@h', 'redis://me@h:6379/0/interception', { user: 'me' }],
    ['redis://me%2Fx:@h', 'redis://me%2Fx@h:6379/0/interception', { user: 'me/x' }],
    ['redis://[::1]:6379/0/c', 'redis://[::1]:6379/0/c', { host: '::1' }],
    ['redis://[2001:DB8::2]', 'redis://[2001:db8::2]:6379/0/interception', { host: '2001:db8::2' }],
    ['amqp://h', 'amqp://h:5672/%2F/interception', { broker: 'rabbitmq', database: '/' }],
    ['amqps://u:p@h/lab', 'amqps://u@h:5671/lab/interception', { tls: true, database: 'lab', password: 'p' }],
    ['amqp://h/%2F/exchange.a', 'amqp://h:5672/%2F/exchange.a', { database: '/', channel: 'exchange.a' }],
    ['amqp://h//exchange', 'amqp://h:5672/%2F/exchange', { database: '/', channel: 'exchange' }],
    ['kafka://h', 'kafka://h:9092/interception', { broker: 'kafka', database: null }],
    ['kafka://h:9093/topic', 'kafka://h:9093/topic', { channel: 'topic', port: 9093 }]
  ]
  test.each(cases)('%s', (written, url, expected) => {
    const { address, password } = parseQueueUrl(written)
    expect(address.url).toBe(url)
    expect({ ...address, password: password ?? undefined }).toMatchObject(expected)
    if (expected.password === undefined) expect(password).toBeNull()
    expect(parseQueueUrl(url)).toEqual({ address, password: null })
  })
})

describe('a mistake is told in a sentence, without the password', () => {
  test.each([
    ['localhost:6379', 'The address of a queue begins with'],
    ['', 'The address of a queue begins with'],
    ['http://h', 'http:// is no queue'],
    ['redis://', 'names no host'],
    ['redis://:secret@', 'names no host'],
    ['redis://h:99999', 'from 1 to 65535'],
    ['redis://h:', 'from 1 to 65535'],
    ['redis://:secret%zz@h', 'The password has a %'],
    ['redis://::1:6379', 'stands in brackets'],
    ['redis://[::secret]', 'no host that could be one'],
    ['redis://u:secret/x@h', 'write %2F'],
    ['redis://u:12/secret@h', 'written %2F'],
    ['redis://h/%zz', 'The channel has a %'],
    ['rediss://h/0?ssl_cert_reqs=none', 'ssl_cert_reqs= are not part']
  ])('%s', (written, sentence) => {
    let message = ''
    try {
      // Where a / in a password makes a port and a path of it, what is left must not come out either.
      expect(parseQueueUrl(written)).toBeNull()
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-request' })
      message = (error as Error).message
    }
    expect(message).toContain(sentence)
    expect(message).not.toContain('secret')
  })
})

test('every address comes back from its own text, and the text has no password', () => {
  const name = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  const channel = name.filter((text) => text.trim() === text && !/^\d+$/.test(text) && !text.startsWith('/'))
  fc.assert(
    fc.property(fc.constantFrom('redis', 'rediss', 'amqp', 'amqps', 'kafka'), name, name, fc.domain(), fc.integer({ min: 1, max: 65_535 }), channel, (scheme, user, secret, host, port, place) => {
      const path = scheme === 'kafka' ? '' : '/7'
      const { address, password } = parseQueueUrl(`${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@${host}:${port}${path}/${encodeURIComponent(place)}`)
      expect(address).toMatchObject({ user, host, port, channel: place })
      expect(password).toBe(secret)
      expect(address.url).toBe(queueUrl(address))
      expect(parseQueueUrl(address.url)).toEqual({ address, password: null })
    })
  )
})

test('patterns are known by what Redis takes for one', () => {
  expect(['a*', 'a?', '[ab]', String.raw`a\*`].map(isChannelPattern)).toEqual([true, true, true, true])
  expect(['interception', 'a.b-c_d', 'a]'].map(isChannelPattern)).toEqual([false, false, false])
})

test('texts with addresses lose their passwords', () => {
  expect(maskPasswords('cannot reach redis://me:se/cr@et@host:1/x, nor amqp://host')).toBe('cannot reach redis://me:…@host:1/x, nor amqp://host')
})

test('the tunnel to a queue behind a login node', () => {
  const { address } = parseQueueUrl('redis://me:secret@node17:6380/0/c')
  expect(tunnelCommand(address, 'ann@login.example.org')).toBe('ssh -N -L 6380:node17:6380 ann@login.example.org')
  expect(tunnelCommand(address, 'login:2222')).toBe('ssh -N -L 6380:node17:6380 -p 2222 login')
  expect(tunnelCommand(parseQueueUrl('amqp://[::1]').address, "a'b;c")).toBe(String.raw`ssh -N -L 5672:[::1]:5672 'a'\''b;c'`)
  expect(throughTunnel(address).url).toBe('redis://me@localhost:6380/0/c')
  for (const login of ['', '-oProxyCommand=x', 'a b']) expect(() => tunnelCommand(address, login)).toThrow('user@host')
})
