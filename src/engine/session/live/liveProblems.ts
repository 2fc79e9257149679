/** Gaps and the like of a live source, as problems. */
import type { Gap } from '#contract/live'
import type { Problem } from '#contract/overview'

type Told = { readonly sourceId: string; readonly source: string }

const kinds = {
  disconnected: { level: 'warning', title: 'Disconnected from the queue', did: 'Messages sent meanwhile are lost, unless a file of the run is opened' },
  overflow: { level: 'error', title: 'Messages that could not be kept', did: 'Left out; a file of the run fills them in' },
  undecodable: { level: 'error', title: 'Frame is no message', did: 'Left out' }
} as const satisfies Record<Gap['kind'], Pick<Problem, 'level' | 'title' | 'did'>>

export function gapProblem({ filled, gapId, kind, messages, reason }: Omit<Gap, 'openTasks'>, sample: string, { source, sourceId }: Told): Problem {
  const { did, level, title } = kinds[kind]
  const problem = { problemId: gapId, sourceId, kind, title, source, line: null, byte: null, count: Math.max(1, messages ?? 1), message: reason, sample }
  if (filled === null) return { ...problem, level, did }
  return { ...problem, level: 'note', did: `${filled.messages.toLocaleString('en')} ${filled.messages === 1 ? 'message' : 'messages'} filled in from ${filled.from}` }
}

export function storeProblem(name: string, count: number, message: string, { source, sourceId }: Told): Problem {
  return { problemId: `${sourceId}:store ${name}`, sourceId, kind: 'store', level: 'warning', title: 'Value not kept as it is', source: `${source} → ${name}`, line: null, byte: null, count, message, sample: '', did: 'Everything else of its record was stored' }
}
