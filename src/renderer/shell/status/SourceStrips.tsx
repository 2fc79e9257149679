/** Tinted strips over a view: read in part, changed on disk, failed, engine out of reach. */
import { CircleDot, FileClock, OctagonX, Play, RefreshCw, Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { bytes, clock, count, percent } from '../../parts/format.ts'
import { Strip } from '../../parts/Strip.tsx'
import { useZone } from '../../state/appearance.ts'
import { actOnSource, followSource } from '../../state/open.ts'
import { tryNow, useEngine } from '../../state/sources.ts'
import styles from './SourceStrips.module.css'

export function SourceStrips({ source }: { source: Source }) {
  return (
    <>
      <Disconnected />
      {/* A queue that is detached or out of reach says so itself. */}
      {source.state === 'stopped' && !source.live && <Partial source={source} />}
      {source.state === 'failed' && <Failed source={source} />}
      {source.stale && !source.live && <Stale source={source} stale={source.stale} />}
    </>
  )
}

function Partial({ source: { sourceId, counts, readBytes, totalBytes, kind } }: { source: Source }) {
  const part = totalBytes ? `; ${percent(readBytes / totalBytes)} of the ${kind === 'file' ? 'file' : 'files'} read` : ''
  return (
    <Strip
      tone="warn"
      icon={CircleDot}
      actions={
        <Button size="small" icon={Play} onClick={() => void actOnSource('sources.readOn', sourceId)}>
          Read the rest
        </Button>
      }
    >
      First <b className="med">{count(counts.tasks)}</b> tasks{part}. Counts and exports are of what was read.
    </Strip>
  )
}

function Failed({ source: { sourceId, error, counts, live } }: { source: Source }) {
  return (
    <Strip
      tone="error"
      icon={OctagonX}
      actions={
        !live && (
          <Button size="small" icon={RefreshCw} onClick={() => void actOnSource('sources.readOn', sourceId)}>
            Try again
          </Button>
        )
      }
    >
      {error ?? 'The source could not be read.'} {counts.messages > 0 && `What was read before, ${count(counts.messages)} messages, is shown.`}
    </Strip>
  )
}

function Stale({ source, stale }: { source: Source; stale: NonNullable<Source['stale']> }) {
  const zone = useZone()
  return (
    <Strip
      tone="run"
      icon={FileClock}
      actions={
        <>
          <Button size="small" icon={RefreshCw} onClick={() => void actOnSource('sources.readOn', source.sourceId)}>
            Update
          </Button>
          <Button tone="link" size="small" onClick={() => void followSource(source.sourceId, true)}>
            Follow it
          </Button>
        </>
      }
    >
      {stale.grewBytes > 0 ? (
        <>
          The {source.kind === 'folder' ? 'folder' : 'file'} grew by <b className="med">{bytes(stale.grewBytes)}</b> at {clock(stale.at, zone)}
        </>
      ) : (
        <>The file changed on disk at {clock(stale.at, zone)}</>
      )}
    </Strip>
  )
}

function Disconnected() {
  const link = useEngine((s) => s.link)
  const host = useEngine((s) => s.host)
  const zone = useZone()
  const now = useNow(link.state === 'lost')
  if (link.state === 'refused') {
    return (
      <Strip tone="error" icon={Unplug}>
        {link.message}
      </Strip>
    )
  }
  if (link.state !== 'lost') return null
  const served = host?.host === 'served'
  const seconds = Math.max(0, Math.ceil((link.nextTryAt - now) / 1000))
  return (
    <>
      <Strip
        tone="error"
        icon={Unplug}
        actions={
          <>
            <span className="t2 nw">{seconds > 0 ? `next try in ${seconds} s` : 'trying'}</span>
            <Button size="small" icon={RefreshCw} onClick={tryNow}>
              Try now
            </Button>
          </>
        }
      >
        <b className="med">No connection to Provscope{served && host ? ` on ${host.hostname}` : ''}</b> since {clock(link.since / 1000, zone)}. What is shown is of then; filter and selection are kept.
      </Strip>
      {served && host && (
        <div className={styles['tunnel']}>
          <span className="t2">If it runs behind an ssh tunnel, open the tunnel again:</span>
          <code className="mono f11">{`ssh -N -L ${location.port}:localhost:${location.port} ${host.hostname}`}</code>
        </div>
      )}
    </>
  )
}

function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    if (!ticking) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [ticking])
  return now
}
