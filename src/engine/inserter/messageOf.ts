/** The message in a frame, as stores take it: bytes and dates, which are no JSON, are theirs to keep or to tell of. */
import type { JsonObject } from '#contract/json'
import { decodeFrame } from '#engine/sources/queue/decodeFrame'
import type { Frame } from '#engine/sources/queue/frames'

/** @throws Error for a frame that is no message */
export function messageOf({ payload }: Frame): JsonObject {
  const decoded = decodeFrame(payload)
  if (!decoded.ok) throw new Error(decoded.problem)
  return decoded.message as JsonObject
}
