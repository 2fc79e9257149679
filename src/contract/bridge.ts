/** What the desktop's preload exposes to the page as `window.provscope`; in a browser it is absent and HTTP takes its place. */
import type { Reply } from './reply.ts'

export type Bridge = {
  /** @param callId unique in this page, if the call may be cancelled */
  call(method: string, params: unknown, callId?: string): Promise<Reply<unknown>>
  /** The call answers `cancelled` soon after, unless it has answered already. */
  cancel(callId: string): void
  /** Told of what the application's menu asks this page to do. @returns what ends that */
  onCommand?(listener: (commandId: string) => void): () => void
}
