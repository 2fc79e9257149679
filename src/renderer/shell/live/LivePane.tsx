/** In the inspector of a live source while nothing is selected: the run as of now, its gaps, where it is recorded, what was sent to the broker. */
import { HardDriveDownload, Upload } from 'lucide-react'
import type { Gap, LiveState, StoreProgress } from '#contract/live'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { bytes, clock, count, counted, dateTime } from '../../parts/format.ts'
import { gapFilled, gapTimes, gapTitle } from '../../parts/gapWords.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { useZone } from '../../state/appearance.ts'
import { frozenAt } from '../../state/liveSource.ts'
import { useNow } from '../../state/now.ts'
import { useCall } from '../../state/query.ts'
import { useTaskScope } from '../../state/useScope.ts'
import { workbench } from '../../state/workbench.ts'
import { KeyValue, Section } from '../../inspector/Section.tsx'
import { brokerName, linkWords, storeName, storeWords } from './linkWords.ts'
import css from './LivePane.module.css'

const statuses = ['FINISHED', 'RUNNING', 'WAITING', 'SUBMITTED', 'ERROR', 'UNKNOWN']
const shownGaps = 3
/** The counts of the view are the quick ones. */
const statusesEveryMs = 500

/** `Run as of 14:05:12.4`, or `Run now`. */
export function useLivePaneTitle(live: LiveState): string {
  const zone = useZone()
  const frozen = frozenAt(live)
  return frozen === null ? 'Run now' : `Run as of ${clock(frozen, zone, 1)}`
}

export function LivePane({ source, live }: { source: Source; live: LiveState }) {
  return (
    <>
      <Tasks source={source} />
      <Gaps live={live} />
      <Recording live={live} />
      <Broker live={live} />
    </>
  )
}

function Tasks({ source }: { source: Source }) {
  const scope = useTaskScope()
  const { data } = useCall('overview.summary', { sourceId: source.sourceId, scope }, statusesEveryMs)
  const known = data?.statuses ?? {}
  const others = Object.entries(known).filter(([status, n]) => !statuses.includes(status) && n > 0)
  return (
    <Section id="live.tasks" title="Tasks" figure={data ? count(data.tasks) : ''}>
      <dl className={css['statuses']}>
        {[...statuses.map((status): [string, number] => [status, known[status] ?? 0]), ...others].map(([status, n]) => (
          <div key={status}>
            <dt>
              <StatusMark status={status === '' ? null : status} />
            </dt>
            <dd>{count(n)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function Gaps({ live }: { live: LiveState }) {
  const zone = useZone()
  const shown = live.gaps.slice(-shownGaps).reverse()
  return (
    <Section
      id="live.gaps"
      title="Gaps"
      figure={count(live.gapCount)}
      aside={
        live.gapCount > 0 && (
          <Button tone="link" size="small" onClick={() => workbench.getState().setPanel('problems')}>
            All in the ledger
          </Button>
        )
      }
    >
      {live.gapCount === 0 ? (
        <p className={css['note']}>Nothing is known to be missing since {dateTime(live.attachedAt, zone)}. What was sent before is not replayed.</p>
      ) : (
        <>
          {shown.map((gap) => (
            <GapFacts key={gap.gapId} gap={gap} live={live} />
          ))}
          {live.gapCount > shown.length && <p className={css['note']}>and {counted(live.gapCount - shown.length, 'more')}.</p>}
          <p className={css['note']}>{brokerName(live)} does not replay. Stamped into every export.</p>
          <Button size="small" icon={Upload} className={css['action']} onClick={() => workbench.getState().setDialog('fill')}>
            Fill from a file…
          </Button>
        </>
      )}
    </Section>
  )
}

function GapFacts({ gap, live }: { gap: Gap; live: LiveState }) {
  const zone = useZone()
  const now = useNow(gap.to === null && live.link.name !== 'detached' ? 1000 : null)
  const seconds = (gap.to ?? now) - gap.from
  return (
    <div className={css['gap']}>
      <KeyValue name={gap.kind === 'undecodable' ? 'at' : 'from – to'}>{gapTimes(gap, zone)}</KeyValue>
      {seconds >= 0.05 && <KeyValue name="length">{gapTitle({ ...gap, to: gap.from + seconds }, zone).replace('Gap of ', '')}</KeyValue>}
      <KeyValue name="reason">{gap.reason}</KeyValue>
      <KeyValue name="lost">{gap.messages === null ? 'unknown how many' : counted(gap.messages, 'message')}</KeyValue>
      {gap.openTasks !== null && gap.openTasks > 0 && <KeyValue name="touches">{counted(gap.openTasks, 'task')} without an end</KeyValue>}
      {gap.filled && <KeyValue name="filled">{gapFilled(gap)}</KeyValue>}
    </div>
  )
}

function Recording({ live }: { live: LiveState }) {
  const spill = live.spillLimitBytes > 0 ? `${bytes(live.spillBytes)} of ${bytes(live.spillLimitBytes)}` : bytes(live.spillBytes)
  return (
    <Section
      id="live.recording"
      title={live.role === 'record' ? 'Recording' : 'Watching'}
      figure={live.role === 'record' ? (live.asInserter ? 'as the inserter' : '') : 'writes no store'}
      aside={
        <Button tone="link" size="small" icon={HardDriveDownload} onClick={() => workbench.getState().setDialog('dump')}>
          Dump buffer…
        </Button>
      }
    >
      <KeyValue name="received">
        {counted(live.received, 'message')}, {bytes(live.receivedBytes)}
      </KeyValue>
      <KeyValue name="shown">{counted(live.shown, 'message')}</KeyValue>
      <KeyValue name="spill" title="Frames on disk that are not decoded or stored yet">
        {spill}
      </KeyValue>
      {live.stores.map((store) => (
        <StoreFacts key={`${store.type} ${store.name}`} store={store} />
      ))}
    </Section>
  )
}

function StoreFacts({ store }: { store: StoreProgress }) {
  const zone = useZone()
  const now = useNow(store.state.name === 'retrying' ? 500 : null)
  const { icon, tone, text } = storeWords(store, now)
  return (
    <KeyValue name={storeName(store)} title={store.name}>
      <span className={css['store']}>
        <span className={css['storeState']}>
          <Icon of={icon} size={12} className={tone} />
          {text}
        </span>
        <span className={css['code']}>{store.name}</span>
        {store.state.reason !== null && store.state.name !== 'live' && <span className={tone === 't3' ? 't2' : tone}>{store.state.reason}{store.state.attempt > 1 && `, try ${count(store.state.attempt)}`}</span>}
        {store.waiting > 0 && store.oldestWaitingAt !== null && <span className="t2">oldest waiting since {clock(store.oldestWaitingAt, zone)}, kept on disk</span>}
        {store.problems > 0 && <span className="waitc">{counted(store.problems, 'value')} could not be kept as they are</span>}
      </span>
    </KeyValue>
  )
}

function Broker({ live }: { live: LiveState }) {
  const zone = useZone()
  const now = useNow(live.link.name === 'retrying' ? 500 : null)
  const { icon, tone, text } = linkWords(live.link, zone, now)
  const name = brokerName(live)
  return (
    <Section id="live.sent" title={`Sent to ${name}`} figure={counted(live.sent.length, 'command')}>
      <pre className={css['commands']} tabIndex={0} aria-label={`Commands sent to ${name}`}>
        {live.sent.length === 0 ? 'nothing yet' : live.sent.join('\n')}
      </pre>
      <p className={css['note']}>{live.asInserter ? 'Control messages are answered in the key-value store, as producers that wait for a safe stop need; no message is published.' : 'No key is written and no message is published.'}</p>
      <KeyValue name="broker">
        <span className={css['storeState']}>
          <Icon of={icon} size={12} className={tone} />
          <span>{text}</span>
        </span>
      </KeyValue>
      {live.link.reason !== null && live.link.name !== 'live' && <KeyValue name="reason">{live.link.reason}</KeyValue>}
      <KeyValue name="address">
        <span className={css['code']}>{live.url}</span>
      </KeyValue>
      <KeyValue name={live.broker === 'redis' ? 'channel' : live.broker === 'rabbitmq' ? 'exchange' : 'topic'}>
        <span className={css['code']}>{live.channel}</span>
      </KeyValue>
      <KeyValue name="attached">{dateTime(live.attachedAt, zone)}</KeyValue>
    </Section>
  )
}
