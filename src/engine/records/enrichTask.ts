/** What an inserter that enriches adds to a task: where it ran, the telemetry summary and critical tags. */
import { field, type JsonObject } from '#contract/json'
import { criticalTags, type TagRules } from './criticalTags.ts'
import { fill } from './normaliseTask.ts'
import { hasTelemetry, telemetrySummary } from './telemetrySummary.ts'

export type Enrichment = {
  /** node_name, login_name, public_ip, private_ip, hostname: set where missing or null. */
  readonly host: JsonObject
  readonly tags?: TagRules | undefined
}

/** Best done on a merged task, as its two snapshots may come in two messages. The user's tags stay, critical ones are added. Returns a new object. */
export function enrichTask(task: JsonObject, enrichment: Enrichment): JsonObject {
  const enriched = { ...task }
  for (const [name, value] of Object.entries(enrichment.host)) if (value !== null) fill(enriched, name, value)
  if (!hasTelemetry(task)) return enriched
  const summary = telemetrySummary(task)
  enriched.telemetry_summary = summary
  const own = field(task, 'tags') ?? []
  const kept = Array.isArray(own) ? own : [own]
  const added = criticalTags(field(task, 'generated'), summary, enrichment.tags).filter((tag) => !kept.includes(tag))
  if (added.length > 0) enriched.tags = [...kept, ...added]
  return enriched
}
