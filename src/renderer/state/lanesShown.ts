/** What the timeline shows, as it stands in an address: `host`, `host/activity`, `activity@1784505878.5,1784505900`. */
import { type LaneBy, laneBy } from '#contract/timeline'

/** `window` in epoch seconds; null: the whole. */
export type LanesShown = { by: LaneBy; within: LaneBy | null; window: { from: number; to: number } | null }

export function lanesText({ by, within, window }: LanesShown): string {
  return `${by}${within === null ? '' : `/${within}`}${window === null ? '' : `@${window.from},${window.to}`}`
}

/** Null if it says nothing of lanes. */
export function readLanes(text: string | null): LanesShown | null {
  const match = /^([a-z]+)(?:\/([a-z]+))?(?:@([\d.]+),([\d.]+))?$/.exec(text ?? '')
  const by = laneBy.safeParse(match?.[1])
  if (!match || !by.success) return null
  const within = laneBy.safeParse(match[2])
  const [from, to] = [Number(match[3]), Number(match[4])]
  return { by: by.data, within: within.success && within.data !== by.data ? within.data : null, window: to > from ? { from, to } : null }
}
