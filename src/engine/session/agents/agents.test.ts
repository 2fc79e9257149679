/** The agents of the fixture as somebody reading its lines would write them down, and a count over generated calls. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { methods } from '#contract/methods'
import { openFixture } from '../../../testing/openFixture.ts'
import { tinyTable } from '../../../testing/tinyTable.ts'
import { agentsCalls, agentsFind } from './agentsCalls.ts'
import { agentsParties } from './agentsParties.ts'
import { agentsSummary } from './agentsSummary.ts'

const signal = new AbortController().signal
const scope = { filter: {}, search: '' }
const asked = { sourceId: 'fixture', scope, kinds: ['model', 'tool', 'message', 'task'] as ('model' | 'tool' | 'message' | 'task')[], without: [] as string[], offset: 0, limit: 50, textLength: 600 }
const found = { ...asked, from: -1, direction: 'next' as const }

describe('the agents of a run', () => {
  let fixture: Awaited<ReturnType<typeof openFixture>>
  beforeAll(async () => {
    fixture = await openFixture('jsonl/07_agents.jsonl')
  })
  afterAll(() => fixture.close())

  it('are counted, with estimated tokens apart', async () => {
    const summary = methods['agents.summary'].result.parse(await agentsSummary(fixture.source, { sourceId: 'fixture', scope }, signal))
    expect(summary).toMatchObject({ calls: 10, kinds: { model: 5, tool: 4, message: 1, task: 0 }, failed: 1, agents: 2, models: 3, uncounted: 0, tokens: { in: 261, out: 45, estimatedIn: 5, estimatedOut: 6 }, firstStart: 1795406562.708897, lastEnd: 1795406562.714499 })
    expect(summary).toMatchObject({ mostTokens: 144, slowest: 1795406562.7127686 - 1795406562.708897, fastest: 1795406562.7136652 - 1795406562.7135043 })
    expect(summary.modelSeconds * 1000).toBeCloseTo(4.793, 2)
    expect(summary.lifelines.map(({ key, name, asks, asked, failed }) => [key, name, asks, asked, failed])).toEqual([
      ['agent:agent-planner', 'Planner', 9, 0, 0],
      ['model:sim-large-1', null, 0, 3, 0],
      ['tool:lookup_material', null, 0, 1, 0],
      ['tool:simulate', null, 1, 1, 0],
      ['model:sim-small-1', null, 0, 1, 0],
      ['model', null, 0, 1, 0],
      ['tool:broken_tool', null, 0, 1, 1],
      ['agent:agent-reporter', 'Reporter', 0, 2, 0]
    ])
  })

  it('ask each other in order, by the field that says so', async () => {
    const { total, calls } = methods['agents.calls'].result.parse(await agentsCalls(fixture.source, asked, signal))
    expect(total).toBe(10)
    expect(calls.map(({ from, to, via, kind }) => [from, to, via, kind])).toEqual([
      ['agent:agent-planner', 'model:sim-large-1', 'agent_id', 'model'],
      ['agent:agent-planner', 'tool:lookup_material', 'agent_id', 'tool'],
      ['agent:agent-planner', 'tool:simulate', 'agent_id', 'tool'],
      ['tool:simulate', 'model:sim-small-1', 'parent_task_id', 'model'],
      ['agent:agent-planner', 'model:sim-large-1', 'agent_id', 'model'],
      ['agent:agent-planner', 'model', 'agent_id', 'model'],
      ['agent:agent-planner', 'tool:broken_tool', 'agent_id', 'tool'],
      ['agent:agent-planner', 'model:sim-large-1', 'agent_id', 'model'],
      ['agent:agent-planner', 'agent:agent-reporter', 'source_agent_id', 'tool'],
      ['agent:agent-planner', 'agent:agent-reporter', 'source_agent_id', 'message']
    ])
    expect(calls.map(({ tokensIn, tokensOut, inEstimated }) => (tokensIn === null ? null : [tokensIn, tokensOut, inEstimated]))).toEqual([[42, 18, false], null, null, [12, 4, false], [77, 9, false], [5, 6, true], null, [130, 14, false], null, null])
    expect(calls[5]).toMatchObject({ model: null, asked: { text: 'Is that fine? 日本語 🙂' }, answered: { text: '(no usage metadata) fine' } })
    expect(calls[6]).toMatchObject({ asked: { text: '{"arg_0":"/data/secret.csv"}' }, answered: null, stderr: { text: 'cannot read /data/secret.csv' } })
  })

  it('are told what follows from the record, and nothing else', async () => {
    const { calls } = await agentsCalls(fixture.source, asked, signal)
    expect(calls.map(({ findings }) => findings.map(({ text }) => text))).toEqual([
      [], [], [], [], [],
      ['Model not recorded', 'Tokens estimated from 19 and 24 characters'],
      [],
      ['Began 12 µs after broken_tool failed; the prompt mentions neither the tool nor its error', '130 tokens reported for 7 characters: the prompt may not be complete'],
      [], []
    ])
  })

  it('are found, filtered and cut', async () => {
    const page = await agentsCalls(fixture.source, { ...asked, kinds: ['model'], without: ['model'], offset: 1, limit: 2, textLength: 8 }, signal)
    expect(page).toMatchObject({ total: 4, offset: 1, calls: [{ index: 3, asked: { text: 'System: ', length: 46 } }, { index: 4 }] })
    expect(await agentsFind(fixture.source, { ...found, taskId: '1795406562.7136757' }, signal)).toEqual({ at: 6, taskId: '1795406562.7136757' })
    expect(await agentsFind(fixture.source, { ...found, taskId: '1795406562.7136757', kinds: ['model'] }, signal)).toEqual({ at: null, taskId: null })
    expect((await agentsFind(fixture.source, found, signal)).at).toBe(6)
    expect((await agentsFind(fixture.source, { ...found, from: 6 }, signal)).at).toBeNull()
    expect((await agentsFind(fixture.source, { ...found, from: 9, direction: 'previous' }, signal)).at).toBe(6)
    const narrow = { filter: { agent_id: 'agent-reporter' }, search: '' }
    expect((await agentsCalls(fixture.source, { ...asked, scope: narrow }, signal)).calls.map(({ activity }) => activity)).toEqual(['write_report', 'handover'])
  })

  it('have parties with tokens of their own', async () => {
    const of = async (kind: 'agent' | 'model' | 'tool') => methods['agents.parties'].result.parse(await agentsParties(fixture.source, { sourceId: 'fixture', scope, of: kind, offset: 0, limit: 100 }, signal))
    expect((await of('agent')).parties.map(({ name, calls, failed, modelCalls, toolCalls, messages, tokens }) => [name, calls, failed, modelCalls, toolCalls, messages, tokens.in, tokens.estimatedIn])).toEqual([
      ['Planner', 8, 1, 5, 3, 0, 261, 5],
      ['Reporter', 2, 0, 0, 1, 1, 0, 0]
    ])
    expect((await of('model')).parties.map(({ id, calls, tokens }) => [id, calls, tokens.in + tokens.estimatedIn])).toEqual([['sim-large-1', 3, 249], ['sim-small-1', 1, 12], [null, 1, 5]])
    expect((await of('tool')).parties.map(({ id, calls, failed }) => [id, calls, failed])).toEqual([['lookup_material', 1, 0], ['simulate', 1, 0], ['broken_tool', 1, 1], ['write_report', 1, 0]])
  })
})

describe('generated calls', () => {
  it('add up as counted one by one', async () => {
    const random = sequence(42)
    const tasks = Array.from({ length: 700 }, (_, n) => generated(n, random))
    const table = await tinyTable(tasks as never)
    const isCall = (task: Generated): boolean => task.subtype !== null || task.agent_id !== null || task.source_agent_id !== null
    const calls = tasks.filter(isCall)
    const summary = await agentsSummary(table, { sourceId: 'tiny', scope }, signal)
    const models = calls.filter((task) => task.subtype === 'ai_model_invocation')
    const sum = (values: (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0)
    const counted = models.filter((task) => task.custom_metadata.llm_usage?.token_count_source === 'provider')
    const guessed = models.filter((task) => task.custom_metadata.llm_usage?.token_count_source === 'estimated_from_chars')
    expect(summary.calls).toBe(calls.length)
    expect(summary.failed).toBe(calls.filter((task) => task.status === 'ERROR').length)
    expect(summary.kinds.model).toBe(models.length)
    expect(summary.tokens).toEqual({
      in: sum(counted.map((task) => task.custom_metadata.llm_usage?.input_tokens)),
      out: sum(counted.map((task) => task.custom_metadata.llm_usage?.output_tokens)),
      estimatedIn: sum(guessed.map((task) => task.custom_metadata.llm_usage?.input_tokens)),
      estimatedOut: sum(guessed.map((task) => task.custom_metadata.llm_usage?.output_tokens))
    })
    const { parties } = await agentsParties(table, { sourceId: 'tiny', scope, of: 'agent', offset: 0, limit: 100 }, signal)
    for (const { id, calls: own, modelCalls, failed } of parties) {
      expect(own).toBe(calls.filter((task) => task.agent_id === id).length)
      expect(modelCalls).toBe(models.filter((task) => task.agent_id === id).length)
      expect(failed).toBe(calls.filter((task) => task.agent_id === id && task.status === 'ERROR').length)
    }
    const ordered = calls.toSorted((a, b) => a.started_at - b.started_at || tasks.indexOf(a) - tasks.indexOf(b)).map((task) => task.task_id)
    const pages = await Promise.all([0, 200, 400, 600].map((offset) => agentsCalls(table, { ...asked, limit: 200, offset }, signal)))
    expect(pages.flatMap((page) => page.calls.map(({ taskId }) => taskId))).toEqual(ordered)
    table.close()
  })
})

type Generated = ReturnType<typeof generated>

function generated(n: number, random: () => number) {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const subtype = pick([null, null, 'ai_model_invocation', 'ai_model_invocation', 'agent_tool', 'agent_msg'])
  const usage = { model: pick(['m1', 'm2', null]), input_tokens: Math.floor(random() * 900), output_tokens: Math.floor(random() * 90), token_count_source: pick(['provider', 'estimated_from_chars']) }
  return {
    type: 'task',
    task_id: `t${n}`,
    activity_id: pick(['a', 'b', 'c']),
    subtype,
    agent_id: pick([null, 'x', 'y', 'z']),
    source_agent_id: pick([null, null, null, 'x']),
    parent_task_id: pick([null, `t${Math.floor(random() * 700)}`, 'gone']),
    status: pick(['FINISHED', 'ERROR']),
    started_at: 1_784_500_000 + Math.floor(random() * 300),
    ended_at: 1_784_500_400,
    used: { prompt: `what of ${n}` },
    custom_metadata: subtype === 'ai_model_invocation' && random() < 0.8 ? { llm_usage: usage } : ({} as { llm_usage?: typeof usage })
  }
}

function sequence(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}
