/** What the command prints, from its flags on, over a real engine. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AskedEngine, askEngine } from '../testing/askEngine.ts'
import { fixtureFolder } from '../testing/openFixture.ts'
import { treeCommand } from './treeCommand.ts'
import type { TreeFlags } from './viewCommandLine.ts'

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(() => engine.close())

async function run(path: string, flags: Partial<TreeFlags> = {}): Promise<string> {
  const source = await engine.open(path)
  let text = ''
  await treeCommand({ ask: engine.ask, source }, { fold: true, ...flags }, { output: { write: async (part) => void (text += part), closed: new AbortController().signal }, note: () => undefined })
  return text
}

const zero = 1_784_500_000
function written(name: string, records: object[]): string {
  const path = join(engine.folder, name)
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  return path
}
const task = (id: string, activity: string, more: object = {}): object => ({ type: 'task', task_id: id, activity_id: activity, workflow_id: 'w1', status: 'FINISHED', started_at: zero, ended_at: zero + 2, ...more })
const small = (): string =>
  written('small.jsonl', [
    { type: 'workflow', workflow_id: 'w1', name: 'etl', campaign_id: 'c' },
    { type: 'workflow', workflow_id: 'w2', name: 'sub', campaign_id: 'c', parent_workflow_id: 'w1' },
    task('l1', 'load'),
    task('l2', 'load', { status: 'ERROR', ended_at: zero + 4 }),
    task('fit', 'fit', { started_at: zero + 5, ended_at: zero + 6 }),
    task('step', 'step', { parent_task_id: 'fit', started_at: zero + 5, ended_at: zero + 5.5 }),
    task('lost', 'post', { parent_task_id: 'nobody', started_at: zero + 7, ended_at: zero + 8 }),
    task('inner', 'load', { workflow_id: 'w2', started_at: zero + 9, ended_at: zero + 10 })
  ])

test('for people: lines of a tree, with counts, durations and what is odd', async () => {
  expect(await run(small())).toBe(`c  campaign  6 tasks: 5 FINISHED, 1 ERROR  10 s
└─ etl w1  workflow  6 tasks: 5 FINISHED, 1 ERROR  10 s
   ├─ load ×2  2 tasks: 1 ERROR, 1 FINISHED  3 s each
   │  ├─ load l2  ERROR  4 s
   │  └─ load l1  FINISHED  2 s
   ├─ fit  2 tasks: 2 FINISHED  1 s
   │  └─ step  FINISHED  500 ms
   ├─ post lost  FINISHED  1 s  ! Its parent nobody is not here.
   └─ sub w2  workflow  1 task: 1 FINISHED  1 s
      └─ load inner  FINISHED  1 s
`)
})

test('as deep as asked, unfolded, and only what the filter leaves', async () => {
  expect(await run(small(), { depth: 2 })).toBe(`c  campaign  6 tasks: 5 FINISHED, 1 ERROR  10 s\n└─ etl w1  workflow  6 tasks: 5 FINISHED, 1 ERROR  10 s\n`)
  expect(await run(small(), { fold: false })).not.toContain('×')
  expect(await run(small(), { filter: '{"status": "ERROR"}' })).toBe(`c  campaign  1 task: 1 ERROR  4 s
└─ etl w1  workflow  1 task: 1 ERROR  4 s
   └─ load l2  ERROR  4 s
`)
  expect(await run(small(), { search: 'nothing has this' })).toBe('No tasks.\n')
})

type Node = { kind: string; name: string; id: string | null; tasks: number; count?: number; children: Node[] }

test('JSON is nested: the same tree', async () => {
  const nodes = JSON.parse(await run(small(), { json: true })) as Node[]
  expect(nodes).toMatchObject([{ kind: 'campaign', name: 'c', tasks: 6, children: [{ kind: 'workflow', id: 'w1', children: [{ kind: 'fold', name: 'load', count: 2, children: [{ id: 'l2', children: [] }, { id: 'l1' }] }, { id: 'fit', children: [{ id: 'step' }] }, { id: 'lost', oddity: { kind: 'missing-parent' } }, { id: 'w2', children: [{ id: 'inner' }] }] }] }])
  expect(JSON.parse(await run(small(), { json: true, depth: 1 }))).toMatchObject([{ kind: 'campaign', children: [] }])
  expect(JSON.parse(await run(small(), { json: true, search: 'nothing has this' }))).toEqual([])
})

test('many siblings, page after page, and deep ones', async () => {
  const many = written('many.jsonl', [...Array.from({ length: 1203 }, (_, at) => task(`t${at}`, 'a')), ...Array.from({ length: 300 }, (_, at) => task(`d${at}`, `deep ${at}`, at === 0 ? {} : { parent_task_id: `d${at - 1}` }))])
  const ids = (nodes: readonly Node[]): string[] => nodes.flatMap(({ children, id, kind }) => [...(kind === 'task' ? [id ?? ''] : []), ...ids(children)])
  const listed = ids(JSON.parse(await run(many, { json: true })) as Node[])
  expect(new Set(listed).size).toBe(1503)
  expect(listed).toHaveLength(1503)
  expect((await run(many)).trimEnd().split('\n')).toHaveLength(1 + 1 + 1203 + 300)
})

test('every fixture prints, with nothing in it that moves the cursor', async () => {
  for (const name of ['03_loop', '04_campaign', '08_odd_values', '11_status_updates']) {
    const text = await run(join(fixtureFolder, 'jsonl', `${name}.jsonl`))
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
    expect(text.split('\n').length).toBeGreaterThan(3)
  }
})
