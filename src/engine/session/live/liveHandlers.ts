/** Methods about message queues and live sources. */
import type { Handlers } from '#contract/dispatch'
import { Refusal } from '#contract/reply'

const notYet = (): never => {
  throw new Refusal('unavailable', 'Message queues cannot be attached to yet.')
}

export function liveHandlers() {
  return {
    'files.target': notYet,
    'live.settings': notYet,
    'live.test': notYet,
    'live.target': notYet,
    'live.attach': notYet,
    'live.attachPaths': notYet,
    'live.detach': notYet,
    'live.pause': notYet,
    'live.gaps': notYet,
    'live.fill': notYet,
    'live.dump': notYet,
    'stream.page': notYet
  } satisfies Partial<Handlers>
}
