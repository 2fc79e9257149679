/** A call in few words: on its arrow, in a list, for a screen reader. */
import type { AgentCall } from '#contract/agents'
import { count, seconds } from '../../parts/format.ts'
import { statusWord } from '../../parts/StatusMark.tsx'

/** What was asked, as it would be said: the last line of a prompt; a tool with its arguments. */
export function askedWords({ kind, activity, asked }: Pick<AgentCall, 'kind' | 'activity' | 'asked'>): string {
  if (kind === 'model') return asked === null ? '' : promptWords(asked.text, asked.text.length < asked.length)
  const name = activity ?? 'task'
  const values = asked === null ? [] : argumentsIn(asked.text)
  if (kind === 'message') return values.length === 0 ? name : `${name}: ${values.map(plain).join(', ')}`
  return `${name}(${values.join(', ')})`
}

function promptWords(text: string, isCut: boolean): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  // The end of what was cut is not here; its beginning is.
  const line = (isCut ? lines[0] : lines.at(-1)) ?? ''
  return line.trim().replace(/^(?:user|human|system|assistant|ai): ?/i, '')
}

/** The values of the arguments, as JSON; none if the text is cut so that it cannot be read. */
function argumentsIn(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return [text]
    return Object.values(value).map((one) => JSON.stringify(one))
  } catch (error) {
    if (error instanceof SyntaxError) return ['…']
    throw error
  }
}

const plain = (json: string): string => (json.startsWith('"') ? (JSON.parse(json) as string) : json)

/** `77 → 9`, with ≈ before what was estimated; empty where nothing was counted. */
export function tokenWords({ tokensIn, tokensOut, inEstimated, outEstimated }: Pick<AgentCall, 'tokensIn' | 'tokensOut' | 'inEstimated' | 'outEstimated'>): string {
  if (tokensIn === null && tokensOut === null) return ''
  return `${tokenText(tokensIn, inEstimated)} → ${tokenText(tokensOut, outEstimated)}`
}

export const tokenText = (tokens: number | null, isEstimated: boolean): string => (tokens === null ? 'null' : `${isEstimated ? '≈ ' : ''}${count(tokens)}`)

export const latencyWords = (call: Pick<AgentCall, 'seconds' | 'status'>): string => (call.seconds !== null ? seconds(call.seconds, 2) : ['RUNNING', 'SUBMITTED', 'WAITING'].includes(call.status ?? '') ? 'open' : '')

/** The whole call as a sentence. */
export function callSentence(call: AgentCall, nameOf: (key: string | null) => string): string {
  const tokens = tokenWords(call)
  const parts = [`${count(call.index + 1)}. ${nameOf(call.from)} asks ${nameOf(call.to)}: ${askedWords(call) || 'nothing recorded'}`, call.via === 'parent_task_id' ? 'by parent_task_id' : '', call.status === 'FINISHED' ? '' : statusWord(call.status).word, tokens === '' ? '' : `tokens ${tokens.replace('→', 'in,')} out`, latencyWords(call)]
  return parts.filter((part) => part !== '').join('; ')
}

/** So many characters at most, by the width of a common one: what is drawn cannot be measured before it is. */
export function cutTo(text: string, roomPx: number, characterPx = 5.9): string {
  const most = Math.max(1, Math.floor(roomPx / characterPx))
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`
}
