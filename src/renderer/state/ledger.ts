/** Tells whether the gap ledger of a live source is still the one that was asked for. */
import type { LiveState } from '#contract/live'

/** Changes when the ledger does, and only then. */
export function ledgerOf(live: LiveState | null): string {
  if (!live) return ''
  return `${live.gapCount} ${live.gaps.map(({ gapId, to, messages, filled }) => `${gapId}:${to}:${messages}:${filled?.at}`).join()}`
}
