/** What is laid beside an export of a live source that is known to lack something. */
import type { LiveEntry } from './liveEntry.ts'

/** Null where nothing is known to be missing. */
export async function gapsStamp(entry: LiveEntry): Promise<string | null> {
  const gaps = await entry.gaps(0, Infinity)
  if (gaps.length === 0) return null
  const { counts, live, name, path } = entry.describe()
  return `${JSON.stringify(
    {
      source: name,
      address: path,
      channel: live?.channel,
      attachedAt: iso(live?.attachedAt ?? 0),
      exportedAt: new Date().toISOString(),
      received: live?.received,
      shown: live?.shown,
      counts,
      gaps: gaps.map(({ filled, from, to, ...gap }) => ({ ...gap, from: iso(from), to: to === null ? null : iso(to), filled: filled && { ...filled, at: iso(filled.at) } }))
    },
    null,
    2
  )}\n`
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
