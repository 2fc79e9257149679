/** The engine as every host starts it. */
import type { Call } from '#contract/dispatch'
import type { Audience } from '#contract/methods'
import { createEngine } from '#engine/session/engine'
import type { SessionMode } from '#engine/session/restore/session'
import type { Answer } from './answer.ts'
import { version } from './installation.ts'

export type RunningEngine = {
  call: (audience: Audience) => Call
  /** As `call`, for what has not been checked yet. */
  answer: (audience: Audience) => Answer
  /** Nothing of it stays on disk but settings and recents. */
  close: () => Promise<void>
}

export type EngineSetting = {
  host: 'desktop' | 'served'
  /** Whether what is opened becomes a recent source. */
  remember: boolean
  /** What becomes of the sources that were open before. */
  session: SessionMode
  onBug: (error: unknown, method: string) => void
}

export async function startEngine({ host, remember, session, onBug }: EngineSetting): Promise<RunningEngine> {
  const engine = await createEngine({ host, version, remember, session, onBug })
  return {
    call: (audience) => engine.call(audience),
    answer: (audience) => {
      const call = engine.call(audience) as (method: string, params: unknown, options: { signal: AbortSignal }) => ReturnType<Answer>
      return (method, params, signal) => call(method, params, { signal })
    },
    close: () => engine.close()
  }
}
