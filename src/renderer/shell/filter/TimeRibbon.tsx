/** Tasks over time as a ribbon to brush on; by keyboard, and in narrow windows, as two fields. */
import { Clock } from 'lucide-react'
import { type PointerEvent, useMemo, useRef, useState } from 'react'
import type { Gap } from '#contract/live'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { clock, count, counted, date } from '../../parts/format.ts'
import { gapFill } from '../../parts/GapHatch.tsx'
import { gapLines } from '../../parts/gapWords.ts'
import { Popover } from '../../parts/Popover.tsx'
import { type Zone, useZone } from '../../state/appearance.ts'
import { useCall } from '../../state/query.ts'
import { type Range, scopeOf } from '../../state/scope.ts'
import { useGaps } from '../../state/useGaps.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './FilterBar.module.css'
import { TimeFields } from './TimeFields.tsx'

const width = 146
const barsHeight = 17
const bins = 130

export function TimeRibbon({ source }: { source: Source }) {
  const zone = useZone()
  const node = useWorkbench((s) => s.node)
  const chips = useWorkbench((s) => s.chips)
  const search = useWorkbench((s) => s.search)
  const range = useWorkbench((s) => s.range)
  const [open, setOpen] = useState(false)
  const scope = useMemo(() => scopeOf({ node, chips, search, range: null }), [node, chips, search])
  const { data } = useCall('time.histogram', { sourceId: source.sourceId, scope, bins })
  const gaps = useGaps(source)
  const whole = data && data.from !== null && data.to !== null ? { from: data.from, to: data.to } : range
  // Nothing has a time: the place stays, so that the bar does not move.
  if (!data || !whole) return <span className={styles['ribbon']} />
  const shown = range ?? whole
  const words = `${edge(shown.from, shown, zone)} – ${edge(shown.to, shown, zone)}`
  return (
    <Popover
      name="Time range"
      align="end"
      className={styles['times']}
      keepFocus
      open={open}
      onOpenChange={setOpen}
      trigger={
        <span className={styles['time']}>
          <Ribbon counts={data.counts} whole={whole} range={range} zone={zone} gaps={gaps} onOpen={() => setOpen(true)} />
          <Button icon={Clock} className={styles['timeChip']} aria-label={`Time range: ${words}`} onClick={() => setOpen(true)}>
            {words}
          </Button>
        </span>
      }
    >
      <TimeFields
        whole={whole}
        range={range}
        untimed={data.untimed}
        onDone={(next) => {
          setOpen(false)
          if (next !== undefined) workbench.getState().setRange(next)
        }}
      />
    </Popover>
  )
}

type RibbonProps = { counts: number[]; whole: Range; range: Range | null; zone: Zone; gaps: readonly Gap[]; onOpen: () => void }

function Ribbon({ counts, whole, range, zone, gaps, onOpen }: RibbonProps) {
  const area = useRef<HTMLButtonElement>(null)
  const drag = useRef<{ anchor: number; moved: boolean } | null>(null)
  const [draft, setDraft] = useState<Range | null>(null)
  const [hovered, setHovered] = useState<Gap | null>(null)
  const span = whole.to - whole.from || 1
  const shown = draft ?? range
  const x = (time: number): number => Math.min(width, Math.max(0, ((time - whole.from) / span) * width))
  const timeAt = (event: PointerEvent): number => {
    const box = area.current?.getBoundingClientRect()
    return box ? whole.from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * span : whole.from
  }
  const down = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    const at = timeAt(event)
    // Near an edge of the present range the other edge stays where it is.
    const near = (time: number): boolean => Math.abs(x(time) - x(at)) < 5
    const anchor = range && near(range.from) ? range.to : range && near(range.to) ? range.from : at
    drag.current = { anchor, moved: false }
  }
  const move = (event: PointerEvent): void => {
    const box = area.current?.getBoundingClientRect()
    if (box) setHovered(bandAt(bands, event.clientX - box.left))
    if (!drag.current) return
    const { anchor } = drag.current
    const at = timeAt(event)
    if (Math.abs(x(at) - x(anchor)) >= 2) drag.current.moved = true
    if (drag.current.moved) setDraft({ from: Math.min(anchor, at), to: Math.max(anchor, at) })
  }
  const up = (): void => {
    // A click without a drag takes the range away.
    if (drag.current) workbench.getState().setRange(drag.current.moved ? draft : null)
    drag.current = null
    setDraft(null)
  }
  const words = shown ? `${edge(shown.from, shown, zone)} to ${edge(shown.to, shown, zone)} chosen` : `${edge(whole.from, whole, zone)} to ${edge(whole.to, whole, zone)}`
  const labels = draft ?? whole
  const bands = bandsOf(gaps, x)
  const latest = gaps.at(-1)
  const missing = latest ? ` ${counted(gaps.length, 'gap')}${gaps.length > 1 ? ', the latest' : ''}: ${gapLines(latest, zone)[0]}.` : ''
  return (
    <span className={styles['ribbon']}>
      <svg width={width} height={30} viewBox={`0 0 ${width} 30`} aria-hidden="true">
        <Bars counts={counts} from={shown ? x(shown.from) : null} to={shown ? x(shown.to) : null} />
        <path d={`M0 17.5H${width}`} stroke="var(--line-2)" />
        {bands.map(({ gap, leftPx, widthPx }) => (
          <rect key={gap.gapId} data-testid="gap-band" x={leftPx} y="0" width={widthPx} height="18" fill={gapFill} opacity={gap.filled ? 0.45 : 1} />
        ))}
        {shown && (
          <>
            <rect x={x(shown.from)} y=".5" width={Math.max(1, x(shown.to) - x(shown.from))} height="17" fill="var(--accent)" opacity=".12" />
            <path d={`M${x(shown.from)} 0v18M${x(shown.to)} 0v18`} stroke="var(--accent)" strokeWidth="1.5" />
          </>
        )}
        <text x="0" y="29">
          {edge(labels.from, labels, zone)}
        </text>
        <text x={width} y="29" textAnchor="end">
          {edge(labels.to, labels, zone)}
        </text>
      </svg>
      <button
        ref={area}
        type="button"
        className={styles['brush']}
        aria-haspopup="dialog"
        aria-label={`${count(counts.reduce((sum, n) => sum + n, 0))} tasks over time, ${words}.${missing} Drag to choose a range, or press Enter for two fields.`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerLeave={() => setHovered(null)}
        onDoubleClick={onOpen}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault()
            onOpen()
          }
          if (event.key === 'Escape' && range) workbench.getState().setRange(null)
        }}
      />
      {hovered && !drag.current?.moved && (
        <span className={styles['gapTip']} role="tooltip">
          {gapLines(hovered, zone).map((line) => (
            <span key={line}>{line}</span>
          ))}
        </span>
      )}
    </span>
  )
}

type Band = { gap: Gap; leftPx: number; widthPx: number }
/** Never thinner than can be seen; what lies before or after the axis is drawn at its end. */
function bandsOf(gaps: readonly Gap[], x: (time: number) => number): Band[] {
  const leastPx = 3
  return gaps.map((gap) => {
    const [from, to] = [x(gap.from), x(gap.to ?? Date.now() / 1000)]
    const widthPx = Math.max(leastPx, to - from)
    return { gap, leftPx: Math.min(width - widthPx, from), widthPx }
  })
}

const bandAt = (bands: readonly Band[], atPx: number): Gap | null => bands.findLast(({ leftPx, widthPx }) => atPx >= leftPx - 2 && atPx <= leftPx + widthPx + 2)?.gap ?? null

function Bars({ counts, from, to }: { counts: number[]; from: number | null; to: number | null }) {
  const most = Math.max(1, ...counts)
  const step = width / counts.length
  return counts.map((n, index) => {
    if (n === 0) return null
    const left = index * step
    const height = Math.max(1, (n / most) * (barsHeight - 2))
    const inside = from !== null && to !== null && left + step > from && left < to
    return <rect key={index} x={left} y={barsHeight - height} width={Math.max(0.6, step * 0.82)} height={height} fill={inside ? 'var(--text-2)' : 'var(--hist)'} />
  })
}

/** As short as the range allows: clock times within two days, else days. */
function edge(time: number, range: Range, zone: Zone): string {
  const span = range.to - range.from
  if (span < 120) return clock(time, zone)
  return span < 2 * 86_400 ? clock(time, zone, 'minutes') : date(time, zone).slice(span < 300 * 86_400 ? 5 : 0)
}
