import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import type { Result } from '#contract/methods'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { countRows } from '../table/rowsIn.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { treeChildren } from './tree.ts'

type Node = Result<'tree.children'>['nodes'][number]
const signal = new AbortController().signal
const closers: (() => void)[] = []
afterAll(() => closers.forEach((close) => close()))

async function tableOf(records: JsonObject[]): Promise<SourceTable> {
  const table = await tinyTable(records)
  closers.push(table.close)
  return table
}

const children = (table: SourceTable, parent: string | null, limit = 1000) => treeChildren(table, { sourceId: 'tiny', parent, offset: 0, limit }, signal)

/** The whole tree as lines, each `name tasks`, indented. */
async function drawn(table: SourceTable, parent: string | null = null, indent = ''): Promise<string[]> {
  const lines: string[] = []
  for (const node of (await children(table, parent)).nodes) {
    lines.push(`${indent}${node.kind[0]} ${node.name} ${node.tasks}`)
    if (node.hasChildren) lines.push(...(await drawn(table, node.key, `${indent}  `)))
  }
  return lines
}

const workflow = (workflow_id: string, more: JsonObject = {}): JsonObject => ({ type: 'workflow', workflow_id, started_at: null, name: null, campaign_id: null, parent_workflow_id: null, ...more })
let tasks = 0
const task = (workflow_id: string | number | null, more: JsonObject = {}): JsonObject => ({ type: 'task', task_id: `t${tasks++}`, workflow_id, campaign_id: null, activity_id: 'act', status: 'FINISHED', started_at: null, ...more })

describe('tree.children', () => {
  test('campaigns, sub-workflows and activities, in order, with what is below them', async () => {
    const at = 1_784_500_000
    const table = await tableOf([
      workflow('w2', { name: 'second', campaign_id: 'c1', started_at: at + 50 }),
      workflow('w1', { name: 'first', campaign_id: 'c1', started_at: at + 10 }),
      workflow('w1a', { name: 'inner', campaign_id: 'c1', parent_workflow_id: 'w1', started_at: at + 20 }),
      workflow('solo', { name: 'solo' }),
      task('w1', { campaign_id: 'c1', started_at: at + 11 }),
      task('w1', { activity_id: 'load', started_at: at + 12 }),
      task('w1', { activity_id: 'load', status: 'ERROR', started_at: at + 12 }),
      task('w1a', { campaign_id: 'c1', activity_id: null, status: null }),
      task('w2', { campaign_id: 'c1' }),
      task('unrecorded', { campaign_id: 'c0', started_at: at, workflow_name: 'told by its tasks' }),
      task(null),
      task(null, { campaign_id: 'c0' })
    ])
    expect(await drawn(table)).toEqual([
      'c c0 2', '  w told by its tasks 1', '    a act 1', '  w No workflow 1', '    a act 1',
      'c c1 5', '  w first 4', '    w inner 1', '      a No activity 1', '    a load 2', '    a act 1', '  w second 1', '    a act 1',
      'w solo 0', 'w No workflow 1', '  a act 1'
    ])
    const [, c1] = (await children(table, null)).nodes
    expect(c1?.statuses).toEqual({ FINISHED: 3, ERROR: 1, UNKNOWN: 1 })
    expect(await countRows(table, 'tasks', { filter: c1?.filter ?? {}, search: '' }, signal)).toBe(5)
    expect(await children(table, null, 1)).toMatchObject({ total: 4, workflows: 5, nodes: [{ name: 'c0' }] })
  })

  test('parents that go round in a circle, or name themselves or nobody, hide nothing', async () => {
    const table = await tableOf([
      workflow('a', { parent_workflow_id: 'c', started_at: 1_784_500_005 }),
      workflow('b', { parent_workflow_id: 'a', started_at: 1_784_500_001 }),
      workflow('c', { parent_workflow_id: 'b', started_at: 1_784_500_009 }),
      workflow('self', { parent_workflow_id: 'self' }),
      workflow('orphan', { parent_workflow_id: 'nowhere' }),
      task('a'), task('b'), task('c'), task('self'), task('orphan')
    ])
    expect((await drawn(table)).filter((line) => line.includes('w '))).toEqual(['w b 3', '  w c 2', '    w a 1', 'w orphan 1', 'w self 1'])
  })

  test('a workflow whose tasks name two campaigns stands under both, each task once', async () => {
    const table = await tableOf([workflow('w', { campaign_id: 'c1' }), task('w', { campaign_id: 'c1' }), task('w', { campaign_id: 'c2' }), task('w')])
    expect(await drawn(table)).toEqual(['c c1 2', '  w w 2', '    a act 2', 'c c2 1', '  w w 1', '    a act 1'])
    await expectFiltersToHold(table)
  })

  test('ids that are no text', async () => {
    const table = await tableOf([task(5), task('5'), task('6', { activity_id: 7 }), task('6', { activity_id: '7' })])
    expect(await drawn(table)).toEqual(['w 5 2', '  a act 2', 'w 6 2', '  a 7 1', '  a 7 1'])
    await expectFiltersToHold(table)
  })

  test('a node that is gone is refused, a source without tasks is empty', async () => {
    const table = await tableOf([workflow('w')])
    await expect(children(table, '["nowhere"]')).rejects.toMatchObject({ code: 'not-found' })
    await expect(children(table, 'no key')).rejects.toMatchObject({ code: 'not-found' })
    const agent = await tableOf([{ type: 'agent', agent_id: 'a' }])
    expect(await children(agent, null)).toEqual({ total: 0, workflows: 0, nodes: [] })
  })

  test('whatever the records say: every task counts once, every filter leaves its node’s tasks, every workflow is there', async () => {
    const id = fc.constantFrom(null, 'a', 'b', 'c', 'd')
    const campaign = fc.constantFrom(null, null, 'x', 'y')
    const records = fc.record({
      tasks: fc.array(fc.record({ w: id, c: campaign, status: fc.constantFrom('ERROR', 'FINISHED', null), activity: fc.constantFrom('p', 'q', null) }), { minLength: 1, maxLength: 12 }),
      workflows: fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), c: campaign, parent: id }), { selector: (one) => one.id })
    })
    await fc.assert(
      fc.asyncProperty(records, async (run) => {
        const table = await tinyTable([
          ...run.workflows.map((w) => workflow(w.id, { campaign_id: w.c, parent_workflow_id: w.parent })),
          ...run.tasks.map((t) => task(t.w, { campaign_id: t.c, status: t.status, activity_id: t.activity }))
        ])
        const nodes = await expectFiltersToHold(table)
        const roots = (await children(table, null)).nodes
        table.close()
        expect(roots.reduce((sum, node) => sum + node.tasks, 0)).toBe(run.tasks.length)
        const shown = new Set(nodes.filter((node) => node.kind === 'workflow').map((node) => node.id))
        for (const workflowId of [...run.workflows.map((w) => w.id), ...run.tasks.map((t) => t.w)]) expect(shown).toContain(workflowId)
        expect(nodes.filter((node) => node.kind === 'activity').reduce((sum, node) => sum + node.tasks, 0)).toBe(run.tasks.length)
      }),
      { numRuns: 40 }
    )
  })
})

async function expectFiltersToHold(table: SourceTable, parent: string | null = null): Promise<Node[]> {
  const { nodes } = await children(table, parent)
  const all = [...nodes]
  for (const node of nodes) {
    expect(await countRows(table, 'tasks', { filter: node.filter, search: '' }, signal), `${node.key} ${JSON.stringify(node.filter)}`).toBe(node.tasks)
    expect(Object.values(node.statuses).reduce((sum, count) => sum + count, 0)).toBe(node.tasks)
    if (node.hasChildren) all.push(...(await expectFiltersToHold(table, node.key)))
  }
  return all
}
