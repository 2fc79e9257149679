import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { methods, type Given, type Result } from '#contract/methods'
import '../../../testing/propertySeed.ts'
import type { JsonObject } from '#contract/json'
import type { RunTreeNode } from '#contract/tree'
import { openFixture } from '../../../testing/openFixture.ts'
import { fixtures, messagesOf, tasksOf } from '../../../testing/overviewOracle.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { countRows } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { runTreeChildren, runTreePath } from './treeAnswers.ts'

const signal = new AbortController().signal
const opened: { close(): void | Promise<void> }[] = []
afterAll(async () => {
  for (const one of opened) await one.close()
})

type Options = Omit<Given<'runtree.children'>, 'sourceId' | 'parent'>
const children = async (table: SourceTable, parent: string | null, options: Options = {}): Promise<Result<'runtree.children'>> =>
  methods['runtree.children'].result.parse(await runTreeChildren(table, methods['runtree.children'].params.parse({ sourceId: 's', parent, ...options }), signal))
const pathTo = async (table: SourceTable, taskId: string, options: Options = {}): Promise<Result<'runtree.path'>['path']> =>
  methods['runtree.path'].result.parse(await runTreePath(table, methods['runtree.path'].params.parse({ sourceId: 's', taskId, ...options }), signal)).path

type Seen = RunTreeNode & { index: number; above: readonly string[] }

/** Every node of the tree, by asking for the children of each. */
async function everything(table: SourceTable, options: Options = {}): Promise<Seen[]> {
  const all: Seen[] = []
  const waiting: { parent: string | null; above: readonly string[] }[] = [{ parent: null, above: [] }]
  for (const { parent, above } of waiting) {
    const { nodes, total } = await children(table, parent, { limit: 1000, ...options })
    expect(nodes).toHaveLength(total)
    nodes.forEach((node, index) => {
      all.push({ ...node, index, above })
      if (node.hasChildren) waiting.push({ parent: node.key, above: [...above, node.key] })
    })
  }
  return all
}

const ids = (nodes: readonly RunTreeNode[]): string[] => nodes.flatMap(({ id, kind }) => (kind === 'task' && id !== null ? [id] : [])).toSorted()
const zero = 1_784_500_000

const source = fc.record({
  tasks: fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 25 }),
      parent: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 3 }),
      workflow: fc.constantFrom('w0', 'w1', 'w2', null),
      campaign: fc.constantFrom('c0', null),
      activity: fc.constantFrom('load', 'fit', null),
      status: fc.constantFrom('FINISHED', 'ERROR', 'RUNNING', null),
      start: fc.option(fc.integer({ min: 0, max: 9 })),
      seconds: fc.option(fc.integer({ min: 0, max: 9 }))
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 25 }
  ),
  workflows: fc.uniqueArray(fc.record({ id: fc.constantFrom('w0', 'w1', 'w2', 'w3'), parent: fc.constantFrom('w0', 'w1', 'w2', 'w9', null) }), { selector: ({ id }) => id }),
  fold: fc.boolean(),
  sort: fc.constantFrom('start', 'errors', 'duration', 'name')
})

test('every task stands exactly once, whatever the parents; what stands below is counted', async () => {
  await fc.assert(
    fc.asyncProperty(source, async ({ tasks, workflows, fold, sort }) => {
      const options = { fold, sort: sort as 'start' }
      const records: JsonObject[] = [
        ...tasks.map(({ id, parent, workflow, campaign, activity, status, start, seconds }) => ({ type: 'task', task_id: `t${id}`, parent_task_id: parent === null ? null : `t${parent}`, workflow_id: workflow, campaign_id: campaign, activity_id: activity, status, started_at: start === null ? null : zero + start + 0.5, ended_at: start === null || seconds === null ? null : zero + start + seconds + 0.5 })),
        ...workflows.map(({ id, parent }) => ({ type: 'workflow', workflow_id: id, parent_workflow_id: parent, name: `Flow ${id}` }))
      ]
      const table = await tinyTable(records)
      const nodes = await everything(table, options)
      expect(ids(nodes)).toEqual(tasks.map(({ id }) => `t${id}`).toSorted())
      expect(new Set(nodes.map(({ key }) => key)).size).toBe(nodes.length)
      const roots = nodes.filter(({ above }) => above.length === 0)
      expect(roots.reduce((sum, node) => sum + node.tasks, 0)).toBe(tasks.length)
      const byId = new Map(tasks.map((task) => [`t${task.id}`, task]))
      for (const node of nodes) {
        const below = [...(node.kind === 'task' ? [node] : []), ...nodes.filter(({ above, kind }) => kind === 'task' && above.includes(node.key))]
        expect(node.tasks).toBe(below.length)
        const counts: Record<string, number> = {}
        for (const { id } of below) counts[byId.get(id ?? '')?.status ?? 'UNKNOWN'] = (counts[byId.get(id ?? '')?.status ?? 'UNKNOWN'] ?? 0) + 1
        expect(node.statuses).toEqual(counts)
        expect(node.filter === null ? null : await countRows(table, 'tasks', { filter: node.filter, search: '' }, signal)).toBe(node.filter === null ? null : below.length)
        if (node.kind !== 'fold') continue
        expect(node.count).toBeGreaterThan(1)
        expect(nodes.filter(({ above }) => above.at(-1) === node.key)).toHaveLength(node.count)
      }
      for (const node of nodes.filter(({ kind }) => kind === 'task')) {
        const { parent, workflow } = byId.get(node.id ?? '') ?? {}
        const named = parent === null ? undefined : byId.get(`t${parent}`)
        const task = nodes.find(({ key }) => key === node.above.findLast((key) => key.startsWith('["t"')))
        if (task) expect(task.id).toBe(`t${parent}`)
        else if (parent === null) expect(node.oddity).toBeNull()
        else if (named === undefined) expect(node.oddity?.kind).toBe('missing-parent')
        else expect(['cycle', 'other-workflow']).toContain(node.oddity?.kind)
        if (node.oddity?.kind === 'other-workflow') expect([named?.workflow, named?.campaign]).not.toEqual([workflow, byId.get(node.id ?? '')?.campaign])
        const path = await pathTo(table, node.id ?? '', options)
        expect(path.map(({ key }) => key)).toEqual([...node.above, node.key])
        expect(path.map(({ index }) => index)).toEqual([...node.above, node.key].map((key) => nodes.find((other) => other.key === key)?.index))
      }
      table.close()
    }),
    { numRuns: 40 }
  )
})

test.each(fixtures)('%s: unfolded, every task is listed once', async (name) => {
  const { source: table, close } = await openFixture(`jsonl/${name}.jsonl`)
  const expected = tasksOf(messagesOf(name))
  for (const fold of [true, false]) {
    const nodes = await everything(table, { fold })
    const tasks = nodes.filter(({ kind }) => kind === 'task')
    expect(tasks).toHaveLength(expected.length)
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(expected.length)
    expect(nodes.filter(({ above }) => above.length === 0).reduce((sum, node) => sum + node.tasks, 0)).toBe(expected.length)
  }
  await close()
})

test('11_status_updates: parents that are not here and circles are told', async () => {
  const { source: table, close } = await openFixture('jsonl/11_status_updates.jsonl')
  const kinds = (await everything(table)).flatMap(({ id, oddity }) => (oddity ? [`${id} ${oddity.kind}`] : []))
  const tasks = tasksOf(messagesOf('11_status_updates'))
  const here = new Set(tasks.map(({ id }) => id))
  for (const { id, parent_task_id: parent } of tasks) {
    if (typeof parent === 'string' && !here.has(parent)) expect(kinds).toContain(`${String(id)} missing-parent`)
  }
  expect(kinds.some((kind) => kind.endsWith(' cycle'))).toBe(true)
  await close()
})

test('errors first, then by start; a scope hides workflows without tasks and what it leaves out is not missing', async () => {
  const task = (id: string, more: JsonObject): JsonObject => ({ type: 'task', task_id: id, activity_id: id, workflow_id: 'w', status: 'FINISHED', started_at: zero, ...more })
  const table = await tinyTable([
    task('a', { started_at: zero + 2 }),
    task('b', { started_at: zero + 1 }),
    task('c', { started_at: zero + 3 }),
    task('child', { parent_task_id: 'c', status: 'ERROR', started_at: zero + 4 }),
    { type: 'workflow', workflow_id: 'w', name: 'Flow' },
    { type: 'workflow', workflow_id: 'empty', name: 'Empty' }
  ])
  opened.push(table)
  const [flow, empty] = (await children(table, null)).nodes
  expect([flow?.name, flow?.tasks, empty?.name, empty?.tasks, empty?.hasChildren]).toEqual(['Flow', 4, 'Empty', 0, false])
  expect((await children(table, flow?.key ?? '')).nodes.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  expect((await children(table, flow?.key ?? '', { sort: 'start' })).nodes.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
  const scope = { filter: { status: 'ERROR' }, search: '' }
  const narrowed = await everything(table, { scope })
  expect(narrowed.map(({ id, oddity }) => [id, oddity])).toEqual([['w', null], ['child', null]])
  expect(await pathTo(table, 'a', { scope })).toEqual([])
  await expect(children(table, '["w",null,"nobody"]')).rejects.toThrow('nobody')
  await expect(children(table, 'no key')).rejects.toThrow('no key')
})
