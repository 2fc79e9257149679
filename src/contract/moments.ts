/** Shapes of the methods about moments: a source as it was known then is a source of its own, by the id that momentId.ts makes. */
import { z } from 'zod'
import { method } from './method.ts'

export const momentsResult = z.strictObject({
  /** The first and the last moment at which anything became known; null for a source in which nothing says when. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** How it is known: each message's arrival, or, of what was only written down, the latest time that stands in it. */
  basis: z.enum(['arrival', 'times']),
  /** Messages that do not say when: each is known with the one before it in its file. */
  undated: z.number().int(),
  /** Of `bins` equal stretches from `from` to `to`: messages that became known in each. */
  counts: z.array(z.number().int())
})
export const momentCounts = z.strictObject({ messages: z.number().int(), tasks: z.number().int(), workflows: z.number().int(), agents: z.number().int(), objects: z.number().int(), errors: z.number().int() })

export const momentsMethods = {
  'moments.range': method(z.strictObject({ sourceId: z.string(), bins: z.number().int().min(2).max(2000).default(200) }), momentsResult),
  /** Of a moment of a source, how much was known. */
  'moments.counts': method(z.strictObject({ sourceId: z.string() }), momentCounts)
} as const
