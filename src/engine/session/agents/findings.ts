/** What follows exactly from the records of a call and of the one before it, and is easily overlooked in them. */
import type { AgentCall } from '#contract/agents'
import { field, isJsonObject, type JsonObject, type JsonValue } from '#contract/json'
import { kindNumbers } from './callColumns.ts'
import type { CallIndex } from './callIndex.ts'
import { secondsOf } from './figures.ts'

export type Answered = { readonly call: number; readonly record: JsonObject }
type Finding = AgentCall['findings'][number]

/** No token is of less than a byte, and no character of more than four: beyond that, more was counted than is recorded. */
const mostTokensPerCharacter = 4

/**
 * The failed tool call directly before a model call of the same agent, if it ended before the model was asked; else −1.
 * Nothing of that agent's lies between them, in the whole source.
 */
export function toolBefore(index: CallIndex, call: number): number {
  const agent = index.agent[call] as number
  if (index.kind[call] !== kindNumbers.model || agent === -1) return -1
  for (let at = call - 1; at >= 0; at--) {
    if (index.agent[at] !== agent) continue
    const isFailedTool = index.kind[at] === kindNumbers.tool && index.failed[at] === 1 && (index.end[at] as number) <= (index.start[call] as number)
    return isFailedTool ? at : -1
  }
  return -1
}

export function findingsOf(index: CallIndex, call: number, { record, before }: { record: JsonObject; before: Answered | null }): Finding[] {
  const findings: Finding[] = []
  if (index.parent[call] !== null && index.parentIsHere[call] === 0) findings.push({ level: 'note', text: `Its parent_task_id ${index.parent[call]} is no task of this source` })
  if (index.kind[call] === kindNumbers.model) findings.push(...ofModel(index, call, record, before))
  else if (index.failed[call] === 1 && textOf(field(record, 'stderr')) === null) findings.push({ level: 'warning', text: 'Failed without a word in stderr' })
  if (secondsOf(index, call) === null && !Number.isNaN(index.start[call])) findings.push({ level: 'note', text: isOpen(record) ? 'No answer yet' : 'No end recorded' })
  return findings
}

function ofModel(index: CallIndex, call: number, record: JsonObject, before: Answered | null): Finding[] {
  const findings: Finding[] = []
  const used = field(record, 'used')
  const prompt = isJsonObject(used) ? field(used, 'prompt') : undefined
  if (before && typeof prompt === 'string') {
    const tool = textOf(field(before.record, 'activity_id'))
    const afterSeconds = (index.start[call] as number) - (index.end[before.call] as number)
    if (!mentions(prompt, tool, textOf(field(before.record, 'stderr')))) findings.push({ level: 'warning', text: `Began ${lengthOf(afterSeconds)} after ${tool ?? 'a tool'} failed; the prompt mentions neither the tool nor its error` })
  }
  const [tokensIn, tokensOut] = [index.tokensIn[call] as number, index.tokensOut[call] as number]
  if (index.models[call] === null) findings.push({ level: 'note', text: 'Model not recorded' })
  if (index.inEstimated[call] === 1 || index.outEstimated[call] === 1) findings.push({ level: 'note', text: estimateWords(index, call, record) })
  else if (Number.isNaN(tokensIn) && Number.isNaN(tokensOut) && index.failed[call] === 0) findings.push({ level: 'note', text: 'Tokens not recorded' })
  else if (typeof prompt === 'string' && tokensIn > mostTokensPerCharacter * charactersOf(prompt)) {
    findings.push({ level: 'note', text: `${grouped(tokensIn)} tokens reported for ${grouped(charactersOf(prompt))} characters: the prompt may not be complete` })
  }
  return findings
}

/** The tool by its name, or any line of what it said. */
function mentions(prompt: string, tool: string | null, stderr: string | null): boolean {
  const lines = (stderr ?? '').split('\n').map((line) => line.trim())
  return (tool !== null && prompt.includes(tool)) || lines.some((line) => line !== '' && prompt.includes(line))
}

function estimateWords(index: CallIndex, call: number, record: JsonObject): string {
  const sides = [index.inEstimated[call] === 1 && 'input_chars', index.outEstimated[call] === 1 && 'output_chars'].filter((side) => side !== false)
  const counts = sides.map((side) => at(record, ['custom_metadata', 'llm_usage', side])).filter((count) => typeof count === 'number')
  const which = sides.length === 2 ? 'Tokens' : index.inEstimated[call] === 1 ? 'Tokens in' : 'Tokens out'
  return counts.length === sides.length ? `${which} estimated from ${counts.map(grouped).join(' and ')} characters` : `${which} estimated`
}

function at(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((here, key) => (isJsonObject(here) ? field(here, key) : undefined), value)
}

const isOpen = (record: JsonObject): boolean => ['SUBMITTED', 'WAITING', 'RUNNING'].includes(String(field(record, 'status')))
/** Characters as Python counts them. */
const charactersOf = (text: string): number => [...text].length
const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)
const grouped = (n: number): string => n.toLocaleString('en-US')

function lengthOf(seconds: number): string {
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`
  return seconds < 1 ? `${Number((seconds * 1000).toFixed(1))} ms` : `${Number(seconds.toFixed(1)).toLocaleString('en-US')} s`
}
