/** The two runs over time from their starts: a bar an activity and stretch, and lines between counterparts. */
import type { ReactNode } from 'react'
import type { Result } from '#contract/methods'
import { counted } from '../../parts/format.ts'
import { useWidthPx } from '../../parts/useWidthPx.ts'
import type { Side } from '../../state/compare.ts'
import { useCall } from '../../state/query.ts'
import { ticksOf } from './axisTicks.ts'
import css from './Compare.module.css'
import { CompareCard, Nothing, ValueTable } from './CompareCard.tsx'
import { lengthText } from './runWords.ts'
import { SideMark } from './SideMark.tsx'
import type { PairParams, Summary } from './TwoRuns.tsx'
import { figureText, timeUnit } from './valueText.ts'

type Shape = Result<'compare.shape'>
type Bar = Shape['a'][number]

const barPx = 18
const mostHeightPx = 66
const gapPx = 10
const rightPx = 14

export function ShapeCard({ params, summary }: { params: PairParams; summary: Summary | null }): ReactNode {
  const answer = useCall('compare.shape', { ...params, bars: 60 })
  const shape = answer.data
  const empty = shape !== null && shape.a.length + shape.b.length === 0
  return (
    <CompareCard title="Over time" bare answer={answer} {...(shape && !empty && { table: <AsTable shape={shape} /> })}>
      {empty && <Nothing>No task of these runs has a start time.</Nothing>}
      {shape && !empty && <Drawing shape={shape} lengths={{ a: summary ? lengthText(summary.a.seconds) : '', b: summary ? lengthText(summary.b.seconds) : '' }} />}
    </CompareCard>
  )
}

function Drawing({ shape, lengths }: { shape: Shape; lengths: Record<Side, string> }): ReactNode {
  const [ref, widthPx] = useWidthPx(800)
  const end = Math.max(...[...shape.a, ...shape.b].map(({ to }) => to), 0)
  const { unit, perSecond } = timeUnit(end)
  const x = (seconds: number): number => (end === 0 ? 0 : (seconds / end) * (widthPx - rightPx))
  const rows = { a: rowOf(shape.a), b: rowOf(shape.b) }
  const tops = { a: 4, b: 4 + rows.a.heightPx + gapPx }
  const bottom = tops.b + rows.b.heightPx
  const ticks = ticksOf({ from: 0, to: end * perSecond, log: false }, Math.max(2, Math.min(7, Math.floor(widthPx / 130))))
  const yOf = (side: Side, bar: Bar): number => tops[side] + bar.level * rows[side].levelPx
  return (
    <div className={css['shape']}>
      <div className={css['shapeNames']} style={{ height: bottom }} aria-hidden="true">
        {(['a', 'b'] as const).map((side) => (
          <div key={side} style={{ top: tops[side] }}>
            <SideMark side={side} /> {lengths[side]}
          </div>
        ))}
      </div>
      <div ref={ref} className={css['shapeChart']}>
        <svg width={widthPx} height={bottom + 22} role="img" aria-label={`Run A, ${lengths.a}, in ${counted(shape.a.length, 'bar')}; run B, ${lengths.b}, in ${counted(shape.b.length, 'bar')}`}>
          {ticks.filter((tick) => x(tick / perSecond) < widthPx - 320 || widthPx < 500).map((tick, index) => (
            <g key={tick}>
              <path d={`M${x(tick / perSecond)} 0V${bottom + 4}`} className={css['gridLine']} />
              <text x={x(tick / perSecond)} y={bottom + 17} textAnchor={index === 0 ? 'start' : 'middle'}>
                {figureText(tick)}
              </text>
            </g>
          ))}
          <text x={widthPx - 66} y={bottom + 17} textAnchor="end" className={css['halo']}>
            {unit} from start, lines join counterparts
          </text>
          {shape.links.map(([from, to], index) => {
            const [one, other] = [shape.a[from], shape.b[to]]
            return one && other ? <path key={index} d={`M${x(one.from)} ${yOf('a', one) + rows.a.levelPx - 1}L${x(other.from)} ${yOf('b', other)}`} className={css['shapeLink']} /> : null
          })}
          {(['a', 'b'] as const).flatMap((side) => shape[side].map((bar, index) => <BarMark key={`${side}${index}`} side={side} bar={bar} left={x(bar.from)} right={x(bar.to)} top={yOf(side, bar)} height={rows[side].levelPx - 1} perSecond={perSecond} unit={unit} />))}
        </svg>
      </div>
    </div>
  )
}

/** Bars side by side stand on levels; many levels share the height. */
function rowOf(bars: readonly Bar[]): { heightPx: number; levelPx: number } {
  const levels = Math.max(1, ...bars.map(({ level }) => level + 1))
  const levelPx = Math.max(3, Math.min(barPx, mostHeightPx / levels))
  return { heightPx: levels * levelPx, levelPx }
}

const letterPx = 6.2

function BarMark({ side, bar, left, right, top, height, perSecond, unit }: { side: Side; bar: Bar; left: number; right: number; top: number; height: number; perSecond: number; unit: string }): ReactNode {
  const widthPx = Math.max(1.5, right - left)
  const name = bar.activity ?? 'no activity'
  const words = bar.tasks > 1 ? `${name} ×${bar.tasks}` : name
  const fits = height >= 13 && widthPx > 22
  const room = Math.floor((widthPx - 10) / letterPx)
  const shown = words.length <= room ? words : name.length <= room ? name : `${name.slice(0, Math.max(1, room - 1))}…`
  return (
    <g className={css['bar']} data-side={side} data-failed={bar.errors > 0 || undefined}>
      <title>{`${words}${bar.errors > 0 ? `, ${counted(bar.errors, 'error')}` : ''}: ${figureText(bar.from * perSecond)} – ${figureText(bar.to * perSecond)} ${unit}`}</title>
      <rect x={left + 0.5} y={top + 0.5} width={Math.max(1, widthPx - 1)} height={Math.max(2, height - 1)} rx={Math.min(2, widthPx / 4)} />
      {fits && (
        <text x={left + 6} y={top + height / 2 + 4}>
          {shown}
        </text>
      )}
    </g>
  )
}

function AsTable({ shape }: { shape: Shape }): ReactNode {
  const { unit, perSecond } = timeUnit(Math.max(...[...shape.a, ...shape.b].map(({ to }) => to), 0))
  const rows = (['a', 'b'] as const).flatMap((side) => shape[side].map((bar) => [`${side.toUpperCase()} ${bar.activity ?? 'no activity'}`, bar.tasks, bar.errors, figureText(bar.from * perSecond), figureText(bar.to * perSecond)]))
  return <ValueTable name="Bars over time" head={['run and activity', 'tasks', 'errors', `from ${unit}`, `to ${unit}`]} rows={rows} />
}
