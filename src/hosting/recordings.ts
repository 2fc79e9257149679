/** Whether anything is being recorded that should be finished before the engine ends. */
import type { Source } from '#contract/sources'
import type { Answer } from './answer.ts'

/** An engine that does not answer by then has other worries. */
const askWithinMs = 2000

/** How many recordings have not written everything that they received. */
export async function recordingsUnderWay(answer: Answer): Promise<number> {
  const reply = await answer('sources.list', {}, AbortSignal.timeout(askWithinMs))
  return reply.ok ? (reply.value as { sources: Source[] }).sources.filter(isUnderWay).length : 0
}

function isUnderWay({ live }: Source): boolean {
  return live?.role === 'record' && (live.link.name !== 'detached' || live.stores.some(({ waiting }) => waiting > 0))
}
