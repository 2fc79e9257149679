/** Which status may replace which, and the flag that each status seen leaves behind (`running: true`). */
import { field, setField, type JsonObject, type JsonValue } from '#contract/json'
import { dictFields } from './dictFields.ts'

/**
 * Of two statuses the higher rank stays, of equal ranks the later. A status that Flowcept does not know (`CANCELLED`) is taken for
 * the end of waiting and running, but no final one gives way to it.
 */
const rankOf: ReadonlyMap<string, number> = new Map([
  ['UNKNOWN', 1],
  ['SUBMITTED', 2],
  ['WAITING', 3],
  ['RUNNING', 4],
  ['ERROR', 6],
  ['FINISHED', 6]
])
const otherRank = 5

const flags: ReadonlySet<string> = new Set([...rankOf.keys()].map((status) => status.toLowerCase()))

/** Fields that a status of that name must not overwrite with its flag. */
const reserved: ReadonlySet<string> = new Set<string>(['task_id', 'workflow_id', 'campaign_id', 'status', 'type', ...dictFields])

/** The status to keep when `later` arrives after `earlier`; neither is null. */
export function mergeStatus(earlier: JsonValue, later: JsonValue): JsonValue {
  return rank(later) >= rank(earlier) ? later : earlier
}

/** Known statuses in their own spelling: `finished` and `Finished` are FINISHED. */
export function canonicalStatus(status: JsonValue): JsonValue {
  if (typeof status !== 'string') return status
  const upper = status.toUpperCase()
  return rankOf.has(upper) ? upper : status
}

/** Adds the lower-case flag of `status` to a document; a text or number that stands in the flag's field is left there. */
export function setStatusFlag(document: JsonObject, status: JsonValue): void {
  if (typeof status !== 'string') return
  const flag = status.toLowerCase()
  const present = field(document, flag)
  if (flags.has(flag) ? isUnset(present) : present === undefined && !reserved.has(flag)) setField(document, flag, true)
}

export function isStatusFlag(name: string): boolean {
  return flags.has(name)
}

/** A status once seen stays seen: true gives way to no false, and no flag to a value that is none; neither is null. */
export function mergeStatusFlag(earlier: JsonValue, later: JsonValue): JsonValue {
  if (typeof later !== 'boolean') return later
  return typeof earlier === 'boolean' ? earlier || later : earlier
}

function rank(status: JsonValue): number {
  return typeof status === 'string' ? (rankOf.get(status) ?? otherRank) : 0
}

function isUnset(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || typeof value === 'boolean'
}
