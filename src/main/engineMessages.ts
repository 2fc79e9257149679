/** What passes between Electron's main process and the engine's process. */
import type { Audience } from '#contract/methods'
import type { Reply } from '#contract/reply'

export type ToEngine =
  | { kind: 'call'; id: number; method: string; params: unknown; audience: Audience }
  | { kind: 'cancel'; id: number }
  | { kind: 'close' }

export type FromEngine = { kind: 'reply'; id: number; reply: Reply<unknown> } | { kind: 'closed' }
