/** Lets a MongoDB answer what it can of a source, and the copy of it the rest. */
import type { Method, Params, Result } from '#contract/methods'
import { readMomentId } from '#contract/momentId'
import { Refusal } from '#contract/reply'
import type { SourceList } from '../sourceList.ts'
import type { PushedRows } from './pushedRows.ts'
import { StoreEntry } from './storeEntry.ts'

type Answer<M extends Method> = (params: Params<M>, context: { signal: AbortSignal }) => Promise<Result<M>>
type Asked = { [M in Method]: Params<M> extends { sourceId: string } ? M : never }[Method]

export function pushedFirst(sources: SourceList) {
  const pushedOf = async (sourceId: string): Promise<PushedRows | null> => {
    // What the server has is what is known now.
    if (readMomentId(sourceId) !== null) return null
    const entry = sources.entry(sourceId)
    if (!(entry instanceof StoreEntry) || entry.store.type !== 'mongodb') return null
    await entry.table()
    return entry.pushed
  }
  return {
    first:
      <M extends Asked>(ask: (pushed: PushedRows, params: Params<M>, signal: AbortSignal) => Promise<Result<M> | null>, local: Answer<M>): Answer<M> =>
      async (params, context) => {
        const pushed = await pushedOf((params as { sourceId: string }).sourceId)
        return (pushed && (await ask(pushed, params, context.signal))) ?? (await local(params, context))
      },
    /** The copy first, as it knows more; what it does not have yet may be on the server. */
    second:
      <M extends Asked>(ask: (pushed: PushedRows, params: Params<M>) => Promise<Result<M> | null>, local: Answer<M>): Answer<M> =>
      async (params, context) => {
        try {
          return await local(params, context)
        } catch (error) {
          const pushed = error instanceof Refusal && error.code === 'not-found' ? await pushedOf((params as { sourceId: string }).sourceId) : null
          const found = pushed && (await ask(pushed, params))
          if (!found) throw error
          return found
        }
      }
  }
}
