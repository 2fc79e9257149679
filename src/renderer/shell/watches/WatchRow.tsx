/** One watch: what it looks for, and what it says of each source that is open. */
import { BellOff, BellRing, CircleCheck, CircleSlash2, Pencil, Trash2 } from 'lucide-react'
import type { Source } from '#contract/sources'
import type { Watched, WatchState } from '#contract/watches'
import { Button } from '../../parts/Button.tsx'
import { dateTime } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { useZone } from '../../state/appearance.ts'
import { acknowledge, removeWatch, showWatched, watchStore } from '../../state/watches.ts'
import styles from './Watches.module.css'
import { watchSentence } from './watchSentence.ts'

export function WatchRow({ watch, sources }: { watch: Watched; sources: readonly Source[] }) {
  const { states: _, watchId, ...draft } = watch
  return (
    <li className={styles['watch']} aria-label={watch.name}>
      <div className={styles['watchHead']}>
        <span className="strong ell">{watch.name}</span>
        <span className="t3 f11 grow ell" title={watchSentence(watch)}>
          {watchSentence(watch)}
        </span>
        <span className="t3 f11 nw">{watch.source === null ? 'every source' : (watch.source.split('/').at(-1) ?? watch.source)}</span>
        {watch.notify && <span className="t3 f11 nw">notifies</span>}
        <IconButton small name={`Edit ${watch.name}`} icon={Pencil} onClick={() => watchStore.setState({ draft: { watchId, watch: draft } })} />
        <IconButton small name={`Remove ${watch.name}`} icon={Trash2} onClick={() => void removeWatch(watchId)} />
      </div>
      {watch.states.length === 0 && <p className={styles['none']}>{watch.source === null ? 'No source is open.' : 'Its source is not open.'}</p>}
      {watch.states.map((state) => (
        <StateLine key={state.sourceId} watch={watch} state={state} name={sources.find(({ sourceId }) => sourceId === state.sourceId)?.name ?? state.sourceId} />
      ))}
    </li>
  )
}

const marks = { ok: { icon: CircleCheck, tone: 'okc', word: 'OK' }, firing: { icon: BellRing, tone: 'waitc', word: 'Firing' }, 'not-applicable': { icon: CircleSlash2, tone: 't3', word: 'Not applicable' } } as const

function StateLine({ watch, state, name }: { watch: Watched; state: WatchState; name: string }) {
  const zone = useZone()
  const { icon, tone, word } = marks[state.state]
  const isFiring = state.state === 'firing'
  return (
    <div className={styles['state']} data-state={state.state}>
      <Icon of={isFiring && state.acknowledged ? BellOff : icon} size={12} className={isFiring && state.acknowledged ? 't3' : tone} />
      <span className="med nw">{isFiring && state.acknowledged ? 'Firing, seen' : word}</span>
      <span className="ell nw">{name}</span>
      <span className="t2 grow">
        {state.why}
        {state.since !== null && ` Since ${dateTime(state.since, zone)}.`}
        {state.taskIds.length > 0 && <span className="t3"> First: {state.taskIds.slice(0, 3).join(', ')}</span>}
      </span>
      {isFiring && !state.acknowledged && (
        <Button size="small" onClick={() => void acknowledge(watch.watchId, state.sourceId)}>
          Mark as seen
        </Button>
      )}
      {(isFiring || state.matching > 0) && (
        <Button size="small" onClick={() => showWatched(watch, state.sourceId)}>
          Show the tasks
        </Button>
      )}
    </div>
  )
}
