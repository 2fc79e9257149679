/** Puts a host's own methods beside the engine's, behind one door. */
import { dispatch, type HostHandlers } from '#contract/dispatch'
import { type HostMethod, hostMethods } from '#contract/methods'
import type { Reply } from '#contract/reply'

/** Answers any call as it came over a border: neither the name nor the params have been checked. */
export type Answer = (method: string, params: unknown, signal: AbortSignal) => Promise<Reply<unknown>>

/** @param engine what answers everything that is not a host method; it checks name, params and audience itself */
export function withHostMethods(host: HostHandlers, engine: Answer, onBug: (error: unknown, method: string) => void): Answer {
  return (method, params, signal) =>
    hostMethods.includes(method as HostMethod) ? dispatch(host, method, params, { audience: 'page', signal, onBug }) : engine(method, params, signal)
}
