/** Below the tabs of a live source: whether it goes on, how fast messages come, where they are recorded, and what can be done. */
import { CircleMinus, HardDriveDownload, OctagonAlert, Pause, Play, Plug } from 'lucide-react'
import type { LiveState, StoreProgress } from '#contract/live'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { bytesOf, count, counted, decimal } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Sparkline } from '../../parts/Sparkline.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { useZone } from '../../state/appearance.ts'
import { useKeysOf } from '../../state/commands.ts'
import { attachAgain, detachSource, isAttached, isFull, pauseSource } from '../../state/liveSource.ts'
import { useNow } from '../../state/now.ts'
import { workbench } from '../../state/workbench.ts'
import { brokerName, linkWords, liveWords, storeDetail, storeName, storeWords } from './linkWords.ts'
import css from './LiveStrip.module.css'

export function LiveStrip({ source, live }: { source: Source; live: LiveState }) {
  const { link, pausedAt } = live
  const attached = isAttached(live)
  const tone = isFull(live) || link.name === 'lost' ? 'error' : link.name === 'retrying' || (pausedAt !== null && attached) ? 'warn' : link.name === 'connecting' ? 'run' : 'quiet'
  return (
    <div className={classes(css['strip'], css[tone])} role="group" aria-label="Live">
      <State live={live} />
      {attached && (link.name === 'live' || pausedAt !== null) && <PauseButton source={source} live={live} />}
      {link.name === 'live' && (
        <>
          <span className={css['rule']} />
          <Rate live={live} />
        </>
      )}
      {live.stores.length > 0 && <span className={css['rule']} />}
      {live.stores.map((store) => (
        <StoreState key={`${store.type} ${store.name}`} store={store} />
      ))}
      {isFull(live) && (
        <span className={css['item']}>
          <Icon of={OctagonAlert} size={14} className="errc" />
          <span className="errc">The buffer on disk is full, {bytesOf(live.spillBytes, live.spillLimitBytes)}: messages that come now are lost, and counted</span>
        </span>
      )}
      <span className="grow" />
      <Button size="small" tone="ghost" icon={HardDriveDownload} className={css['late']} onClick={() => workbench.getState().setDialog('dump')}>
        Dump buffer…
      </Button>
      {attached ? (
        <Tooltip text="Unsubscribes; what has arrived stays open">
          <Button size="small" tone="ghost" icon={CircleMinus} onClick={() => void detachSource(source.sourceId)}>
            Detach
          </Button>
        </Tooltip>
      ) : (
        <Button size="small" tone={link.name === 'lost' ? 'primary' : 'plain'} icon={Plug} onClick={() => void attachAgain(source)}>
          Attach again
        </Button>
      )}
    </div>
  )
}

function State({ live }: { live: LiveState }) {
  const { link, pausedAt } = live
  const zone = useZone()
  const now = useNow(link.name === 'retrying' ? 500 : null)
  const words = liveWords(live, zone, now)
  // Paused is what the person did; that the connection is away besides must not be hidden by it.
  const besides = pausedAt !== null && isAttached(live) && link.name !== 'live' ? linkWords(link, zone, now) : null
  return (
    <>
      <span className={css['state']} data-testid="live-state">
        <Icon of={words.icon} size={14} className={words.tone} />
        {words.text}
      </span>
      {besides && (
        <span className={css['item']}>
          <Icon of={besides.icon} size={14} className={besides.tone} />
          {besides.text}
        </span>
      )}
      {link.name === 'connecting' && <span className="t2 ell">to {live.url}</span>}
      {(link.name === 'retrying' || link.name === 'lost') && (
        <span className={css['reason']} title={`${link.reason ?? ''}\nWhat ${brokerName(live)} sends meanwhile is lost; the gap is dated.`}>
          {link.reason}
          {link.name === 'retrying' && link.attempt > 1 && <span className="t3"> try {count(link.attempt)}</span>}
        </span>
      )}
    </>
  )
}

function PauseButton({ source, live }: { source: Source; live: LiveState }) {
  const keys = useKeysOf('live.pause')
  if (live.pausedAt === null) {
    return (
      <Tooltip text="Holds the views; messages go on arriving" keys={keys}>
        <Button size="small" icon={Pause} onClick={() => void pauseSource(source.sourceId, true)}>
          Pause
        </Button>
      </Tooltip>
    )
  }
  return (
    <Tooltip text="Shows what has arrived meanwhile" keys={keys}>
      <Button tone="primary" icon={Play} onClick={() => void pauseSource(source.sourceId, false)}>
        Resume <span className={css['waiting']}>{count(live.waiting)} waiting</span>
      </Button>
    </Tooltip>
  )
}

function Rate({ live }: { live: LiveState }) {
  const { perSecond, rates, waiting, pausedAt, lagSeconds } = live
  const words = `${decimal(perSecond, perSecond < 10 ? 1 : 0)} messages a second; in the last minute ${count(rates.reduce((sum, n) => sum + n, 0))}, at most ${count(Math.max(0, ...rates))} in one second`
  const behind = pausedAt === null && waiting > 0 && lagSeconds !== null && lagSeconds > 1
  return (
    <span className={css['item']}>
      <span className={classes('t2', css['label'])}>Rate</span>
      <span className={css['spark']}>
        <Sparkline values={rates} name={words} />
      </span>
      <b className="med">{decimal(perSecond, perSecond < 10 ? 1 : 0)}</b>
      <span className="t3 f11">msg/s</span>
      {behind && <span className="waitc">showing is {counted(waiting, 'message')} behind</span>}
    </span>
  )
}

function StoreState({ store }: { store: StoreProgress }) {
  const zone = useZone()
  const now = useNow(store.state.name === 'retrying' ? 500 : null)
  const { icon, tone, text } = storeWords(store, now)
  return (
    <Tooltip text={<span className={css['lines']}>{storeDetail(store, zone)}</span>}>
      <span className={css['item']} tabIndex={0} role="note" aria-label={`${storeName(store)}: ${text}`}>
        <Icon of={icon} size={14} className={tone} />
        {storeName(store)}
        <span className={store.state.name === 'live' || store.state.name === 'closed' ? 't2' : tone}>{text}</span>
      </span>
    </Tooltip>
  )
}
