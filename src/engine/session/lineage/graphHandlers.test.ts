import { afterAll, describe, expect, test } from 'vitest'
import type { Graph } from '#contract/graph'
import { graph as graphSchema, dataflowParams, lineageParams, lineagePage as pageSchema, lineagePageParams, pathParams, pathResult } from '#contract/graph'
import type { JsonObject } from '#contract/json'
import { openFixture } from '../../../testing/openFixture.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { dataflowGraph } from './dataflowGraph.ts'
import { lineageGraph, lineagePath } from './lineageGraph.ts'
import { lineagePage } from './lineagePage.ts'

const signal = new AbortController().signal
const closers: (() => unknown)[] = []
afterAll(async () => await Promise.all(closers.map((close) => close())))
const opened = new Map<string, Promise<SourceTable>>()

async function tableOf(records: JsonObject[]): Promise<SourceTable> {
  const table = await tinyTable(records)
  closers.push(table.close)
  return table
}

function fixture(name: string): Promise<SourceTable> {
  const table = opened.get(name) ?? openFixture(`jsonl/${name}.jsonl`).then(({ close, source }) => {
    closers.push(close)
    return source
  })
  opened.set(name, table)
  return table
}

// Every answer is held against the contract.
const lineage = async (table: SourceTable, taskId: string, more: object = {}) => graphSchema.parse(await lineageGraph(table, lineageParams.parse({ sourceId: 's', taskId, ...more }), signal))
const dataflow = async (table: SourceTable, more: object = {}) => graphSchema.parse(await dataflowGraph(table, dataflowParams.parse({ sourceId: 's', ...more }), signal))
const path = async (table: SourceTable, from: string, to: string, more: object = {}) => pathResult.parse(await lineagePath(table, pathParams.parse({ sourceId: 's', from, to, ...more }), signal))
const page = async (table: SourceTable, taskId: string, more: object = {}) => pageSchema.parse(await lineagePage(table, lineagePageParams.parse({ sourceId: 's', taskId, ...more }), signal))

/** Nodes as `kind name ×count`, edges as `from → to relation evidence`, by names. */
function shown({ edges, nodes }: Graph): { nodes: string[]; edges: string[] } {
  const label = ({ count, kind, name }: Graph['nodes'][number]): string => `${kind === 'entity' ? `(${name})` : name}${count > 1 ? ` ×${count}` : ''}`
  const labels = new Map(nodes.map((node) => [node.key, label(node)]))
  expect(labels.size).toBe(nodes.length)
  return { nodes: nodes.map(label).toSorted(), edges: edges.map(({ count, evidence, from, relation, to }) => `${labels.get(from)} → ${labels.get(to)} ${relation} ${evidence}${count > 1 ? ` ×${count}` : ''}`).toSorted() }
}

const at = 1_784_500_000
const task = (task_id: string, more: JsonObject = {}): JsonObject => ({ type: 'task', task_id, workflow_id: 'w', campaign_id: null, activity_id: task_id, status: 'FINISHED', started_at: at, ended_at: at + 1, parent_task_id: null, ...more })
/** Two loaders, a join of both, two users of the join, one of which reads it before it is there. */
const run = (): JsonObject[] => [
  { type: 'workflow', workflow_id: 'w', name: 'train' },
  task('load', { activity_id: 'load', used: { path: '/data/in' }, generated: { block: 'block-1' } }),
  task('other load', { activity_id: 'load', used: { path: '/data/two' }, generated: { block: 'block-2' } }),
  task('join', { used: { left: 'block-1', right: 'block-2', how: 'inner' }, generated: { table: 'joined', rows: 5 }, started_at: at + 1, ended_at: at + 3 }),
  task('fit', { used: { table: 'joined' }, generated: { model: 'model', loss: 0.25 }, started_at: at + 2, ended_at: at + 4, agent_id: 'planner', source_agent_id: 'boss' }),
  task('plot', { used: { source: 'joined' }, started_at: at + 5, ended_at: at + 6, status: 'ERROR' }),
  task('child', { parent_task_id: 'fit', started_at: at + 2, ended_at: at + 3 }),
  task('far', { workflow_id: 'v' })
]

describe('lineage of a task', () => {
  test('upstream: what it used, who generated it, by which evidence', async () => {
    const found = await lineage(await tableOf(run()), 'fit', { direction: 'up', fold: false })
    expect(shown(found)).toEqual({
      nodes: ['(block)', '(block)', '(loss)', '(model)', '(table)', 'boss', 'fit', 'join', 'load', 'load', 'planner'],
      edges: [
        '(block) → join used inferred', '(block) → join used inferred', '(table) → fit used inferred', 'boss → planner actedOnBehalfOf captured', 'fit → (loss) wasGeneratedBy captured', 'fit → (model) wasGeneratedBy captured',
        'join → (table) wasGeneratedBy captured', 'load → (block) wasGeneratedBy captured', 'load → (block) wasGeneratedBy captured', 'planner → fit wasAssociatedWith captured'
      ]
    })
    expect(found.total).toEqual({ tasks: 4, values: 5, captured: 7, inferred: 3 })
    expect(found.edges.find((edge) => edge.via === 'used.table = generated.table')).toMatchObject({ from: 'value:task:join:generated.table', to: 'task:fit', value: 'joined', producers: 1, count: 1, earlySeconds: 1 })
    expect(found.nodes[0]).toEqual({
      key: 'task:fit', kind: 'activity', name: 'fit', taskId: 'fit', column: null, value: null, count: 1, statuses: { FINISHED: 1 }, seconds: 2, start: at + 2, end: at + 4, workflow: { id: 'w', name: 'train' },
      filter: { task_id: 'fit' }, fold: null, focus: true, more: { up: 0, down: 1 }
    })
    expect(found.nodes.find((node) => node.key === 'value:task:join:generated.table')).toMatchObject({ kind: 'entity', name: 'table', column: 'generated.table', value: 'joined', taskId: 'join', more: { up: 0, down: 1 }, focus: false })
  })

  test('the same folded: what stands alike is one node, which unfolds', async () => {
    const table = await tableOf(run())
    const folded = await lineage(table, 'fit', { direction: 'up' })
    expect(shown(folded).nodes).toEqual(['(block) ×2', '(loss)', '(model)', '(table)', 'boss', 'fit', 'join', 'load ×2', 'planner'])
    const load = folded.nodes.find((node) => node.name === 'load')
    expect(load).toMatchObject({ key: 'alike:load', fold: 'alike:load', taskId: null, filter: { task_id: { $in: ['load', 'other load'] } }, seconds: 1, statuses: { FINISHED: 2 } })
    expect(folded.edges.find((edge) => edge.to === 'task:join')).toMatchObject({ count: 2, value: null, producers: 1, via: 'used.left = generated.block, used.right = generated.block' })
    expect(folded.nodes.find((node) => node.name === 'block')).toMatchObject({ fold: 'alike:load', value: null, taskId: null, count: 2 })
    expect(shown(await lineage(table, 'fit', { direction: 'up', unfolded: ['alike:load'] }))).toEqual(shown(await lineage(table, 'fit', { direction: 'up', fold: false })))
  })

  test('downstream, to a depth, captured only', async () => {
    const table = await tableOf(run())
    expect(shown(await lineage(table, 'load', { direction: 'down' })).nodes).toEqual(['(block)', '(path)', '(table)', 'boss', 'child', 'fit', 'join', 'load', 'planner', 'plot'])
    const near = await lineage(table, 'load', { direction: 'down', depth: 1 })
    expect(shown(near).nodes).toEqual(['(block)', '(path)', 'join', 'load'])
    expect(near.nodes.find((node) => node.name === 'join')?.more).toEqual({ up: 1, down: 2 })
    const captured = await lineage(table, 'fit', { inferred: false })
    expect(shown(captured)).toEqual({
      nodes: ['(loss)', '(model)', '(table)', 'boss', 'child', 'fit', 'planner'],
      edges: ['(table) → fit used captured', 'boss → planner actedOnBehalfOf captured', 'fit → (loss) wasGeneratedBy captured', 'fit → (model) wasGeneratedBy captured', 'fit → child wasInformedBy captured', 'planner → fit wasAssociatedWith captured']
    })
  })

  test('of a value: a cell that was used leads to who generated it and to who else used it', async () => {
    const table = await tableOf(run())
    const used = await lineage(table, 'plot', { column: 'used.source' })
    expect(shown(used).nodes).toEqual(['(block) ×2', '(table)', 'boss', 'child', 'fit', 'join', 'load ×2', 'planner', 'plot'])
    expect(used.nodes.filter((node) => node.focus).map((node) => node.key)).toEqual(['value:task:join:generated.table'])
    const generated = await lineage(table, 'load', { column: 'generated.block', fold: false })
    expect(shown(generated).nodes).toEqual(['(block)', '(table)', 'boss', 'child', 'fit', 'join', 'load', 'planner', 'plot'])
    expect(generated.nodes.filter((node) => node.focus).map((node) => node.key)).toEqual(['value:task:load:generated.block'])
    const alone = await lineage(table, 'join', { column: 'used.how' })
    expect(alone.nodes.filter((node) => node.focus)).toMatchObject([{ column: 'used.how', value: 'inner', taskId: 'join' }])
    expect(shown(alone).edges).toContain('(how) → join used captured')
    const loss = await lineage(table, 'fit', { column: 'generated.loss', direction: 'down' })
    expect(shown(loss).nodes).toEqual(['(loss)', 'boss', 'fit', 'planner'])
  })

  test('a limit leaves out what is far, and says how many', async () => {
    const found = await lineage(await tableOf(run()), 'fit', { direction: 'up', fold: false, limit: 4 })
    expect([found.nodes.length, found.left, found.nodes[0]?.name]).toEqual([4, 7, 'fit'])
    expect(found.edges.every(({ from, to }) => [from, to].every((key) => found.nodes.some((node) => node.key === key)))).toBe(true)
    expect(found.total.tasks).toBe(4)
  })

  test('many values of one task: a few are drawn, the others counted', async () => {
    const found = await lineage(await tableOf([task('a', { used: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, n])) })]), 'a')
    expect([found.nodes.length, found.nodes[0]?.more]).toEqual([13, { up: 8, down: 0 }])
  })

  test('ambiguous values and missing tasks are counted', async () => {
    const makers = Array.from({ length: 21 }, (_, n) => task(`m${n}`, { generated: { model: 'resnet' } }))
    const found = await lineage(await tableOf([...makers, task('user', { used: { model: 'resnet' }, dependencies: ['gone'], parent_task_id: 'gone too' })]), 'user')
    expect([found.ambiguous, found.missing]).toEqual([{ total: 1, mostProducers: 20, values: [{ column: 'generated.model', value: 'resnet', tasks: 21 }] }, 2])
  })

  test('what is not there or no value is refused with a sentence', async () => {
    const table = await tableOf(run())
    await expect(lineage(table, 'nobody')).rejects.toMatchObject({ code: 'not-found', message: 'There is no task "nobody" in this source.' })
    await expect(lineage(table, 'fit', { column: 'status' })).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('ways between two tasks', () => {
  test('all tasks on some way, and a shortest', async () => {
    const table = await tableOf(run())
    const found = await path(table, 'load', 'child')
    expect(found.shortest).toEqual(['load', 'join', 'fit', 'child'])
    expect(shown(found.graph).nodes).toEqual(['(block)', '(table)', 'boss', 'child', 'fit', 'join', 'load', 'planner'])
    const none = await path(table, 'child', 'load')
    expect([none.shortest, shown(none.graph).edges, none.graph.nodes.filter((node) => node.kind === 'activity').map((node) => node.taskId)]).toEqual([[], [], ['load', 'child']])
  })
})

describe('dataflow of a scope', () => {
  test('by activity, its values between, unfolded to tasks', async () => {
    const table = await tableOf(run())
    const found = await dataflow(table)
    expect(shown(found)).toEqual({
      nodes: ['(block) ×2', '(table)', 'boss', 'child', 'far', 'fit', 'join', 'load ×2', 'planner', 'plot'],
      edges: [
        '(block) ×2 → join used inferred ×2', '(table) → fit used inferred', '(table) → plot used inferred', 'boss → planner actedOnBehalfOf captured', 'fit → child wasInformedBy captured', 'join → (table) wasGeneratedBy captured', 'load ×2 → (block) ×2 wasGeneratedBy captured ×2',
        'planner → fit wasAssociatedWith captured'
      ]
    })
    expect(found.nodes.find((node) => node.name === 'load')).toMatchObject({ key: 'activity:["load"]', fold: 'activity:["load"]', filter: { activity_id: 'load' }, count: 2 })
    expect(shown(await dataflow(table, { unfolded: ['activity:["load"]'], scope: { filter: { workflow_id: 'w' } } })).nodes).toEqual(['(block)', '(block)', '(table)', 'boss', 'child', 'fit', 'join', 'load', 'load', 'planner', 'plot'])
    expect(shown(await dataflow(table, { values: false, scope: { filter: { activity_id: { $in: ['load', 'join'] } } } }))).toEqual({ nodes: ['join', 'load ×2'], edges: ['load ×2 → join wasInformedBy inferred ×2'] })
  })

  test('by workflow and campaign: from outside in, as they are unfolded', async () => {
    const table = await fixture('04_campaign')
    const whole = await dataflow(table, { level: 'campaign' })
    expect(whole.nodes.filter((node) => node.kind === 'campaign')).toMatchObject([{ key: 'campaign:"campaign-soil-moisture-2026"', count: 16, filter: { campaign_id: 'campaign-soil-moisture-2026' } }])
    const flows = await dataflow(table, { level: 'campaign', unfolded: ['campaign:"campaign-soil-moisture-2026"'] })
    expect(flows.nodes.filter((node) => node.kind === 'workflow').map(({ count, name }) => [name, count])).toEqual([['ingest', 2], ['moisture', 12], ['quality_check', 2]])
    const moisture = flows.nodes.find((node) => node.name === 'moisture')!
    const activities = await dataflow(table, { level: 'workflow', unfolded: [moisture.key] })
    expect(activities.nodes.filter((node) => node.kind === 'activity').map(({ count, name }) => [name, count])).toEqual([['moisture_index', 8], ['feather', 1], ['blend_edges', 1], ['mosaic', 1], ['compute_map', 1]])
    expect(activities.nodes.find((node) => node.name === 'moisture_index')?.filter).toEqual({ workflow_id: moisture.workflow?.id, activity_id: 'moisture_index' })
  })

  test('by task: what stands alike is folded', async () => {
    const table = await fixture('10_dask')
    const found = await dataflow(table, { level: 'task', inferred: false })
    expect(shown(found).nodes).toEqual(['fail', 'load ×12', 'merge', 'summarise ×12'])
    expect(shown(found).edges).toEqual(['load ×12 → summarise ×12 wasInformedBy captured ×12', 'summarise ×12 → merge wasInformedBy captured ×12'])
    expect((await dataflow(table, { level: 'task', fold: false, inferred: false })).nodes).toHaveLength(26)
  })
})

describe('the lineage as lists', () => {
  test('pages of tasks and of edges, nearest first', async () => {
    const table = await tableOf(run())
    const found = await page(table, 'fit')
    expect([found.nodes, found.edges, found.ambiguous, found.missing]).toEqual([5, 4, 0, []])
    expect(found.page.nodes.map(({ direction, distance, task_id }) => [task_id, direction, distance])).toEqual([['fit', 'self', 0], ['join', 'up', 1], ['child', 'down', 1], ['load', 'up', 2], ['other load', 'up', 2]])
    expect(found.page.edges).toEqual([
      { from: 'load', to: 'join', kind: 'inferred', relation: 'used', via: 'used.left = generated.block', value: 'block-1', producers: 1, early_seconds: null },
      { from: 'other load', to: 'join', kind: 'inferred', relation: 'used', via: 'used.right = generated.block', value: 'block-2', producers: 1, early_seconds: null },
      { from: 'join', to: 'fit', kind: 'inferred', relation: 'used', via: 'used.table = generated.table', value: 'joined', producers: 1, early_seconds: 1 },
      { from: 'fit', to: 'child', kind: 'captured', relation: 'wasInformedBy', via: 'parent_task_id', value: 'fit', producers: null, early_seconds: null }
    ])
    const second = await page(table, 'fit', { offset: 2, limit: 2 })
    expect([second.nodes, second.page.nodes.map((node) => node.task_id), second.page.edges.map((edge) => edge.from)]).toEqual([5, ['child', 'load'], ['join', 'fit']])
    expect((await page(table, 'fit', { inferred: false })).page.nodes.map((node) => node.task_id)).toEqual(['fit', 'child'])
  })

  test('cycles and missing parents of 11_status_updates', async () => {
    const table = await fixture('11_status_updates')
    const cycle = await page(table, 'job-14')
    expect(cycle.page.nodes.map(({ direction, distance, task_id }) => [task_id, direction, distance])).toEqual([['job-14', 'self', 0], ['job-15', 'both', 1]])
    expect(cycle.page.edges.map(({ from, to }) => [from, to])).toEqual([['job-14', 'job-15'], ['job-15', 'job-14']])
    const chain = await page(table, 'job-11')
    expect(chain.page.edges.map(({ from, to, via }) => [from, to, via])).toEqual([['job-1', 'job-10', 'dependencies'], ['job-2', 'job-10', 'dependencies'], ['job-10', 'job-11', 'parent_task_id'], ['job-11', 'job-12', 'dependents']])
    expect(chain.missing).toEqual(['missing-parent'])
    expect((await page(table, 'job-13')).page.edges).toMatchObject([{ from: 'job-13', to: 'job-13', kind: 'captured', via: 'parent_task_id' }])
  })
})
