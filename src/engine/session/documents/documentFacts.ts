/** What every document says of itself: what it is of, when and by which version it was made, and what is known to be missing. */
import { ownId, readMomentId } from '#contract/momentId'
import type { Params } from '#contract/methods'
import type { Services } from '../handlers.ts'

export type DocumentFacts = {
  readonly version: string
  readonly madeAt: Date
  /** Name of the source, and where it lies, without a password. */
  readonly source: string
  readonly path: string
  /** Epoch seconds, if the source was asked as of a moment. */
  readonly moment: number | null
  /** The source is still being read, or grows. */
  readonly isPartial: boolean
  /** The ledger of a queue's gaps as JSON text; null if nothing is known to be missing. */
  readonly gaps: string | null
  readonly rejectedLines: number
  readonly inferred: boolean
  readonly secrets: Params<'exports.document'>['secrets']
}

export async function documentFacts({ info, live, sources }: Services, { inferred, secrets, sourceId }: Params<'exports.document'>): Promise<DocumentFacts> {
  const id = ownId(sourceId)
  const entry = sources.entry(id)
  const { live: queue, name, path, state } = entry.describe()
  return {
    version: info().version,
    madeAt: new Date(),
    source: name,
    path,
    moment: readMomentId(sourceId)?.at ?? null,
    isPartial: queue !== null || state !== 'ready',
    gaps: await live.queues.gapsOf(id),
    rejectedLines: entry.rejectedLines,
    inferred,
    secrets
  }
}

/** What is known to be missing of the document, as sentences; empty if nothing is. */
export function missingSentences({ gaps, isPartial, moment, rejectedLines }: DocumentFacts): string[] {
  const lost = gaps === null ? 0 : gapCount(gaps)
  return [
    ...(lost > 0 ? [`The recording has ${lost.toLocaleString('en-US')} known ${lost === 1 ? 'gap' : 'gaps'}: messages may be missing.`] : []),
    ...(rejectedLines > 0 ? [`${rejectedLines.toLocaleString('en-US')} ${rejectedLines === 1 ? 'line' : 'lines'} of the source could not be read.`] : []),
    ...(isPartial ? ['The source had not been read to its end when this was made.'] : []),
    ...(moment === null ? [] : [`It shows what was known at ${new Date(moment * 1000).toISOString()}.`])
  ]
}

function gapCount(gaps: string): number {
  const parsed = JSON.parse(gaps) as { gaps?: unknown[] }
  return parsed.gaps?.length ?? 0
}
