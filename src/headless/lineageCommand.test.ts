/** What the command prints, from its flags on, over a real engine. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AskedEngine, askEngine } from '../testing/askEngine.ts'
import { fixtureFolder } from '../testing/openFixture.ts'
import { lineageCommand } from './lineageCommand.ts'
import type { LineageFlags } from './viewCommandLine.ts'

let engine: AskedEngine
beforeAll(async () => {
  engine = await askEngine()
})
afterAll(() => engine.close())

async function run(name: string, flags: LineageFlags): Promise<string> {
  const source = await engine.open(join(fixtureFolder, 'jsonl', `${name}.jsonl`))
  let text = ''
  await lineageCommand({ ask: engine.ask, source }, flags, { output: { write: async (part) => void (text += part), closed: new AbortController().signal }, note: () => undefined })
  return text
}

test('for people: both directions, each link with its evidence, each task once', async () => {
  expect(await run('02_pipeline', { task: '1795406558.767873', direction: 'both' })).toBe(`fit_line  1795406558.767873  FINISHED  3.03 ms

Upstream: 2 tasks
  drop_outliers  1795406558.7678378  FINISHED  5.96 µs
      inferred: used.clean = generated.clean, [18.619,19.778,22.994,19.625,20.263,21.199,18.277,21.195,22.439,24.044,18.753,20.727,19.325,25.377,24.748,19.835,25.631,25.625,22.26,21.42,25.827,22.376], 1 producer
    load_readings  1795406558.7677562  FINISHED  39.3 µs
        inferred: used.readings = generated.arg_0, [18.619,19.778,22.994,19.625,20.263,21.199,18.277,21.195,22.439,24.044,18.753,20.727,19.325,25.377,24.748,19.835,27.658,27.818,25.631,25.625,22.26,21.42,25.827,22.376], 1 producer

Downstream: 3 tasks
  evaluate  1795406558.770939  FINISHED  14.8 µs
      inferred: used.slope = generated.slope, 0.20691869000564658, 1 producer
      inferred: used.intercept = generated.intercept, 19.660853754940707, 1 producer
    rank_stations  1795406558.7834618  FINISHED  7.39 µs
        inferred: used.results.ALB.mse = generated.mse, 4.158660097530926, 1 producer
        inferred: used.results.ALB.max_error = generated.max_error, 3.0262032749858854, 1 producer
      publish_report  1795406558.783483  FINISHED  2.86 µs
          inferred: used.ranking = generated.arg_0, ["BRN","ALB","EXE","DOV","CHE"], 1 producer

6 tasks, 0 captured and 7 inferred links
`)
})

test('cycles end, and what is missing is named', async () => {
  expect(await run('11_status_updates', { task: 'job-14', direction: 'up' })).toMatch(/^post {2}job-14 {2}FINISHED\n\nUpstream: 1 task\n {2}post {2}job-15 {2}FINISHED\n {6}captured: parent_task_id\n {4}post {2}job-14 {2}FINISHED \(the task itself\)\n {8}captured: parent_task_id\n\n2 tasks, 2 captured and 0 inferred links\n$/)
  expect(await run('11_status_updates', { task: 'job-12', direction: 'up' })).toContain('named but not here: missing-parent')
})

test('JSON is one object: nodes, edges with their evidence, what is ambiguous and missing', async () => {
  type Answer = { task: string; direction: string; nodes: { task_id: string; direction: string; distance: number }[]; edges: Record<string, unknown>[]; ambiguous: number; missing: string[] }
  const merge = 'merge-991f10ba-9616-4638-b8e1-7eb84de8f882'
  const answer = JSON.parse(await run('10_dask', { task: merge, direction: 'up', capturedOnly: true, json: true })) as Answer
  expect(Object.keys(answer)).toEqual(['task', 'direction', 'nodes', 'edges', 'ambiguous', 'missing'])
  expect([answer.task, answer.direction, answer.nodes.length, answer.edges.length, answer.missing]).toEqual([merge, 'up', 25, 24, []])
  expect(answer.nodes.filter((node) => node.distance === 1).every((node) => node.task_id.startsWith('summarise-'))).toBe(true)
  expect(answer.edges.filter((edge) => edge['to'] === merge).map((edge) => [edge['kind'], edge['relation'], edge['via']])).toEqual(Array.from({ length: 12 }, () => ['captured', 'wasInformedBy', 'used.parts']))
  const inferred = JSON.parse(await run('04_campaign', { task: '1795406559.643119', direction: 'down', json: true })) as Answer
  expect(inferred.edges[0]).toEqual({ from: '1795406559.643119', to: '1795406559.8111713', kind: 'inferred', relation: 'used', via: 'used.tile = generated.arg_0', value: 'S2A_0412/t0', producers: 1, early_seconds: null })
})

test('a task that is not there is refused in a sentence', async () => {
  await expect(run('05_errors', { task: 'nobody', direction: 'both' })).rejects.toMatchObject({ code: 'not-found', message: 'There is no task "nobody" in this source.' })
})
