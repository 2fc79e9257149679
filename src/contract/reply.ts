/** The envelope of every answer. Electron keeps only the message of a thrown error, so errors travel as values. */
import { z } from 'zod'

export const errorCodes = ['bad-request', 'not-found', 'unavailable', 'cancelled', 'internal'] as const
export const errorSchema = z.strictObject({
  code: z.enum(errorCodes),
  /** A sentence for a person: what was wrong, and where. */
  message: z.string(),
  /** Where in the caller's input the mistake stands, e.g. `["$and", 1, "used.lr", "$gtt"]` in a filter. */
  path: z.array(z.union([z.string(), z.number()])).optional()
})
export type CallError = z.infer<typeof errorSchema>
export type ErrorCode = CallError['code']

export type Reply<T> = { ok: true; value: T } | { ok: false; error: CallError }

/** Thrown by handlers for anything but a bug; dispatch turns it into a reply with its code and message. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly path?: (string | number)[]
  ) {
    super(message)
    this.name = 'Refusal'
  }
}
