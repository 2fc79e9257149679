/** The parts of a recording's account that need no servers: what is planned, how it stands, what was missed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LinkEvent, LogEntry } from '#engine/sources/queue/frames'
import { emptyLedger, gapsOf, type Ledger, withEntry } from './recordLedger.ts'
import { recordFolder, readSize } from './recordFolder.ts'
import { recordPlan } from './recordPlan.ts'
import { missing, report, type RecordStatus, statusJson, statusLine } from './recordStatus.ts'
import { WrongUse } from './wrongUse.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-record-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('what is planned', () => {
  const notes: string[] = []
  const note = (text: string): void => void notes.push(text)
  const settings = (text: string): NodeJS.ProcessEnv => {
    const path = join(folder, 'settings.yaml')
    writeFileSync(path, text)
    return { FLOWCEPT_SETTINGS_PATH: path }
  }
  const env = { FLOWCEPT_SETTINGS_PATH: '/nowhere/settings.yaml' }

  test('a store that is named is the only one, and said to come from the command line', () => {
    const both = settings('databases: {lmdb: {enabled: true, path: a}, mongodb: {enabled: true, host: db1}}\nmq: {enabled: true}\n')
    const plan = recordPlan('redis://h:7000/3/c', { jsonl: 'x.jsonl' }, { env: both, note })
    expect(plan.stores).toEqual([{ type: 'jsonl', name: join(process.cwd(), 'x.jsonl'), origin: 'command line' }])
    expect(plan.recording.targets).toEqual({ lmdb: null, mongodb: null, jsonl: join(process.cwd(), 'x.jsonl') })
    expect(plan.target.address).toMatchObject({ host: 'h', port: 7000, database: '3', channel: 'c' })
  })

  test('without one it is what Flowcept’s settings enable, each with where that stands', () => {
    const both = settings('project: {dump_buffer: {enabled: false}}\ndatabases: {lmdb: {enabled: true, path: /data/lm}, mongodb: {enabled: true, host: db1}}\nmq: {enabled: true, host: login1, channel: fac}\ndb_buffer: {buffer_size: 7}\n')
    const plan = recordPlan(undefined, {}, { env: { ...both, MONGO_PORT: '27099' }, note })
    const file = join(folder, 'settings.yaml')
    expect(plan.target.address).toMatchObject({ host: 'login1', port: 6379, channel: 'fac' })
    expect(plan.targetOrigin).toBe(file)
    expect(plan.stores).toEqual([
      { type: 'lmdb', name: '/data/lm', origin: file },
      { type: 'mongodb', name: 'mongodb://db1:27099/flowcept', origin: 'MONGO_PORT' }
    ])
    expect(plan.recording.settings.bufferSize).toBe(7)
    expect(plan.recording.asInserter).toBeNull()
  })

  test('without a queue, or without a store, it is wrong use that says where was looked', () => {
    expect(() => recordPlan(undefined, { lmdb: 'x' }, { env, note })).toThrow(WrongUse)
    expect(() => recordPlan(undefined, { lmdb: 'x' }, { env, note })).toThrow('/nowhere/settings.yaml')
    const none = settings('project: {dump_buffer: {enabled: false}}\n')
    expect(() => recordPlan('redis://h', {}, { env: none, note })).toThrow(/--lmdb, --mongodb or --jsonl/)
    expect(() => recordPlan('redis://h', { lmdb: 'x', bundle: 'b' }, { env, note })).toThrow('--as-inserter')
  })

  test('a password comes from a file, the variable, the address, or the settings of the same server, and is in no name', () => {
    writeFileSync(join(folder, 'secret'), 'from file\n')
    const of = (url: string, flags: object, more: NodeJS.ProcessEnv): string | null => recordPlan(url, { lmdb: 'x', ...flags }, { env: { ...env, ...more }, note }).target.password
    expect(of('redis://h', { passwordFile: join(folder, 'secret') }, { PROVSCOPE_MQ_PASSWORD: 'v' })).toBe('from file')
    expect(of('redis://h', {}, { PROVSCOPE_MQ_PASSWORD: 'v' })).toBe('v')
    expect(of('redis://h', {}, settings('mq: {enabled: true, host: h, password: s3}\n'))).toBe('s3')
    expect(of('redis://other', {}, settings('mq: {enabled: true, host: h, password: s3}\n'))).toBeNull()
    const title = process.title
    notes.length = 0
    const plan = recordPlan('redis://:pw1@h', { mongodb: 'mongodb://u:pw2@db/x' }, { env, note })
    expect(process.title).toBe('provscope')
    process.title = title
    expect(notes).toHaveLength(2)
    expect(notes.join()).toMatch(/PROVSCOPE_MQ_PASSWORD.*PROVSCOPE_MONGODB_PASSWORD/)
    expect(plan.target.password).toBe('pw1')
    expect(plan.recording.targets.mongodb).toBe('mongodb://u:pw2@db/x')
    expect(JSON.stringify([plan.stores, plan.target.address, notes])).not.toMatch(/pw1|pw2/)
    expect(recordPlan('redis://h', { mongodb: 'mongodb://u@db/x' }, { env: { ...env, PROVSCOPE_MONGODB_PASSWORD: 'p@w' }, note }).recording.targets.mongodb).toBe('mongodb://u:p%40w@db/x')
  })

  test('as inserter it answers where it is told, where the settings say, or in the queue’s own Redis', () => {
    const kvOf = (url: string, flags: object, more: NodeJS.ProcessEnv = env) => recordPlan(url, { lmdb: 'x', asInserter: true, ...flags }, { env: more, note })
    expect(kvOf('redis://:pw@h:7/2/c', { bundle: 'b1' })).toMatchObject({ kv: { url: 'redis://h:7/2' }, recording: { asInserter: { kvUrl: 'redis://:pw@h:7/2', bundleExecId: 'b1' } } })
    expect(kvOf('redis://h', { kv: 'redis://k:1/0' }).kv).toEqual({ url: 'redis://k:1/0', origin: 'command line' })
    expect(kvOf('redis://h', {}, settings('kv_db: {enabled: true, host: kvhost}\n')).kv).toEqual({ url: 'redis://kvhost:6379/0', origin: join(folder, 'settings.yaml') })
    expect(() => kvOf('amqp://h', {})).toThrow('--kv')
  })

  test('the same queue and stores have the same folder, whatever the password', async () => {
    const place = (url: string, flags: object): Promise<string> => recordFolder(recordPlan(url, flags, { env, note }), { PROVSCOPE_CONFIG_DIR: folder })
    expect(await place('redis://:a@h', { lmdb: 'x' })).toBe(await place('redis://h:6379/0/interception', { lmdb: './x' }))
    expect(await place('redis://h', { lmdb: 'x' })).not.toBe(await place('redis://h', { lmdb: 'y' }))
    expect(await place('redis://h', { lmdb: 'x' })).not.toBe(await place('redis://h/1', { lmdb: 'x' }))
  })
})

test.each([
  ['500MB', 5e8],
  ['2GiB', 2 ** 31],
  ['1.5 g', 1.5e9],
  ['1000', 1000],
  ['0', null],
  ['-1GB', null],
  ['1XB', null],
  ['', null]
])('the size %j is %s bytes', (text, bytes) => {
  expect(readSize(text)).toBe(bytes)
})

describe('the account of gaps', () => {
  let seq = 0
  const frame = (at: number): LogEntry => ({ kind: 'frame', seq: ++seq, at, channel: 'c', payload: new Uint8Array() })
  const event = (at: number, what: LinkEvent['event'], lost: number | null = null): LogEntry => ({ kind: 'event', seq: ++seq, at, event: what, reason: what, lost })
  const after = (...entries: LogEntry[]): Ledger => entries.reduce(withEntry, emptyLedger)

  test('a run that was stopped and started again misses nothing that it should have had', () => {
    expect(gapsOf(after(event(1, 'attached'), frame(2), event(3, 'detached'), event(9, 'attached')))).toEqual([])
  })

  test('a disconnection lasts until it is connected again, or stopped', () => {
    const away = after(event(1, 'attached'), event(5, 'disconnected'))
    expect(gapsOf(away)).toEqual([{ from: 5, to: null, messages: null, reason: 'disconnected' }])
    expect(gapsOf(withEntry(away, event(8, 'reconnected')))).toEqual([{ from: 5, to: 8, messages: null, reason: 'disconnected' }])
    expect(gapsOf(withEntry(away, event(9, 'detached')))).toEqual([{ from: 5, to: 9, messages: null, reason: 'disconnected' }])
  })

  test('an overflow knows how many', () => {
    expect(gapsOf(after(event(1, 'attached'), event(5, 'overflow'), event(8, 'overflow-ended', 12)))).toEqual([{ from: 5, to: 8, messages: 12, reason: 'overflow' }])
  })

  test('a process that was killed missed what came since its last message', () => {
    expect(gapsOf(after(event(1, 'attached'), frame(4), event(9, 'attached'), event(10, 'detached')))).toEqual([{ from: 4, to: 9, messages: null, reason: 'the recording process had been ended' }])
  })

  test('what has been counted is not counted again', () => {
    const entries = [event(1, 'attached'), event(5, 'disconnected'), event(8, 'reconnected')]
    const once = entries.reduce(withEntry, emptyLedger)
    expect(entries.reduce(withEntry, once)).toBe(once)
  })
})

describe('how it stands', () => {
  const link = { name: 'live' as const, reason: null, since: 0, attempt: 0, retryAt: null }
  const store = { type: 'lmdb' as const, name: '/d/lm', state: { name: 'live' as const }, written: 40, messages: 90, waiting: 0, oldestWaitingAt: null, problems: 0, problem: null }
  const status = (more: { stores?: object[]; undecodable?: number; gaps?: RecordStatus['gaps']; link?: object; isReached?: boolean } = {}): RecordStatus => ({
    isReached: more.isReached ?? true,
    intake: { link: { ...link, ...more.link }, received: 1234, receivedBytes: 5, lastAt: null, rates: [0, 100, 0, 0, 0, 0], spillBytes: 0, spillLimitBytes: 10, sent: [] } as RecordStatus['intake'],
    recording: { stores: (more.stores ?? [{}]).map((part) => ({ ...store, ...part })), undecodable: more.undecodable ?? 0, controlMessages: 2 } as RecordStatus['recording'],
    gaps: more.gaps ?? []
  })
  const gap = { from: 0, to: 60, messages: null, reason: 'Redis went away' }

  test('on a line', () => {
    expect(statusLine(status())).toBe('live · 1,234 received · 20/s · lmdb 90 stored · no gaps')
    const bad = status({ stores: [{ waiting: 5, problems: 1 }, { type: 'mongodb', state: { name: 'lost', attempt: 3, sinceMs: 0, reason: 'gone' }, messages: 0, waiting: 90 }], undecodable: 2, gaps: [gap], link: { name: 'retrying', attempt: 4, reason: 'refused' } })
    expect(statusLine(bad)).toBe('retrying (attempt 4: refused) · 1,234 received · 20/s · lmdb 90 stored, 5 waiting, 1 problems · mongodb lost 0 stored, 90 waiting · 2 undecodable · 1 gap')
  })

  test('as JSON', () => {
    expect(JSON.parse(statusJson('ended', status({ gaps: [gap] }), { complete: false }))).toMatchObject({ event: 'ended', received: 1234, perSecond: 20, stores: [{ type: 'lmdb', state: 'live', messages: 90, written: 40, waiting: 0 }], gaps: [gap], complete: false })
  })

  test.each([
    [{}, 0],
    [{ gaps: [gap] }, 1],
    [{ undecodable: 1 }, 1],
    [{ isReached: false }, 1],
    [{ stores: [{ waiting: 1 }] }, 1],
    [{ stores: [{ problems: 1, problem: 'too large' }] }, 1]
  ])('of %j is missing: %i', (more, count) => {
    expect(missing(status(more))).toHaveLength(count)
    expect(report(status(more)).includes('Nothing is missing.')).toBe(count === 0)
  })

  test('the report names gaps with their times', () => {
    expect(report(status({ gaps: [gap] }))).toContain('an unknown number of messages from 1970-01-01 00:00:00.000Z to 1970-01-01 00:01:00.000Z: Redis went away')
    expect(report(status())).toContain('lmdb /d/lm: 90 messages stored in 40 records')
  })
})
