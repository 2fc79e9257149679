/** Names of the lanes in sight, with the button that folds each; they scroll with the drawing beside them. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, memo, useState } from 'react'
import type { LaneBy } from '#contract/timeline'
import { classes } from '../../parts/classes.ts'
import { count, counted, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { workbench } from '../../state/workbench.ts'
import { laneName, laneWords } from './barWords.ts'
import { type Row, foldedPx } from './laneRows.ts'
import type { Scene } from './Scene.ts'
import css from './Timeline.module.css'
import { useView } from './useView.ts'

type HeadsProps = { scene: Scene; by: LaneBy; within: LaneBy | null; onFold: (key: string, folded: boolean) => void; onOpen: (key: string, open: boolean) => void; /** Lanes that are not loaded yet. */ more: number }
/** Signs at the end of a name that stay in sight where it is cut. */
const tailSigns = 5

export function LaneHeads({ scene, by, within, onFold, onOpen, more }: HeadsProps): ReactNode {
  const rows = useView(scene, (view) => view.rows)
  const first = useView(scene, (view) => view.first)
  const last = useView(scene, (view) => view.last)
  const heightPx = useView(scene, (view) => view.heightPx)
  const [focused, setFocused] = useState<string | null>(null)
  const shown = rows.slice(first, last)
  // One stop of the Tab key for all of them: where the focus was last, else at the first.
  const stop = shown.some(({ key }) => key === focused) ? focused : shown[0]?.key
  return (
    <ul className={css['heads']} aria-label="Lanes" onKeyDown={moveFocus} onFocus={(event) => setFocused(event.target.closest<HTMLElement>('[data-lane]')?.dataset['lane'] ?? null)}>
      {shown.map((row, index) => (
        <LaneHead key={row.key} isStop={row.key === stop} row={row} place={first + index + 1} total={rows.length} by={row.depth === 0 ? by : (within ?? by)} onFold={onFold} onOpen={onOpen} />
      ))}
      {more > 0 && (
        <li className={css['moreLanes']} style={{ top: heightPx - more * foldedPx }}>
          {counted(more, 'more lane')}
        </li>
      )}
    </ul>
  )
}

type HeadProps = Pick<HeadsProps, 'onFold' | 'onOpen' | 'by'> & { row: Row; place: number; total: number; isStop: boolean }

const LaneHead = memo(function LaneHead({ row, place, total, isStop, by, onFold, onOpen }: HeadProps): ReactNode {
  const { lane, depth, kind } = row
  const nests = depth === 0 && lane.hasLanes
  const expanded = nests ? row.open : kind === 'bars'
  const name = laneName(lane, by)
  const tall = row.heightPx >= 40
  const p50 = lane.p50 === null ? null : `p50 ${seconds(lane.p50, 1)}`
  return (
    <li className={classes(css['laneHead'], depth === 1 && css['inner'])} style={{ top: row.topPx, height: row.heightPx }} data-lane={row.key} data-kind={kind} aria-setsize={total} aria-posinset={place} title={`${name}\n${laneWords(lane)}`}>
      <button type="button" tabIndex={isStop ? 0 : -1} className={css['fold']} aria-expanded={expanded} aria-label={`${name}: ${nests ? 'inner lanes' : 'single tasks'}`} onClick={() => (nests ? onOpen(row.key, !row.open) : onFold(row.key, kind === 'bars'))}>
        <Icon of={expanded ? ChevronDown : ChevronRight} size={12} className="t3" />
      </button>
      <div className={css['laneName']}>
        {lane.filter === null ? (
          <div className={classes('med', 'f12', css['cut'], lane.name === null && 'null')}>
            <Cut name={name} />
          </div>
        ) : (
          <button type="button" tabIndex={-1} className={classes('med', 'f12', css['cut'], css['nameButton'], lane.name === null && 'null')} aria-label={`Filter to ${name}`} onClick={() => lane.filter && workbench.getState().addChips([lane.filter])}>
            <Cut name={name} />
          </button>
        )}
        {tall && p50 !== null && <div className="f11 t3 ell">{p50}</div>}
      </div>
      {lane.errors > 0 && <span className={css['laneErrors']} role="img" aria-label={counted(lane.errors, 'error')} />}
      <span className="f11 t2">{count(lane.tasks)}</span>
    </li>
  )
})

/** Up and down from lane to lane, right and left between what folds it and its name. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const button = document.activeElement
  const head = button?.closest('[data-lane]')
  if (!button || !head || event.ctrlKey || event.metaKey || event.altKey) return
  const own = [...head.querySelectorAll('button')]
  const at = own.indexOf(button as HTMLButtonElement)
  const targets: Record<string, () => Element | null | undefined> = {
    ArrowDown: () => buttonOf(head.nextElementSibling, at),
    ArrowUp: () => buttonOf(head.previousElementSibling, at),
    ArrowRight: () => own[at + 1],
    ArrowLeft: () => own[at - 1]
  }
  const target = targets[event.key]?.()
  if (!(target instanceof HTMLElement)) return
  event.preventDefault()
  target.focus()
}

const buttonOf = (head: Element | null, at: number): Element | null => {
  const buttons = head?.querySelectorAll('button')
  return buttons?.[at] ?? buttons?.[0] ?? null
}

/** Cut in the middle, where the ends differ, by as much as the width asks. */
const Cut = ({ name }: { name: string }): ReactNode => (
  <>
    <span className="ell">{name.slice(0, -tailSigns)}</span>
    <span>{name.slice(-tailSigns)}</span>
  </>
)
