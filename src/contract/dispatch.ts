/** Runs one call against a set of handlers: unknown names and bad params are refused before a handler runs. */
import { z } from 'zod'
import { type Audience, type HostMethod, type Method, type Params, type Result, methods } from './methods.ts'
import { Refusal, type Reply } from './reply.ts'

/** Aborted when the caller goes away; long handlers listen to it. */
export type CallContext = { signal: AbortSignal }

type HandlersOf<M extends Method> = { [N in M]: (params: Params<N>, context: CallContext) => Promise<Result<N>> | Result<N> }
/** What the engine answers. */
export type Handlers = HandlersOf<Exclude<Method, HostMethod>>
/** What a host answers itself: those of the host methods that it has. */
export type HostHandlers = Partial<HandlersOf<HostMethod>>

/** Everything a host needs of an engine, and everything a renderer needs of a host. */
export type Call = <M extends Method>(method: M, params: z.input<(typeof methods)[M]['params']>, options?: { signal?: AbortSignal }) => Promise<Reply<Result<M>>>

/**
 * @param audience `page` for anything that comes from a renderer or over HTTP; `host` for the process itself, which may
 *   also call the methods that name paths.
 * @param onBug told of every error that is not a Refusal, with its stack
 */
export async function dispatch(
  handlers: Handlers | HostHandlers,
  method: string,
  params: unknown,
  { audience, signal, onBug }: { audience: Audience; signal: AbortSignal; onBug: (error: unknown, method: string) => void }
): Promise<Reply<unknown>> {
  const row = Object.hasOwn(methods, method) ? methods[method as Method] : undefined
  if (row === undefined || (row.audience === 'host' && audience !== 'host')) {
    return { ok: false, error: { code: 'not-found', message: `There is no method ${JSON.stringify(method).slice(0, 80)}.` } }
  }
  const parsed = row.params.safeParse(params)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)))
    return { ok: false, error: { code: 'bad-request', message: `${method}: ${path.join('.') || 'params'}: ${issue?.message ?? 'not valid'}`, path } }
  }
  try {
    const handler = (handlers as Partial<Record<string, (params: unknown, context: CallContext) => unknown>>)[method]
    if (handler === undefined) throw new Refusal('unavailable', `${method} is not to be had in this host.`)
    return { ok: true, value: await handler(parsed.data, { signal }) }
  } catch (error) {
    if (error instanceof Refusal) {
      return { ok: false, error: { code: error.code, message: error.message, ...(error.path && { path: error.path }) } }
    }
    onBug(error, method)
    return { ok: false, error: { code: 'internal', message: `${method} failed: ${error instanceof Error ? error.message : String(error)}` } }
  }
}
