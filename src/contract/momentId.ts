/** The id of a source as it was known at a moment: the source's own, an `@`, and the moment in epoch seconds (`s1-a0b1c2@1784505878.5`). */

export const momentId = (sourceId: string, at: number): string => `${sourceId}@${at}`

/** Null if it is a source's own id. */
export function readMomentId(id: string): { sourceId: string; at: number } | null {
  const match = /^([^@]+)@(\d+(?:\.\d+)?)$/.exec(id)
  return match ? { sourceId: match[1] as string, at: Number(match[2]) } : null
}

/** The source's own id, of it or of a moment of it. */
export const ownId = (id: string): string => readMomentId(id)?.sourceId ?? id

/** Methods that read what is known of a source: asked for the moment shown. */
const readers = /^(?:tree|runtree|columns|rows|groups|filter|records|stream|overview|time|timeline|critical|lineage|dataflow|telemetry|agents|compare|sweep|sql|snippets)\.|^exports\.(?:start|store|document|secrets)$/

/** The same question about the source as it was known then; questions about other sources, and about what a source is, stay. */
export function atMoment<P>(method: string, params: P, shown: { sourceId: string; at: number } | null): P {
  return shown !== null && readers.test(method) ? withMoment(params, shown) : params
}

function withMoment<P>(params: P, shown: { sourceId: string; at: number }): P {
  if (typeof params !== 'object' || params === null) return params
  const own = params as Record<string, unknown>
  const changed: Record<string, unknown> = {}
  if (own['sourceId'] === shown.sourceId) changed['sourceId'] = momentId(shown.sourceId, shown.at)
  // The runs of a comparison name their sources each.
  for (const side of ['a', 'b']) if (typeof own[side] === 'object') changed[side] = withMoment(own[side], shown)
  return { ...params, ...changed }
}
