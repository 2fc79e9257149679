/** What a task used, from its two telemetry snapshots: the differences that Flowcept's inserter stores, under its names. */
import { field, isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'

type Section = 'cpu' | 'memory' | 'disk' | 'network'

/** Section of the snapshots → [name in the summary, path in the section]. Seconds, percent points, bytes and counts, as captured. */
export const telemetryDifferences: Readonly<Record<Section, readonly (readonly [string, readonly [string, ...string[]]])[]>> = {
  cpu: [
    ['percent_all_diff', ['percent_all']],
    ['user_time_diff', ['times_avg', 'user']],
    ['system_time_diff', ['times_avg', 'system']],
    ['idle_time_diff', ['times_avg', 'idle']]
  ],
  memory: [
    ['used_mem_diff', ['virtual', 'used']],
    ['percent_diff', ['virtual', 'percent']],
    ['swap_used_diff', ['swap', 'used']]
  ],
  disk: [
    ['read_bytes_diff', ['io_sum', 'read_bytes']],
    ['write_bytes_diff', ['io_sum', 'write_bytes']],
    ['read_count_diff', ['io_sum', 'read_count']],
    ['write_count_diff', ['io_sum', 'write_count']]
  ],
  network: [
    ['bytes_sent_diff', ['netio_sum', 'bytes_sent']],
    ['bytes_recv_diff', ['netio_sum', 'bytes_recv']],
    ['packets_sent_diff', ['netio_sum', 'packets_sent']],
    ['packets_recv_diff', ['netio_sum', 'packets_recv']]
  ]
}

/**
 * `duration_sec` where both times are numbers, then each section that both snapshots have, in the order of the first; a section
 * of which any value is missing or no number is left out whole. Empty where nothing can be said.
 */
export function telemetrySummary(task: JsonObject): JsonObject {
  const summary: JsonObject = {}
  const duration = difference(field(task, 'started_at'), field(task, 'ended_at'))
  if (duration !== null) summary.duration_sec = duration
  const start = field(task, 'telemetry_at_start')
  const end = field(task, 'telemetry_at_end')
  if (!isJsonObject(start) || !isJsonObject(end)) return summary
  for (const name of Object.keys(start)) {
    const section = isSection(name) ? sectionDifferences(name, field(start, name), field(end, name)) : null
    if (section) setField(summary, name, section)
  }
  return summary
}

/** Whether a task has both snapshots, without which there is no telemetry to summarise. */
export function hasTelemetry(task: JsonObject): boolean {
  return ['telemetry_at_start', 'telemetry_at_end'].every((name) => {
    const snapshot = field(task, name)
    return isJsonObject(snapshot) && Object.keys(snapshot).length > 0
  })
}

function sectionDifferences(name: Section, start: JsonValue | undefined, end: JsonValue | undefined): JsonObject | null {
  const differences: JsonObject = {}
  for (const [key, path] of telemetryDifferences[name]) {
    const value = difference(at(start, path), at(end, path))
    if (value === null) return null
    differences[key] = value
  }
  return differences
}

/** `end − start`: exact for integers of any size, else as doubles; null unless both are numbers. */
function difference(start: JsonValue | undefined, end: JsonValue | undefined): number | bigint | null {
  if (!isNumeric(start) || !isNumeric(end)) return null
  if (typeof start === 'number' && typeof end === 'number') return end - start
  if (!isInteger(start) || !isInteger(end)) return Number(end) - Number(start)
  const exact = BigInt(end) - BigInt(start)
  return exact >= -(2n ** 53n) && exact <= 2n ** 53n ? Number(exact) : exact
}

function isNumeric(value: JsonValue | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isInteger(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value)
}

function at(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let found = value
  for (const key of path) found = isJsonObject(found) ? field(found, key) : undefined
  return found
}

function isSection(name: string): name is Section {
  return Object.hasOwn(telemetryDifferences, name)
}
