import { describe, expect, test } from 'vitest'
import { secretAddress, splitPassword } from './secretAddress.ts'

describe('the address of a password', () => {
  test.each([
    ['redis://login02', 'redis://login02:6379'],
    ['redis://alice@login02:6379/0/interception', 'redis://alice@login02:6379'],
    ['redis://alice:pw@login02/3', 'redis://alice@login02:6379'],
    ['redis://:pw@login02', 'redis://login02:6379'],
    ['REDISS://Alice@LOGIN02:7000', 'rediss://Alice@login02:7000'],
    ['redis://[::1]:6380/0', 'redis://[::1]:6380'],
    ['redis://[::1]', 'redis://[::1]:6379'],
    ['redis://al%40ice@h', 'redis://al%40ice@h:6379'],
    ['redis://alice:p@ss:w@h:1', 'redis://alice@h:1'],
    ['amqp://guest@broker/vhost', 'amqp://guest@broker:5672'],
    ['amqps://guest@broker', 'amqps://guest@broker:5671'],
    ['redis://alice@h/flow?cept*', 'redis://alice@h:6379'],
    ['kafka://b:1/topic', 'kafka://b:1'],
    ['mongodb://u:p@b,a:27018/flowcept?tls=true&authSource=admin', 'mongodb://u@a:27018,b:27017/flowcept?authSource=admin&tls=true'],
    ['mongodb://u@a/', 'mongodb://u@a:27017'],
    ['mongodb+srv://u@cluster.example.org/x', 'mongodb+srv://u@cluster.example.org/x']
  ])('of %s is %s', (url, address) => {
    expect(secretAddress(url)).toBe(address)
    // Itself an address, of the same password.
    expect(secretAddress(address)).toBe(address)
  })

  test('is another one without TLS, with another user, server or proxy', () => {
    const all = ['redis://u@h', 'rediss://u@h', 'redis://v@h', 'redis://h', 'redis://u@g', 'redis://u@h:1', 'mongodb://u@h', 'mongodb://u@h?proxyHost=evil', 'mongodb://u@h?tls=false', 'mongodb://u@h/other'].map(secretAddress)
    expect(new Set(all).size).toBe(all.length)
  })

  test.each(['', 'redis', 'redis://', '/tmp/run.jsonl', 'redis://:half/of-a-password@h', 'redis://h h', 'redis://u@h?proxy=evil', 'kafka://a,b/topic', 'mongodb://:half/of-a-password@h', 'mongodb://', 'http://u@h', 'C:\\runs'])('there is none in %j', (text) => {
    expect(secretAddress(text)).toBeNull()
  })
})

describe('a password in an address', () => {
  test.each([
    ['redis://alice:s3cret@h:1/0', 'redis://alice@h:1/0/interception', 's3cret'],
    ['redis://:s3cret@h', 'redis://h:6379/0/interception', 's3cret'],
    ['redis://u:a@b@h', 'redis://u@h:6379/0/interception', 'a@b'],
    ['mongodb://u:a%2Fb%3Ac@h/db?x=1', 'mongodb://u@h/db?x=1', 'a/b:c'],
    ['mongodb://u:100%@h', 'mongodb://u@h', '100%'],
    ['mongodb://u:a@b@h', 'mongodb://u@h', 'a@b'],
    ['mongodb://u:$&@h', 'mongodb://u@h', '$&'],
    ['mongodb://:pw@h', 'mongodb://h', 'pw'],
    ['mongodb://u:@h', 'mongodb://u@h', null],
    ['mongodb://u@h', 'mongodb://u@h', null],
    ['redis://u:100%@h', 'redis://u:100%@h', null],
    ['redis://u@h', 'redis://u@h', null],
    ['redis://h:6379', 'redis://h:6379', null],
    ['/tmp/a:b@c', '/tmp/a:b@c', null]
  ])('of %s is taken out', (url, without, password) => {
    expect(splitPassword(url)).toEqual({ url: without, password })
  })
})
