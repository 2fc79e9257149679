/** What the command prints, from its flags on, over a real engine. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AskedEngine, askEngine } from '../testing/askEngine.ts'
import { fixtureFolder } from '../testing/openFixture.ts'
import { criticalPathCommand } from './criticalPathCommand.ts'
import type { CriticalPathFlags } from './viewCommandLine.ts'

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(() => engine.close())

async function run(path: string, flags: CriticalPathFlags): Promise<string> {
  const source = await engine.open(path)
  let text = ''
  await criticalPathCommand({ ask: engine.ask, source }, flags, { output: { write: async (part) => void (text += part), closed: new AbortController().signal }, note: () => undefined })
  return text
}
const dask = join(fixtureFolder, 'jsonl', '10_dask.jsonl')
const workflow = 'db1eea0f-57a5-419e-821b-df2ab4ec1c1d'

test('for people: the path, each step with what it needs, and the least slack', async () => {
  const text = await run(dask, { workflow, capturedOnly: true })
  expect(text).toMatch(/^Workflow db1eea0f.*: \d+ tasks, [\d.]+ [µm]?s of work and -?[\d.]+ [µm]?s between\n\d+ tasks with times; \d+ captured and 0 inferred links/)
  expect(text).toMatch(/task +activity +host +start +duration +wait +because of/)
  expect(text).toContain('captured: used.')
  expect(text).toMatch(/Least slack off the path\ntask +activity +host +duration +slack\n/)
})

test('JSON is complete: the same path, and the slack of every task with times', async () => {
  type Answer = { seconds: number; tasks: number; path: { task_id: string; seconds: number; kind: string | null }[]; slack: { task_id: string; slack_seconds: number }[] }
  const answer = JSON.parse(await run(dask, { workflow, json: true })) as Answer
  expect(answer.slack).toHaveLength(answer.tasks)
  expect(answer.path.reduce((sum, step) => sum + step.seconds, 0)).toBeCloseTo(answer.seconds, 9)
  const slack = new Map(answer.slack.map((one) => [one.task_id, one.slack_seconds]))
  expect(answer.path.map(({ task_id }) => slack.get(task_id))).toEqual(answer.path.map(() => 0))
  expect(answer.path.map(({ kind }) => kind === null)).toEqual(answer.path.map((_, at) => at === 0))
})

test('without any link says so: the longest task alone is the path', async () => {
  const path = join(engine.folder, 'apart.jsonl')
  writeFileSync(path, [3, 9].map((end) => JSON.stringify({ type: 'task', task_id: `t${end}`, activity_id: 'a', workflow_id: 'w', started_at: 1.7845e9, ended_at: 1.7845e9 + end, status: 'FINISHED' })).join('\n'))
  const text = await run(path, { workflow: 'w' })
  expect(text).toContain('Nothing says that any task needed another: the longest task alone is the path.')
  expect(text).toMatch(/\nt9 +a +2026-07-19 22:26:40.000Z +9 s\n/)
})

test('a workflow that is not there is named', async () => {
  await expect(run(dask, { workflow: 'nobody' })).rejects.toThrow('There is no workflow nobody in 10_dask.jsonl.')
})
