import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '#contract/json'
import { openFixture } from '../../../testing/openFixture.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { isTrivial, linkValues, mostProducers } from './linkValues.ts'
import { recordLinks } from './links.ts'
import type { OpenSource } from '../load/openSource.ts'
import type { SourceTable } from '../table/sourceTable.ts'

const signal = new AbortController().signal
const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

async function tableOf(records: JsonObject[]): Promise<SourceTable> {
  const table = await tinyTable(records)
  closers.push(table.close)
  return table
}

const links = (table: SourceTable, taskId: string, limit = 50) => recordLinks(table, { sourceId: 's', taskId, limit }, signal)
const at = 1_784_500_000
const task = (task_id: string, more: JsonObject = {}): JsonObject => ({ type: 'task', task_id, workflow_id: 'w', campaign_id: null, activity_id: 'act', status: 'FINISHED', started_at: at, ended_at: at + 1, parent_task_id: null, dependencies: null, dependents: null, ...more })

describe('records.links', () => {
  test('workflow, parent and children', async () => {
    const table = await tableOf([{ type: 'workflow', workflow_id: 'w', name: 'train', campaign_id: 'c' }, task('a', { parent_task_id: 'gone' }), task('b', { parent_task_id: 'a' }), task('c', { parent_task_id: 'a', status: 'ERROR' }), task('self', { parent_task_id: 'self' })])
    expect(await links(table, 'a', 1)).toEqual({
      workflow: { id: 'w', name: 'train', campaign: 'c' },
      parent: { taskId: 'gone', activity: null, missing: true },
      children: { total: 2, links: [{ taskId: 'b', activity: 'act', status: 'FINISHED', evidence: 'captured', via: 'parent_task_id', value: 'a', producers: null, earlySeconds: null }] },
      upstream: { total: 0, links: [] },
      downstream: { total: 0, links: [] },
      ambiguous: 0
    })
    expect(await links(table, 'b')).toMatchObject({ parent: { taskId: 'a', activity: 'act', missing: false } })
    expect(await links(table, 'self')).toMatchObject({ parent: { taskId: 'self', missing: false }, children: { total: 0 } })
  })

  test('captured: ids in dependencies, dependents and used, of either side', async () => {
    const table = await tableOf([
      task('one'), task('two'), task('three', { dependents: ['mid'] }),
      task('mid', { dependencies: ['one', 'lost'], dependents: ['five'], used: { left: 'two', list: ['one', 3] } }),
      task('four', { used: { x: ['mid', 1] } }), task('five'), task('six', { dependencies: ['mid'] }), task('seven', { used: { deep: { id: 'mid' } } })
    ])
    const found = await links(table, 'mid')
    const shown = (side: typeof found.upstream) => side.links.map(({ taskId, via, value, evidence }) => [taskId, via, value, evidence])
    expect(shown(found.upstream)).toEqual([
      ['one', 'dependencies, used.list', 'one', 'captured'], ['two', 'used.left', 'two', 'captured'], ['three', 'dependents', 'mid', 'captured'], ['lost', 'dependencies', 'lost', 'captured']
    ])
    expect(shown(found.downstream)).toEqual([['four', 'used.x', 'mid', 'captured'], ['five', 'dependents', 'five', 'captured'], ['six', 'dependencies', 'mid', 'captured'], ['seven', 'used.deep.id', 'mid', 'captured']])
    expect([found.upstream.total, found.downstream.total]).toEqual([4, 4])
    expect((await links(table, 'mid', 2)).upstream).toMatchObject({ total: 4, links: [{ taskId: 'one' }, { taskId: 'two' }] })
  })

  test('matched: equal values in the same workflow or campaign, however they are stored', async () => {
    const table = await tableOf([
      task('maker', { generated: { file: '/data/a.npz', rows: 12345, loss: 0.12345, big: 18446744073709551616n, list: ['x1', 'tile-7', 7], numbers: [0.5, 1.2345] } }),
      task('reader', { used: { path: '/data/a.npz' }, started_at: at + 0.25 }),
      task('counter', { used: { n: 12345.0, f: 12345.5 } }),
      task('mixed', { used: { f: 'text', n: 1, wide: 18446744073709551616n } }),
      task('tile', { used: { tile: 'tile-7' } }),
      task('gather', { used: { parts: [0.12345, 9] } }),
      task('same list', { used: { numbers: [0.5, 1.2345] } }),
      task('elsewhere', { workflow_id: 'other', used: { path: '/data/a.npz' } }),
      task('trivial', { used: { n: 7, t: 'x1', half: 0.5 } })
    ])
    const { downstream, ambiguous } = await links(table, 'maker')
    expect(downstream.links.map(({ taskId, via, value, producers, earlySeconds }) => [taskId, via, value, producers, earlySeconds])).toEqual([
      ['reader', 'used.path = generated.file', '/data/a.npz', 1, 0.75],
      ['counter', 'used.n = generated.rows', 12345, 1, 1],
      ['mixed', 'used.wide = generated.big', { int: '18446744073709551616' }, 1, 1],
      ['tile', 'used.tile = generated.list', 'tile-7', 1, 1],
      ['gather', 'used.parts = generated.loss', 0.12345, 1, 1],
      ['same list', 'used.numbers = generated.numbers', { json: '[0.5,1.2345]' }, 1, 1]
    ])
    expect([downstream.total, ambiguous]).toEqual([6, 0])
    const up = await links(table, 'reader')
    expect(up.upstream).toEqual({ total: 1, links: [{ taskId: 'maker', activity: 'act', status: 'FINISHED', evidence: 'matched', via: 'used.path = generated.file', value: '/data/a.npz', producers: 1, earlySeconds: 0.75 }] })
    expect((await links(table, 'gather')).upstream.links).toMatchObject([{ taskId: 'maker', via: 'used.parts = generated.loss' }])
    expect((await links(table, 'trivial')).upstream.total).toBe(0)
    expect((await links(table, 'elsewhere')).upstream.total).toBe(0)
  })

  test('what too many tasks produced is counted as ambiguous; a task that captured evidence ties is listed once', async () => {
    const makers = Array.from({ length: mostProducers + 1 }, (_, n) => task(`m${n}`, { generated: { model: 'resnet', own: `file-${n % 2}`, all: 'captured' } }))
    const table = await tableOf([...makers, task('user', { used: { model: 'resnet', file: 'file-1' }, dependencies: ['m1'] })])
    const { upstream, ambiguous } = await links(table, 'user')
    expect(ambiguous).toBe(1)
    expect(upstream.total).toBe(10)
    expect(upstream.links[0]).toMatchObject({ taskId: 'm1', evidence: 'captured', producers: null })
    expect(upstream.links.slice(1).map((link) => link.taskId)).toEqual(['m3', 'm5', 'm7', 'm9', 'm11', 'm13', 'm15', 'm17', 'm19'])
    expect(upstream.links[1]).toMatchObject({ evidence: 'matched', producers: 10, via: 'used.file = generated.own' })
    expect((await links(table, 'm1')).downstream).toMatchObject({ total: 1, links: [{ taskId: 'user', evidence: 'captured', via: 'dependencies', value: 'm1' }] })
  })

  test('a task with many ties to one other names the first fields and counts the rest', async () => {
    const values = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`k${n}`, `value-${n}`]))
    const table = await tableOf([task('a', { generated: values }), task('b', { used: values })])
    expect((await links(table, 'b')).upstream).toMatchObject({ total: 1, links: [{ via: 'used.k0 = generated.k0, used.k1 = generated.k1, used.k2 = generated.k2, 2 more' }] })
  })

  test('a task that is not there is refused', async () => {
    await expect(links(await tableOf([task('a')]), 'b')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('links in real runs', () => {
  let dask: { source: OpenSource; close(): Promise<void> }
  let campaign: { source: OpenSource; close(): Promise<void> }
  beforeAll(async () => {
    dask = await openFixture('jsonl/10_dask.jsonl')
    campaign = await openFixture('jsonl/04_campaign.jsonl')
  })
  afterAll(async () => await Promise.all([dask.close(), campaign.close()]))

  test('Dask records the tasks it takes values from in used', async () => {
    const rows = await dask.source.query({ text: `SELECT r.record_id FROM ${dask.source.rows} r WHERE ${dask.source.recordsPredicate('tasks')}`, values: [] })
    const ids = new Set(rows.map((row) => String(row[0])))
    let captured = 0
    for (const id of [...ids].filter((one) => !one.startsWith('load-')).slice(0, 8)) {
      const found = await links(dask.source, id)
      for (const link of found.upstream.links.filter((one) => one.evidence === 'captured').slice(0, 2)) {
        captured++
        expect(ids).toContain(link.taskId)
        expect(link.via).toMatch(/^used/)
        expect((await links(dask.source, link.taskId)).downstream.links.map((one) => one.taskId)).toContain(id)
      }
    }
    expect(captured).toBeGreaterThan(4)
  })

  test('tiles made by one task are read by others, also in another workflow of the campaign', async () => {
    const { downstream } = await links(campaign.source, '1795406559.643119')
    const tiles = downstream.links.filter((link) => link.activity === 'moisture_index')
    expect(tiles.map((link) => link.value)).toEqual(['S2A_0412/t0', 'S2A_0412/t1', 'S2A_0412/t2', 'S2A_0412/t3'])
    expect(tiles[0]).toMatchObject({ evidence: 'matched', via: 'used.tile = generated.arg_0', producers: 1, earlySeconds: null })
  })
})

test('trivial values', () => {
  const trivial: JsonValue[] = [null, true, 'ab', '', 0, 1, -12, 0.31, 4000, 1e21, NaN, Infinity, [], [1], {}]
  const telling: JsonValue[] = ['abc', 1234, 0.1234, -1.005, 12345678901234567890n, 1.234e-7, [1, 2]]
  expect(trivial.filter((value) => !isTrivial(value))).toEqual([])
  expect(telling.filter(isTrivial)).toEqual([])
  expect(linkValues('used', { a: { 'b.c': 'deep' }, l: ['one', 'one', ['in', 'ner'], { no: 'dict' }], again: 'deep' }).map(({ path, value }) => [path, value])).toEqual([
    ['used.a.b.c', 'deep'], ['used.l', ['one', 'one', ['in', 'ner'], { no: 'dict' }]], ['used.l', 'one'], ['used.l', ['in', 'ner']]
  ])
})
