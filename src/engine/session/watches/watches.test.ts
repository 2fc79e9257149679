/** Watches through an engine as a host asks it: of a file that grows, of a queue that falls silent, over a restart. */
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WatchCondition, Watched, WatchState } from '#contract/watches'
import { askEngine, type AskedEngine } from '../../../testing/askEngine.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { Publisher } from '../../../testing/publish.ts'
import { hasRedis, noRedis, startRedis } from '../../../testing/servers/redis.ts'

let engine: AskedEngine
beforeEach(async () => {
  engine = await askEngine()
})
afterEach(() => engine.close())

const everything = { filter: {}, search: '' }
const errors = { filter: { status: 'ERROR' }, search: '' }
const line = (id: string, status: string, loss: number | null = null): string => `${JSON.stringify({ type: 'task', task_id: id, workflow_id: 'w', activity_id: 'fit', started_at: 1_784_500_000, ended_at: 1_784_500_001, status, ...(loss === null ? {} : { generated: { loss } }) })}\n`

async function watched(watchId: string): Promise<Watched> {
  const found = (await engine.ask('watches.list', {})).watches.find((one) => one.watchId === watchId)
  if (!found) throw new Error('no such watch')
  return found
}
const untilState = (watchId: string, holds: (state: WatchState) => boolean): Promise<WatchState> => engine.until(async () => (await watched(watchId)).states.find(holds))
const set = (condition: WatchCondition, { match = everything, within = everything, source = null as string | null } = {}): Promise<{ watchId: string }> => engine.ask('watches.set', { name: 'a watch', source, within, match, condition })

describe('a watch of a file', () => {
  it('begins to fire with the first task that matches, is seen, and fires anew with the next', async () => {
    const path = join(engine.folder, 'run.jsonl')
    writeFileSync(path, line('a', 'FINISHED') + line('b', 'FINISHED'))
    const { watchId } = await set({ kind: 'any' }, { match: errors })
    const { sourceId } = await engine.open(path)
    await engine.ask('sources.follow', { sourceId, on: true })
    expect(await untilState(watchId, ({ tasks }) => tasks === 2)).toMatchObject({ sourceId, state: 'ok', why: 'None of 2 tasks matches.', matching: 0, since: null, taskIds: [] })
    appendFileSync(path, line('c', 'ERROR') + line('d', 'FINISHED'))
    expect(await untilState(watchId, ({ state }) => state === 'firing')).toMatchObject({ why: '1 of 4 tasks matches.', matching: 1, tasks: 4, taskIds: ['c'], acknowledged: false, since: expect.any(Number) })
    await engine.ask('watches.acknowledge', { watchId })
    expect((await watched(watchId)).states[0]).toMatchObject({ state: 'firing', acknowledged: true })
    appendFileSync(path, line('e', 'FINISHED'))
    expect(await untilState(watchId, ({ tasks }) => tasks === 5)).toMatchObject({ acknowledged: true })
    appendFileSync(path, line('f', 'ERROR'))
    expect(await untilState(watchId, ({ matching }) => matching === 2)).toMatchObject({ acknowledged: false, taskIds: ['c', 'f'] })
    await engine.ask('sources.close', { sourceId })
    await engine.until(async () => (await watched(watchId)).states.length === 0)
  })

  it('judges counts, shares and metrics as its words say', async () => {
    const path = join(engine.folder, 'run.jsonl')
    writeFileSync(path, [0.5, 0.2, 0.4, 0.1].map((loss, at) => line(`t${at}`, at === 0 ? 'ERROR' : 'FINISHED', loss)).join(''))
    const { sourceId } = await engine.open(path)
    const say = async (condition: WatchCondition, match = everything, within = everything): Promise<[string, string, string[]]> => {
      const { state, why, taskIds } = await engine.ask('watches.preview', { sourceId, watch: { name: 'x', source: null, within, match, condition } })
      return [state, why, taskIds]
    }
    const metric = { kind: 'metric', column: 'generated.loss' } as const
    expect(await say({ kind: 'count', than: 'above', tasks: 1 }, errors)).toEqual(['ok', '1 of 4 tasks matches; it fires above 1.', []])
    expect(await say({ kind: 'count', than: 'below', tasks: 2 }, errors)).toEqual(['firing', '1 of 4 tasks matches; it fires below 2.', ['t0']])
    expect(await say({ kind: 'share', above: 0.2 }, errors)).toEqual(['firing', '25 % of 4 tasks match; it fires above 20 %.', ['t0']])
    expect(await say({ kind: 'share', above: 0.25 }, errors)).toEqual(['ok', '25 % of 4 tasks match; it fires above 25 %.', []])
    expect((await say({ kind: 'share', above: 0.25 }, errors, { filter: { 'generated.loss': { $gt: 0.3 } }, search: '' }))[1]).toBe('50 % of 2 tasks match; it fires above 25 %.')
    expect(await say({ ...metric, of: 'latest', than: 'above', value: 0.3 })).toEqual(['ok', 'The latest generated.loss is 0.1; it fires above 0.3.', []])
    expect(await say({ ...metric, of: 'max', than: 'above', value: 0.3 })).toEqual(['firing', 'The greatest generated.loss is 0.5; it fires above 0.3.', ['t0', 't2']])
    expect((await say({ ...metric, of: 'max', than: 'above', value: 0.3 }, { filter: { status: 'FINISHED' }, search: '' }))[1]).toBe('The greatest generated.loss is 0.4; it fires above 0.3.')
    expect((await say({ ...metric, of: 'mean', than: 'below', value: 0.4 }))[0]).toBe('firing')
    expect(await say({ ...metric, of: 'min', than: 'below', value: 0.1 })).toEqual(['ok', 'The least generated.loss is 0.1; it fires below 0.1.', []])
    expect((await say({ ...metric, column: 'generated.nothing', of: 'min', than: 'below', value: 0 }))[1]).toBe('No task has generated.nothing.')
    expect((await say({ kind: 'stalled', seconds: 5 }))[0]).toBe('not-applicable')
    await expect(engine.ask('watches.preview', { sourceId: `${sourceId}@1784500000`, watch: { name: 'x', source: null, condition: { kind: 'any' } } })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(set({ kind: 'any' }, { match: { filter: { status: { $like: 'x' } }, search: '' } })).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('is of the source it names, and stays over a restart', async () => {
    const one = await engine.open(join(fixtureFolder, 'jsonl', '05_errors.jsonl'))
    await engine.open(join(fixtureFolder, 'jsonl', '07_agents.jsonl'))
    const { watchId } = await set({ kind: 'any' }, { match: errors, source: one.path })
    await untilState(watchId, ({ state }) => state === 'firing')
    const { watchId: everywhere } = await set({ kind: 'any' }, { match: errors })
    await engine.until(async () => (await watched(everywhere)).states.length === 2)
    expect((await watched(watchId)).states.map(({ sourceId, matching }) => [sourceId, matching])).toEqual([[one.sourceId, one.errors]])
    // Judged before anybody asks: nobody has opened the list in this engine.
    const kept = (await engine.ask('prefs.get', { key: 'watches' })).value as Watched[]
    expect(kept.map((watch) => watch.watchId)).toEqual([watchId, everywhere])
    await engine.ask('watches.remove', { watchId: everywhere })
    expect((await engine.ask('watches.list', {})).watches.map((watch) => watch.watchId)).toEqual([watchId])
    await expect(engine.ask('watches.set', { watchId: everywhere, name: 'x', source: null, condition: { kind: 'any' } })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is not lost with another that an older version could not write', async () => {
    const good = { watchId: 'w-good', name: 'errors', source: null, within: everything, match: errors, condition: { kind: 'any' }, notify: false }
    await engine.ask('prefs.set', { key: 'watches', value: [{ watchId: 'w-bad', condition: { kind: 'moon' } }, good, 7] })
    await engine.open(join(fixtureFolder, 'jsonl', '05_errors.jsonl'))
    expect(await untilState('w-good', ({ state }) => state === 'firing')).toMatchObject({ acknowledged: false })
  })
})

describe.skipIf(!hasRedis())('a watch of a live source', () => {
  it('fires where nothing that matches arrives, by the clock alone, until something does', async () => {
    const redis = await startRedis()
    const publisher = new Publisher(redis.url)
    const { sourceId } = await engine.ask('live.attach', { url: redis.url })
    await engine.until(async () => (await engine.ask('sources.list', {})).sources.find((source) => source.live?.link.name === 'live'))
    const finished = { filter: { status: { $in: ['FINISHED', 'ERROR'] } }, search: '' }
    const { watchId } = await set({ kind: 'stalled', seconds: 1 }, { match: finished })
    const { watchId: failing } = await set({ kind: 'any' }, { match: errors })
    expect(await untilState(watchId, ({ state }) => state === 'firing')).toMatchObject({ why: 'Since it was attached nothing that matches has arrived for 1 s.', matching: 0, acknowledged: false })
    await publisher.message({ type: 'task', task_id: 'a', status: 'RUNNING', started_at: 1_784_500_000 })
    expect(await untilState(watchId, ({ tasks }) => tasks === 1)).toMatchObject({ state: 'firing' })
    await publisher.message({ type: 'task', task_id: 'a', status: 'FINISHED', ended_at: 1_784_500_001 })
    // Whether anybody sees the second in between depends on the machine; that it is over, and why, does not.
    expect(await untilState(watchId, ({ state, matching }) => state === 'firing' && matching === 1)).toMatchObject({ why: 'Nothing more that matches has arrived for 1 s.', acknowledged: false })
    await engine.ask('watches.set', { watchId, name: 'an hour', source: null, match: finished, condition: { kind: 'stalled', seconds: 3600 } })
    expect(await untilState(watchId, ({ state }) => state === 'ok')).toMatchObject({ why: 'Something that matches has arrived within 1 h.', matching: 1, since: null })
    await publisher.message({ type: 'task', task_id: 'b', status: 'ERROR' })
    expect(await untilState(failing, ({ state }) => state === 'firing')).toMatchObject({ taskIds: ['b'] })
    await engine.ask('live.detach', { sourceId })
    expect(await untilState(watchId, ({ state }) => state === 'not-applicable')).toMatchObject({ why: 'It is detached: nothing can arrive.' })
    await publisher.close()
    await redis.stop()
  }, 60_000)
})
if (!hasRedis()) it.skip(`a watch of a live source: ${noRedis}`, () => undefined)
