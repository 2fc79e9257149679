/** The gaps of live sources: when, how long, why, what is known to be missing, and whether a file has filled it since. */
import { CircleCheck, Upload } from 'lucide-react'
import type { Gap } from '#contract/live'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count, counted, dateTime, seconds } from '../../parts/format.ts'
import { GapMark } from '../../parts/GapHatch.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Term } from '../../parts/Term.tsx'
import { useZone } from '../../state/appearance.ts'
import { secondsMissing } from '../../state/liveSource.ts'
import { useNow } from '../../state/now.ts'
import { useCall } from '../../state/query.ts'
import { words } from '../../state/words.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './GapLedger.module.css'

const most = 1000

export function GapLedger({ sources }: { sources: readonly Source[] }) {
  const total = sources.reduce((sum, { live }) => sum + (live?.gapCount ?? 0), 0)
  const lasting = sources.some(({ live }) => live?.gaps.some((gap) => gap.to === null))
  const now = useNow(lasting ? 1000 : null)
  const known = sources.every(({ live }) => live === null || live.gaps.length === live.gapCount)
  const missing = known ? sources.reduce((sum, { live }) => sum + secondsMissing(live?.gaps ?? [], now), 0) : 0
  const current = useWorkbench((s) => s.sourceId)
  const canFill = sources.find(({ sourceId, live }) => sourceId === current && live !== null && live.gapCount > 0)
  return (
    <section className={styles['ledger']} aria-labelledby="gap-ledger">
      <header className={styles['head']}>
        <h3 id="gap-ledger" className="strong">
          <Term {...words.gap}>Gap ledger</Term>
        </h3>
        <span className="t2">
          {total === 0 ? 'No gaps' : counted(total, 'gap')} in {counted(sources.length, 'live source')}
          {missing >= 0.05 && `, ${seconds(missing, 1)}`}
        </span>
        <span className="grow" />
        {total > 0 && <span className="t3">Stamped into every export</span>}
        {canFill && (
          <Button size="small" icon={Upload} onClick={() => workbench.getState().setDialog('fill')}>
            Fill from a file…
          </Button>
        )}
      </header>
      {total > 0 && (
        <div role="table" aria-label="Gaps" className={styles['table']}>
          <div role="row" className={classes(styles['row'], styles['heads'])}>
            <span role="columnheader">
              <span className="hidden">kind</span>
            </span>
            <span role="columnheader">source</span>
            <span role="columnheader">from</span>
            <span role="columnheader">to</span>
            <span role="columnheader" className="num">
              length
            </span>
            <span role="columnheader">reason</span>
            <span role="columnheader">messages lost</span>
            <span role="columnheader">filled</span>
          </div>
          {sources.map((source) => (
            <OfSource key={source.sourceId} source={source} now={now} />
          ))}
        </div>
      )}
    </section>
  )
}

function OfSource({ source, now }: { source: Source; now: number }) {
  const { data } = useCall('live.gaps', (source.live?.gapCount ?? 0) > 0 ? { sourceId: source.sourceId, limit: most } : null)
  const gaps = data?.gaps ?? source.live?.gaps ?? []
  const left = (source.live?.gapCount ?? 0) - gaps.length
  return (
    <>
      {gaps
        .toSorted((a, b) => b.from - a.from)
        .map((gap) => (
          <GapRow key={gap.gapId} gap={gap} name={source.name} now={now} />
        ))}
      {left > 0 && (
        <div role="row" className={styles['row']}>
          <span role="cell" />
          <span role="cell" className={styles['rest']}>
            and {count(left)} more
          </span>
        </div>
      )}
    </>
  )
}

const kinds: Record<Gap['kind'], string> = { disconnected: 'not connected', overflow: 'no room', undecodable: 'not decoded' }

function GapRow({ gap, name, now }: { gap: Gap; name: string; now: number }) {
  const zone = useZone()
  const length = (gap.to ?? now) - gap.from
  const open = gap.openTasks !== null && gap.openTasks > 0 ? `, ${counted(gap.openTasks, 'open task')}` : ''
  return (
    <div role="row" className={styles['row']}>
      <span role="cell">
        <GapMark />
        <span className="hidden">{kinds[gap.kind]}</span>
      </span>
      <span role="cell" className="ell" title={name}>
        {name}
      </span>
      <span role="cell">{dateTime(gap.from, zone, 1)}</span>
      <span role="cell">{gap.to === null ? <span className="waitc">still lasts</span> : dateTime(gap.to, zone, 1)}</span>
      <span role="cell" className="num">
        {length < 0.05 ? '' : seconds(length, 1)}
      </span>
      <span role="cell" className="ell t2" title={gap.reason}>
        {gap.reason}
      </span>
      <span role="cell" className={classes('ell', gap.messages === null && !gap.filled && 'waitc')} title={`${gap.messages === null ? 'unknown how many' : `${count(gap.messages)} known`}${open}`}>
        {gap.messages === null ? 'unknown' : `${count(gap.messages)} known`}
        {open}
      </span>
      <span role="cell" className="ell" title={gap.filled ? `at ${dateTime(gap.filled.at, zone)}` : undefined}>
        {gap.filled ? (
          <span className={styles['filled']}>
            <Icon of={CircleCheck} size={12} className="okc" />
            {count(gap.filled.messages)} {gap.messages !== null && `of ${count(gap.messages)} `}from {gap.filled.from}
          </span>
        ) : (
          <span className="t2">Not yet</span>
        )}
      </span>
    </div>
  )
}
