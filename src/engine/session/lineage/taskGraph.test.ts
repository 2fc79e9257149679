import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { openFixture } from '../../../testing/openFixture.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import type { OpenSource } from '../load/openSource.ts'
import { mostProducers } from '../query/linkValues.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { edgeKinds, taskGraph, type TaskGraph } from './taskGraph.ts'

const signal = new AbortController().signal
const closers: (() => unknown)[] = []
afterAll(async () => await Promise.all(closers.map((close) => close())))
const kindNames = Object.keys(edgeKinds)

async function graphOf(records: JsonObject[]): Promise<TaskGraph> {
  const table = await tinyTable(records)
  closers.push(table.close)
  return await taskGraph(table, signal)
}

/** Each edge as `from → to`, its kind, via, value and producers. */
function edgesOf({ edges, ids, values, vias }: TaskGraph): unknown[][] {
  return [...edges.from.keys()].map((at) => [
    `${ids[edges.from[at]!]} → ${ids[edges.to[at]!]}`, kindNames[edges.kind[at]!], vias[edges.via[at]!], ...(edges.kind[at] === edgeKinds.value ? [values[edges.value[at]!], edges.producers[at]] : [])
  ])
}

const at = 1_784_500_000
const task = (task_id: string, more: JsonObject = {}): JsonObject => ({ type: 'task', task_id, workflow_id: 'w', campaign_id: null, activity_id: 'act', status: 'FINISHED', started_at: at, ended_at: at + 1, parent_task_id: null, dependencies: null, dependents: null, ...more })

describe('the graph of all tasks', () => {
  test('captured edges: dependencies and dependents, parents, ids in used; whom nobody knows is missing', async () => {
    const graph = await graphOf([
      task('one', { dependents: ['mid', 'gone'] }), task('two', { parent_task_id: 'one' }), task('self', { parent_task_id: 'self' }),
      task('mid', { dependencies: ['one', 'lost', '', 7], used: { left: 'two', list: ['one', 3, 'no id'] } }), task('end', { dependencies: 'mid', parent_task_id: 'lost' }), task('x', { used: 'mid' })
    ])
    expect(edgesOf(graph)).toEqual([
      ['one → two', 'parent', 'parent_task_id'],
      ['one → mid', 'dependency', 'dependencies'],
      ['one → mid', 'dependency', 'dependents'],
      ['one → mid', 'usedId', 'used.list'],
      ['two → mid', 'usedId', 'used.left'],
      ['self → self', 'parent', 'parent_task_id'],
      ['mid → end', 'dependency', 'dependencies'],
      ['mid → x', 'usedId', 'used']
    ])
    expect(graph.missing).toEqual([
      { id: 'gone', by: 1, via: 'dependents', tasks: [0] }, { id: 'lost', by: 1, via: 'dependencies', tasks: [3] }, { id: 'lost', by: 1, via: 'parent_task_id', tasks: [4] }
    ])
  })

  test('equal values, however they are stored; trivial ones tie nothing', async () => {
    const graph = await graphOf([
      task('maker', { generated: { file: '/data/a.npz', rows: 12345, loss: 0.12345, big: 18446744073709551616n, list: ['x1', 'tile-7', 7], numbers: [1.0, 1.2345], quote: 'say "hi"\n' } }),
      task('a', { used: { path: '/data/a.npz' } }), task('b', { used: { f: 12345.5, n: 12345.0 } }), task('c', { used: { f: 'text', n: 1, wide: 18446744073709551616n } }),
      task('d', { used: { tile: 'tile-7', wide: 'x' } }), task('e', { used: { parts: [0.12345, 9, 'say "hi"\n'] } }), task('f', { used: { parts: [1, 1.2345] } }),
      task('trivial', { used: { n: 7, t: 'x1', half: 0.5, b: true, one: 1 } }), task('text, no number', { used: { path: '12345' } })
    ])
    expect(edgesOf(graph)).toEqual([
      ['maker → a', 'value', 'used.path = generated.file', '/data/a.npz', 1],
      ['maker → b', 'value', 'used.n = generated.rows', 12345, 1],
      ['maker → c', 'value', 'used.wide = generated.big', { int: '18446744073709551616' }, 1],
      ['maker → d', 'value', 'used.tile = generated.list', 'tile-7', 1],
      ['maker → e', 'value', 'used.parts = generated.loss', 0.12345, 1],
      ['maker → e', 'value', 'used.parts = generated.quote', 'say "hi"\n', 1],
      ['maker → f', 'value', 'used.parts = generated.numbers', { json: '[1,1.2345]' }, 1]
    ])
    expect(graph.edges.count.at(-1)).toBe(2)
    expect(graph.viaFields[graph.edges.via[0]!]).toEqual({ used: 'used.path', generated: 'generated.file' })
  })

  test('only within a workflow or campaign, and never from what began when the user had ended', async () => {
    const graph = await graphOf([
      task('late', { generated: { f: 'file' }, started_at: at + 2, ended_at: at + 3 }),
      task('during', { generated: { f: 'file' }, started_at: at + 0.5, ended_at: at + 9 }),
      task('untimed', { generated: { f: 'file' }, started_at: null, ended_at: null }),
      task('user', { used: { f: 'file' }, generated: { f: 'file' } }),
      task('elsewhere', { workflow_id: 'v', used: { f: 'file' } }),
      task('iteration', { workflow_id: 'w2', used: { f: 'file' } }), task('w2', { workflow_id: 'w2', campaign_id: 'c' }), task('w1', { campaign_id: 'c' }), task('alone', { workflow_id: null, used: { f: 'file' } })
    ])
    expect(edgesOf(graph)).toEqual([
      ['during → user', 'value', 'used.f = generated.f', 'file', 4],
      ['during → iteration', 'value', 'used.f = generated.f', 'file', 4],
      ['untimed → user', 'value', 'used.f = generated.f', 'file', 4],
      ['untimed → iteration', 'value', 'used.f = generated.f', 'file', 4],
      ['user → iteration', 'value', 'used.f = generated.f', 'file', 4]
    ])
    expect(graph.campaign[graph.numberOf('iteration')!]).toBe(graph.campaigns.indexOf('c'))
  })

  test('a value of too many is looked for in the own workflow; where that does not tell either it is ambiguous', async () => {
    const makers = Array.from({ length: mostProducers }, (_, n) => task(`m${n}`, { campaign_id: 'c', generated: { model: 'resnet' } }))
    const other = [task('o', { workflow_id: 'v', campaign_id: 'c', generated: { model: 'resnet' } }), task('near', { workflow_id: 'v', campaign_id: 'c', used: { model: 'resnet' } })]
    const graph = await graphOf([...makers, ...other, task('third', { workflow_id: 'x', campaign_id: 'c', used: { model: 'resnet' } })])
    expect(edgesOf(graph)).toEqual([['o → near', 'value', 'used.model = generated.model', 'resnet', 1]])
    expect(graph.ambiguous.map(({ column, makers: by, tasks, users, value }) => [column, value, tasks, by.length, [...users].map((one) => graph.ids[one])])).toEqual([['generated.model', 'resnet', 21, 21, ['third']]])
    const within = await graphOf(makers.concat(task('user', { used: { model: 'resnet' } })))
    expect(edgesOf(within)).toHaveLength(mostProducers)
  })

  test('long values are compared whole', async () => {
    const long = 'x'.repeat(3000)
    const list = Array.from({ length: 700 }, (_, n) => n)
    const graph = await graphOf([task('m', { generated: { long, list } }), task('same', { used: { long, list } }), task('other', { used: { long: `${long}!`, list: [...list, 7] } })])
    expect(edgesOf(graph)).toEqual([
      ['m → same', 'value', 'used.long = generated.long', { text: 'x'.repeat(256), length: 3000 }, 1],
      ['m → same', 'value', 'used.list = generated.list', { json: JSON.stringify(list).slice(0, 256), length: JSON.stringify(list).length }, 1]
    ])
  })

  test('no tasks, no columns, kept for as long as nothing changes', async () => {
    const table: SourceTable & { touch(): void; close(): void } = await tinyTable([{ type: 'workflow', workflow_id: 'w' }])
    closers.push(table.close)
    const graph = await taskGraph(table, signal)
    expect([graph.ids.length, graph.edges.from.length, graph.numberOf('x')]).toEqual([0, 0, undefined])
    expect(await taskGraph(table, signal)).toBe(graph)
    table.touch()
    expect(await taskGraph(table, signal)).not.toBe(graph)
  })
})

describe('real runs, their edges as a reader of the file finds them', () => {
  async function fixture(name: string): Promise<{ graph: TaskGraph; source: OpenSource }> {
    const { close, source } = await openFixture(`jsonl/${name}.jsonl`)
    closers.push(close)
    return { source, graph: await taskGraph(source, signal) }
  }

  test('02_pipeline: each station by itself, a list passed on as a whole, all of them ranked', async () => {
    const { graph } = await fixture('02_pipeline')
    const activityOf = (task: number): string => graph.activities[graph.activity[task]!]!
    const stations = ['ALB', 'BRN', 'CHE', 'DOV', 'EXE']
    const [load, drop, fit, evaluate] = ['load_readings', 'drop_outliers', 'fit_line', 'evaluate'].map((name) => [...graph.ids.keys()].filter((one) => activityOf(one) === name).map((one) => graph.ids[one]!)) as [string[], string[], string[], string[]]
    const [rank, publish] = ['1795406558.7834618', '1795406558.783483']
    const expected = stations.flatMap((station, n) => [
      [`${load[n]} → ${drop[n]}`, 'used.readings = generated.arg_0'],
      [`${drop[n]} → ${fit[n]}`, 'used.clean = generated.clean'],
      [`${drop[n]} → ${evaluate[n]}`, 'used.clean = generated.clean'],
      [`${fit[n]} → ${evaluate[n]}`, 'used.intercept = generated.intercept'],
      [`${fit[n]} → ${evaluate[n]}`, 'used.slope = generated.slope'],
      [`${evaluate[n]} → ${rank}`, `used.results.${station}.max_error = generated.max_error`],
      [`${evaluate[n]} → ${rank}`, `used.results.${station}.mse = generated.mse`]
    ])
    const found = edgesOf(graph)
    expect(found.map(([tasks, , via]) => [tasks, via]).toSorted()).toEqual([...expected, [`${rank} → ${publish}`, 'used.ranking = generated.arg_0']].toSorted())
    expect(new Set(found.map(([, kind, , , producers]) => `${kind} ${producers}`))).toEqual(new Set(['value 1']))
    expect(found.find(([tasks]) => tasks === `${rank} → ${publish}`)?.[3]).toEqual({ json: '["BRN","ALB","EXE","DOV","CHE"]' })
  })

  test('03_loop: iterations hang from their loop, which is the only thing that ties them', async () => {
    const { graph } = await fixture('03_loop')
    const parents = edgesOf(graph).filter(([, kind]) => kind === 'parent')
    expect(parents).toHaveLength(200)
    expect(new Set(parents.map(([tasks]) => String(tasks).split(' → ')[0]))).toEqual(new Set(['1795406559.2120602_26274_140113225662528_2588804702']))
    expect(graph.missing).toEqual([])
  })

  test('04_campaign: tiles go from one workflow to the next, and the lists of results on to the check', async () => {
    const { graph } = await fixture('04_campaign')
    const [tileA, tileB, map, mosaic, blend, feather, check] = ['1795406559.643119', '1795406559.6431556', '1795406559.8111124_26283_140651387285568_605656330', '1795406559.8113132_26283_140651387285568_4032440216', '1795406559.8113215_26283_140651387285568_3601804746', '1795406559.8113265_26283_140651387285568_3562282010', '1795406559.811416_26283_140651387285568_616615558']
    const index = ['1713', '2056', '2228', '2373', '2502', '2664', '2824', '2998'].map((end) => `1795406559.811${end}`)
    const found = edgesOf(graph)
    const between = (from: string): unknown[][] => found.filter(([tasks]) => String(tasks).startsWith(`${from} → `)).map(([tasks, kind, via]) => [String(tasks).split(' → ')[1], kind, via])
    expect(between(tileA!)).toEqual([...index.slice(0, 4).map((one) => [one, 'value', 'used.tile = generated.arg_0']), [map, 'value', 'used.tiles = generated.arg_0']])
    expect(between(tileB!)).toEqual([...index.slice(4).map((one) => [one, 'value', 'used.tile = generated.arg_0']), [map, 'value', 'used.tiles = generated.arg_0']])
    // Of the same list compute_map only ended after mosaic began: the single results stay possible.
    for (const one of index) expect(between(one)).toEqual([[mosaic, 'value', 'used.parts = generated.index']])
    expect(between(map!)).toEqual([[mosaic, 'value', 'used.parts = generated.mean'], [mosaic, 'value', 'used.parts = generated.values'], [mosaic, 'parent', 'parent_task_id'], [check, 'value', 'used.values = generated.values']])
    expect(found.filter(([tasks]) => tasks === `${index[0]} → ${mosaic}`)[0]?.slice(3)).toEqual([0.4528604651162791, 10])
    expect([between(mosaic!), between(blend!), between(feather!)]).toEqual([[[blend, 'parent', 'parent_task_id']], [[feather, 'parent', 'parent_task_id']], []])
  })

  test('05_errors: nothing was passed on', async () => {
    expect(edgesOf((await fixture('05_errors')).graph)).toEqual([])
  })

  test('07_agents: a call of a model within a tool, by its parent; agents as the tasks name them', async () => {
    const { graph } = await fixture('07_agents')
    expect(edgesOf(graph)).toEqual([['1795406562.7128139 → 1795406562.712912_26321_140397641130048_2020846228', 'parent', 'parent_task_id']])
    const handover = graph.numberOf('1795406562.7144918_26321_140397641130048_2229241247')!
    expect([graph.agents[graph.agent[handover]!], graph.agents[graph.sourceAgent[handover]!]]).toEqual(['agent-reporter', 'agent-planner'])
  })

  test('10_dask: each summary of its block, all of them merged, by the ids in used', async () => {
    const { graph } = await fixture('10_dask')
    const captured = edgesOf(graph).filter(([, kind]) => kind !== 'value')
    expect(captured).toHaveLength(24)
    expect(captured).toContainEqual(['load-7c7e7dab-7042-4213-8a3b-814443a23568 → summarise-aac8d37e-97b3-468b-aa0b-5da15343ca37', 'usedId', 'used.values'])
    expect(captured).toContainEqual(['summarise-5551c3c0-91ef-462d-a69c-b8f230a94e32 → merge-991f10ba-9616-4638-b8e1-7eb84de8f882', 'usedId', 'used.parts'])
    expect(captured.filter(([tasks]) => String(tasks).endsWith('→ merge-991f10ba-9616-4638-b8e1-7eb84de8f882'))).toHaveLength(12)
    // The only values that are equal: the name of the method, which each summary passes on.
    expect(new Set(edgesOf(graph).filter(([, kind]) => kind === 'value').map(([, , via]) => via))).toEqual(new Set(['used.method = generated.method']))
  })

  test('12_sweep: the residual ties a summary to its run, and to a run before it that came to the same', async () => {
    const { graph } = await fixture('12_sweep')
    const relax = ['6566.8101904', '6566.9918814', '6566.9935803', '6566.9948733', '6566.9960978', '6566.9973838', '6567.0027041', '6567.0040486'].map((end) => `179540${end}`)
    const summarise = ['6566.8106005', '6566.9924586', '6566.993958', '6566.995237', '6566.9964645', '6566.9977582', '6567.0031211', '6567.0044084'].map((end) => `179540${end}`)
    // Runs four later have the same omega and so the same residual; those that began afterwards cannot be where it came from.
    const expected = summarise.flatMap((one, run) => [run, run - 4].filter((from) => from >= 0).map((from) => `${relax[from]} → ${one}`))
    const found = edgesOf(graph).filter(([, , via]) => via === 'used.residual = generated.residual')
    expect(found.map(([tasks]) => String(tasks)).toSorted()).toEqual(expected.toSorted())
    expect(new Set(found.map((edge) => edge[4]))).toEqual(new Set([2]))
    expect(edgesOf(graph)).toHaveLength(found.length)
  })
})
