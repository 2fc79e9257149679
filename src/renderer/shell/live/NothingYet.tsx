/** In place of every view of a live source from which nothing has come yet: since when, what is not to be expected, and what to check. */
import { LoaderCircle, Radio, RefreshCw, Unplug } from 'lucide-react'
import type { LiveState } from '#contract/live'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { clock, counted } from '../../parts/format.ts'
import { useZone } from '../../state/appearance.ts'
import { attachAgain, pauseSource } from '../../state/liveSource.ts'
import { useNow } from '../../state/now.ts'
import { brokerName, retryWords } from './linkWords.ts'

export function NothingYet({ source, live }: { source: Source; live: LiveState }) {
  const { link, pausedAt, waiting, attachedAt, url, channel } = live
  const zone = useZone()
  const now = useNow(link.name === 'retrying' ? 500 : null)
  const name = brokerName(live)
  if (pausedAt !== null && waiting > 0) {
    return (
      <EmptyState
        icon={Radio}
        title={`Paused at ${clock(pausedAt, zone, 1)}, before anything was shown`}
        actions={<Button onClick={() => void pauseSource(source.sourceId, false)}>Resume, {counted(waiting, 'message')} waiting</Button>}
      >
        Messages go on arriving and are kept.
      </EmptyState>
    )
  }
  switch (link.name) {
    case 'connecting':
      return (
        <EmptyState icon={LoaderCircle} title={`Connecting to ${name}`}>
          <span className="mono">{url}</span>
        </EmptyState>
      )
    case 'retrying':
      return (
        <EmptyState icon={RefreshCw} title={`${name} cannot be reached; next try ${retryWords(link.retryAt, now)}`}>
          {link.reason} {tunnelHint(url)}
        </EmptyState>
      )
    case 'lost':
      return (
        <EmptyState icon={Unplug} tone="error" title={`The connection to ${name} was lost at ${clock(link.since, zone)}`} actions={<Button onClick={() => void attachAgain(source)}>Attach again</Button>}>
          {link.reason} {tunnelHint(url)}
        </EmptyState>
      )
    case 'detached':
      return (
        <EmptyState icon={Radio} title="Nothing had arrived when it was detached" actions={<Button onClick={() => void attachAgain(source)}>Attach again</Button>}>
          It was attached from {clock(attachedAt, zone)} to {clock(link.since, zone)}.
        </EmptyState>
      )
    case 'live':
      return (
        <EmptyState icon={Radio} title={`Nothing has arrived since ${clock(attachedAt, zone)}`}>
          What was sent before is not replayed. Rows appear here as soon as a workflow publishes on <span className="mono">{channel}</span>.
        </EmptyState>
      )
  }
}

/** A queue on this machine is often the end of a tunnel. */
function tunnelHint(url: string): string {
  return /@?(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(url) ? 'If the queue is behind an ssh tunnel, open the tunnel again.' : ''
}
