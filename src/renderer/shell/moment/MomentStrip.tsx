/** Below the tabs while the source is shown as of a moment: which one, how much was known then, and the way through time. */
import { History, Pause, Play, StepBack, StepForward } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { count, counted, dateTime } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Term } from '../../parts/Term.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { useZone } from '../../state/appearance.ts'
import { useKeysOf } from '../../state/commands.ts'
import { parseTime } from '../../state/filterValue.ts'
import { type Moments, momentBins, useMomentCounts, useMoments } from '../../state/moment.ts'
import { words } from '../../state/words.ts'
import { workbench } from '../../state/workbench.ts'
import { MomentSlider } from './MomentSlider.tsx'
import css from './MomentStrip.module.css'

/** The whole of a run is played in so long. */
const playSeconds = 40
const playEveryMs = 500
/** While the thumb is dragged: as often as pictures can follow. */
const settleMs = 90

export function MomentStrip({ source, moment }: { source: Source; moment: number }) {
  const { data, error } = useMoments(source.sourceId)
  const range = data && data.from !== null && data.to !== null ? { ...data, from: data.from, to: data.to } : null
  return (
    <div className={css['strip']} role="group" aria-label="Time travel">
      <span className={css['state']}>
        <Icon of={History} size={14} className="acc" />
        <Term {...words.moment}>As known at</Term>
      </span>
      <MomentField moment={moment} />
      {range && <Way range={range} moment={moment} />}
      {error && <span className="errc">{error.message}</span>}
      <Known source={source} moments={data} />
      <Tooltip text="Shows the source as it is known now" keys={useKeysOf('moment')}>
        <Button size="small" tone="primary" onClick={() => workbench.getState().setMoment(null)}>
          Back to now
        </Button>
      </Tooltip>
    </div>
  )
}

/** Typed in, in the zone shown, or as seconds since 1970. */
function MomentField({ moment }: { moment: number }) {
  const zone = useZone()
  const text = dateTime(moment, zone, 3)
  const [draft, setDraft] = useState<string | null>(null)
  const parsed = draft === null ? moment : parseTime(draft.trim(), zone)
  const done = (): void => {
    if (draft !== null && parsed !== null && draft !== text) workbench.getState().setMoment(parsed)
    setDraft(null)
  }
  return (
    <form
      className={css['field']}
      onSubmit={(event) => {
        event.preventDefault()
        done()
      }}
    >
      <TextField
        name={`Moment, ${zone === 'utc' ? 'UTC' : 'local time'}`}
        mono
        small
        value={draft ?? text}
        onChange={setDraft}
        error={parsed === null ? 'A time such as 2026-07-20 22:26:31, or seconds since 1970.' : null}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null)
        }}
      />
    </form>
  )
}

type Known = Moments & { from: number; to: number }

function Way({ range, moment }: { range: Known; moment: number }) {
  const { from, to, counts } = range
  const [draft, move] = useSettled(moment)
  const playing = usePlay(range, draft, move)
  return (
    <>
      <IconButton small name="Where less was known" icon={StepBack} onClick={() => move(edgeBeside(range, draft, -1))} />
      <IconButton small name={playing.on ? 'Stop playing' : 'Play the run'} icon={playing.on ? Pause : Play} pressed={playing.on} onClick={playing.toggle} />
      <IconButton small name="Where more was known" icon={StepForward} onClick={() => move(edgeBeside(range, draft, 1))} />
      <MomentSlider from={from} to={to} counts={counts} moment={draft} onMove={move} />
    </>
  )
}

/** The thumb follows at once, the views when it rests for a moment. */
function useSettled(moment: number): [number, (moment: number) => void] {
  const [draft, setDraft] = useState(moment)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => setDraft(moment), [moment])
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), [])
  const move = (next: number): void => {
    setDraft(next)
    if (timer.current) clearTimeout(timer.current)
    timer.current = setTimeout(() => workbench.getState().setMoment(next), settleMs)
  }
  return [draft, move]
}

function usePlay({ from, to }: Known, moment: number, move: (moment: number) => void): { on: boolean; toggle: () => void } {
  const [on, setOn] = useState(false)
  const latest = useRef({ moment, move })
  latest.current = { moment, move }
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => {
      const { moment: at, move: go } = latest.current
      const next = at + ((to - from) * playEveryMs) / (playSeconds * 1000)
      go(Math.min(to, next))
      if (next >= to) setOn(false)
    }, playEveryMs)
    return () => clearInterval(timer)
  }, [on, from, to])
  const toggle = (): void => {
    // From the end it begins anew.
    if (!on && moment >= to) move(from)
    setOn(!on)
  }
  return { on, toggle }
}

/** Behind the next stretch in which anything became known; or before the last one that is known. */
function edgeBeside({ counts, from, to }: Known, moment: number, direction: 1 | -1): number {
  const width = (to - from || 1e-3) / momentBins
  const at = Math.round((moment - from) / width)
  for (let bin = direction === 1 ? at : at - 1; bin >= 0 && bin < counts.length; bin += direction) {
    if ((counts[bin] ?? 0) === 0) continue
    return direction === 1 ? Math.ceil((from + (bin + 1) * width) * 1000) / 1000 : Math.max(from, Math.ceil((from + bin * width) * 1000 - 1) / 1000)
  }
  return direction === 1 ? to : from
}

function Known({ source, moments }: { source: Source; moments: Moments | null }) {
  const known = useMomentCounts()
  const basis =
    moments?.basis === 'arrival'
      ? 'By when each message arrived.'
      : 'This source does not say when its messages arrived: the latest time in each stands for that. A task that was written down once, when it had ended, is not known before.'
  const undated = moments && moments.undated > 0 ? ` ${counted(moments.undated, 'message')} without a time ${moments.undated === 1 ? 'counts' : 'count'} as known with the message before ${moments.undated === 1 ? 'it' : 'them'} in the file.` : ''
  return (
    <Tooltip text={basis + undated}>
      <span className={css['known-count']} tabIndex={0} role="note" data-testid="known-count">
        <b className="med">{known ? count(known.messages) : '…'}</b> of {counted(source.counts.messages, 'message')}
        {moments?.basis === 'times' && <span className={css['basis']}>by their times</span>}
      </span>
    </Tooltip>
  )
}
