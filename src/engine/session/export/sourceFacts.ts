/** What an export came from, as its manifest says it: where it lies, which bytes it was, what could not be read and what is known to be missing. */
import { stat } from 'node:fs/promises'
import { ownId, readMomentId } from '#contract/momentId'
import type { Services } from '../handlers.ts'
import { sha256Of } from './writeFile.ts'

export type SourceFileFacts = { readonly name: string; readonly path: string; readonly bytes: number; readonly modifiedAt: string; readonly sha256: string }
export type SourceFacts = {
  readonly name: string
  /** Where it lies; of a queue or a database its address, without a password. */
  readonly path: string
  readonly kind: string
  /** Null for what is no file. */
  readonly files: readonly SourceFileFacts[] | null
  readonly messages: number
  readonly tasks: number
  readonly workflows: number
  readonly agents: number
  readonly objects: number
  /** Lines that are no messages. */
  readonly rejectedLines: number
  /** It had been read to its end, and had not grown since. */
  readonly complete: boolean
  /** What a queue is known to have lost; null if nothing. */
  readonly gaps: unknown
}

export async function sourceFacts({ live, sources }: Pick<Services, 'live' | 'sources'>, sourceId: string, signal: AbortSignal): Promise<SourceFacts> {
  const entry = sources.entry(ownId(sourceId))
  const { counts, kind, live: queue, name, path, stale, state } = entry.describe()
  const gaps = await live.queues.gapsOf(entry.sourceId)
  const isFiles = kind === 'file' || kind === 'files' || kind === 'folder'
  return {
    name,
    path,
    kind,
    files: isFiles ? await filesFacts(entry.files ?? [], signal) : null,
    ...counts,
    rejectedLines: entry.rejectedLines,
    complete: state === 'ready' && queue === null && stale === null,
    gaps: gaps === null ? null : (JSON.parse(gaps) as unknown)
  }
}

/** Epoch seconds, of a source shown as of a moment. */
export const momentOf = (sourceId: string): number | null => readMomentId(sourceId)?.at ?? null

/** By path, size and time of change: the same file is read once, however often something of it leaves. */
const known = new Map<string, string>()
const mostKnown = 1000

async function filesFacts(files: readonly { readonly name: string; readonly path: string }[], signal: AbortSignal): Promise<SourceFileFacts[]> {
  const facts: SourceFileFacts[] = []
  for (const { name, path } of files) {
    const { mtime, size } = await stat(path)
    const key = JSON.stringify([path, size, mtime.getTime()])
    const sha256 = known.get(key) ?? (await sha256Of(path, signal))
    if (known.size >= mostKnown) known.clear()
    known.set(key, sha256)
    facts.push({ name, path, bytes: size, modifiedAt: mtime.toISOString(), sha256 })
  }
  return facts
}
