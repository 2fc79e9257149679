/** The status bar of a live source: whether it goes on, what waits, what came, what is missing; how fast, how late, how far behind. */
import { AlertTriangle, Pause } from 'lucide-react'
import type { LiveState } from '#contract/live'
import type { Source } from '#contract/sources'
import { classes } from '../../parts/classes.ts'
import { bytes, count, counted, decimal, seconds } from '../../parts/format.ts'
import { GapMark } from '../../parts/GapHatch.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Term } from '../../parts/Term.tsx'
import { useZone } from '../../state/appearance.ts'
import { isAttached, secondsMissing } from '../../state/liveSource.ts'
import { useNow } from '../../state/now.ts'
import { singular, useMatching } from '../../state/useMatching.ts'
import { words } from '../../state/words.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { linkWords, storeName } from '../live/linkWords.ts'
import { Cell } from './Cell.tsx'
import styles from './StatusBar.module.css'

export function OfLive({ source, live }: { source: Source; live: LiveState }) {
  const { records, matching, total, narrowed } = useMatching()
  const selection = useWorkbench((s) => s.selection)
  const selectedIds = useWorkbench((s) => s.selectedIds)
  const chosen = Math.max(selectedIds.length, selection ? 1 : 0)
  return (
    <>
      <Cell>
        <LinkCell live={live} />
      </Cell>
      {(live.pausedAt !== null || live.waiting > 0) && <Cell>{counted(live.waiting, 'message')} waiting</Cell>}
      <Cell>
        {narrowed ? (
          <>
            <b>{matching === null ? '…' : count(matching)}</b> of {count(total)} {total === 1 ? singular(records) : records} received
          </>
        ) : (
          <>
            <b>{count(source.counts.tasks)}</b> {source.counts.tasks === 1 ? 'task' : 'tasks'} received
          </>
        )}
      </Cell>
      {chosen > 0 && <Cell later>{count(chosen)} selected</Cell>}
      <Missing live={live} />
      <Problems source={source} />
    </>
  )
}

function LinkCell({ live }: { live: LiveState }) {
  const { link, pausedAt } = live
  const zone = useZone()
  const { icon, tone } = linkWords(link, zone, 0)
  const paused = pausedAt !== null && isAttached(live)
  const word = { connecting: 'Connecting', live: 'Live', retrying: 'Not connected', lost: 'Connection lost', detached: 'Detached' }[link.name]
  return (
    <>
      <Icon of={paused ? Pause : icon} size={12} className={paused ? 'waitc' : tone} />
      {paused && link.name === 'live' ? 'Paused' : paused ? `Paused, ${word.toLowerCase()}` : word}
    </>
  )
}

function Missing({ live }: { live: LiveState }) {
  const panel = useWorkbench((s) => s.panel)
  const lasting = live.gaps.some((gap) => gap.to === null)
  const now = useNow(lasting ? 1000 : null)
  if (live.gapCount === 0)
    return (
      <Cell late>
        <Term {...words.gap}>No gaps</Term>
      </Cell>
    )
  // Only the latest gaps are told with a source: with more, their length is not known here.
  const missing = live.gaps.length === live.gapCount ? secondsMissing(live.gaps, now) : 0
  return (
    <button type="button" className={classes(styles['cell'], styles['button'])} aria-expanded={panel === 'problems'} onClick={() => workbench.getState().setPanel(panel === 'problems' ? null : 'problems')}>
      <GapMark />
      {counted(live.gapCount, 'gap')}
      {missing >= 0.05 && `, ${seconds(missing, 1)}`}
    </button>
  )
}

function Problems({ source }: { source: Source }) {
  const panel = useWorkbench((s) => s.panel)
  if (source.problems === 0) return <Cell late>0 problems</Cell>
  return (
    <button type="button" className={classes(styles['cell'], styles['button'])} aria-expanded={panel === 'problems'} onClick={() => workbench.getState().setPanel(panel === 'problems' ? null : 'problems')}>
      <Icon of={AlertTriangle} size={12} className="waitc" />
      {counted(source.problems, 'problem')}
    </button>
  )
}

export function LiveFlow({ live }: { live: LiveState }) {
  const { perSecond, lagSeconds, spillBytes, spillLimitBytes, stores } = live
  return (
    <>
      {isAttached(live) && (
        <Cell late>
          {decimal(perSecond, perSecond < 10 ? 1 : 0)} msg/s{lagSeconds !== null && `, lag ${seconds(lagSeconds, 1)}`}
        </Cell>
      )}
      {stores.map((store) => (
        <StoreCell key={`${store.type} ${store.name}`} store={store} />
      ))}
      <Cell later>Behind {bytes(spillBytes)}{spillLimitBytes > 0 && ` of ${bytes(spillLimitBytes)}`}</Cell>
    </>
  )
}

const storeStates = { connecting: 'opening', live: '', retrying: 'retrying', lost: 'failed', closed: 'closed' }
function StoreCell({ store }: { store: LiveState['stores'][number] }) {
  const zone = useZone()
  const { name, ...state } = store.state
  const { icon, tone } = linkWords({ ...state, name: name === 'closed' ? 'detached' : name }, zone, 0)
  return (
    <Cell later>
      <Icon of={icon} size={12} className={tone} />
      <span className={tone === 'okc' || tone === 't3' ? undefined : tone}>
        {storeName(store)} {storeStates[name]}
      </span>
    </Cell>
  )
}
