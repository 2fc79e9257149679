/** Addresses of queues as fields and back: the normal form that the engine gives the same address. */
import { describe, expect, test } from 'vitest'
import { defaultFields, mistakeIn, readUrl, urlOf } from './queueUrl.ts'

describe('what is written becomes fields, and they the whole address', () => {
  test.each([
    ['redis://localhost', 'redis://localhost:6379/0/interception', null],
    ['redis://localhost:6379/interception', 'redis://localhost:6379/0/interception', null],
    ['redis://h:7000/3', 'redis://h:7000/3/interception', null],
    ['rediss://h/facility_*', 'rediss://h:6379/0/facility_*', null],
    ['redis://h/0/a?c', 'redis://h:6379/0/a?c', null],
    ['redis://h/a/b', 'redis://h:6379/0/a/b', null],
    ['redis://h/with%20space%25', 'redis://h:6379/0/with%20space%25', null],
    ['redis://:p%40ss@h', 'redis://h:6379/0/interception', 'p@ss'],
    ['redis://me:a@b:c@h', 'redis://me@h:6379/0/interception', 'a@b:c'],
    ['redis://me%2Fx:@h', 'redis://me%2Fx@h:6379/0/interception', null],
    ['redis://[::1]:6379/0/c', 'redis://[::1]:6379/0/c', null],
    ['amqp://h', 'amqp://h:5672/%2F/interception', null],
    ['amqps://u:p@h/lab', 'amqps://u@h:5671/lab/interception', 'p'],
    ['amqp://h//exchange', 'amqp://h:5672/%2F/exchange', null],
    ['kafka://h:9093/topic', 'kafka://h:9093/topic', null]
  ])('%s', (written, url, password) => {
    const read = readUrl(written)
    if ('mistake' in read) throw new Error(read.mistake)
    expect(urlOf(read.fields)).toBe(url)
    expect(read.password).toBe(password)
    expect(readUrl(url)).toEqual({ fields: read.fields, password: null })
  })
})

test.each(['', 'login02:6379', 'http://h', 'redis://', 'redis://:secret@', 'redis://h:99999', 'redis://h:', 'redis://:secret%zz@h', 'redis://::1:6379', 'redis://h/%zz'])('%j is refused with a sentence that tells no password', (written) => {
  const read = readUrl(written)
  expect(read).toHaveProperty('mistake', expect.stringMatching(/\.$/))
  expect(JSON.stringify(read)).not.toContain('secret')
})

test('the field that is wrong is named', () => {
  expect(mistakeIn(defaultFields)).toBeNull()
  expect(mistakeIn({ ...defaultFields, host: ' ' })?.field).toBe('host')
  expect(mistakeIn({ ...defaultFields, port: '63x' })?.field).toBe('port')
  expect(mistakeIn({ ...defaultFields, database: 'a' })?.field).toBe('database')
  expect(mistakeIn({ ...defaultFields, broker: 'rabbitmq', database: 'lab' })).toBeNull()
  expect(mistakeIn({ ...defaultFields, channel: '' })?.field).toBe('channel')
})
