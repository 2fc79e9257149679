/** Calls in few words. */
import { describe, expect, it } from 'vitest'
import type { AgentCall } from '#contract/agents'
import { askedWords, callSentence, cutTo, tokenWords } from './callWords.ts'

const call: AgentCall = {
  index: 6, taskId: 't', kind: 'tool', activity: 'broken_tool', subtype: 'agent_tool', status: 'ERROR', start: 1, seconds: 0.000559, from: 'agent:p', to: 'tool:broken_tool', via: 'agent_id', model: null,
  tokensIn: null, tokensOut: null, inEstimated: false, outEstimated: false, asked: { text: '{"arg_0":"/data/secret.csv","n":2}', length: 34 }, answered: null, stderr: null, findings: []
}
const model = (text: string, length = text.length): AgentCall => ({ ...call, kind: 'model', activity: 'llm_interaction', asked: { text, length } })

describe('a call in words', () => {
  it('says what was asked as it would be said', () => {
    expect(askedWords(call)).toBe('broken_tool("/data/secret.csv", 2)')
    expect(askedWords({ ...call, kind: 'message', activity: 'handover', asked: { text: '{"msg":"done?"}', length: 15 } })).toBe('handover: done?')
    expect(askedWords(model('System: You choose time steps\nUser: dt for A7?\n'))).toBe('dt for A7?')
    expect(askedWords(model('User: a long story\nthat goes on', 9000))).toBe('a long story')
    expect(askedWords({ ...call, asked: { text: '{"arg_0":"/da', length: 400 } })).toBe('broken_tool(…)')
    expect(askedWords({ ...call, asked: null })).toBe('broken_tool()')
  })

  it('marks what was estimated', () => {
    expect(tokenWords({ tokensIn: 1500, tokensOut: 6, inEstimated: false, outEstimated: true })).toBe('1,500 → ≈ 6')
    expect(tokenWords({ tokensIn: null, tokensOut: 6, inEstimated: false, outEstimated: false })).toBe('null → 6')
    expect(tokenWords(call)).toBe('')
  })

  it('is a sentence for who hears it', () => {
    expect(callSentence(call, (key) => key?.replace(/^\w+:/, '') ?? 'nobody')).toBe('7. p asks broken_tool: broken_tool("/data/secret.csv", 2); Error; 559 µs')
  })

  it('is cut to the room it has', () => {
    expect(cutTo('Plan a study of alloy A7', 70)).toBe('Plan a stu…')
    expect(cutTo('Plan', 70)).toBe('Plan')
  })
})
