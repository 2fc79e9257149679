/** A box on a horizontal axis: whiskers p5–p95, box p25–p75, line p50, ring at the greatest. */
import type { ReactNode } from 'react'
import { type Scale, figure, niceAbove } from './metricWords.ts'
import css from './Telemetry.module.css'

export type BoxAxis = { log: boolean; low: number; high: number; ticks: number[] }
type Quantiles = { min: number; p5: number; p25: number; p50: number; p75: number; p95: number; max: number }
const widthPx = 118
/** Beyond two decades a linear axis shows the greatest values only. */
const logFrom = 100
const mostDecades = 6

export function axisOver({ min, minPositive, max }: { min: number; minPositive: number | null; max: number }): BoxAxis {
  if (min >= 0 && minPositive !== null && max / minPositive >= logFrom) {
    const high = Math.ceil(Math.log10(max) - 1e-9)
    const low = Math.max(high - mostDecades, Math.floor(Math.log10(minPositive) + 1e-9))
    const step = Math.ceil((high - low) / 3)
    return { log: true, low, high, ticks: Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, index) => low + index * step) }
  }
  const high = max > 0 ? niceAbove(max) : 0
  const low = min < 0 ? -niceAbove(-min) : 0
  return { log: false, low, high: high === low ? low + 1 : high, ticks: low < 0 && high > 0 ? [low, 0, high] : [low, (low + high) / 2, high] }
}

function place(value: number, { high, log, low }: BoxAxis): number {
  const at = log ? (value > 0 ? Math.log10(value) : low) : value
  return 4 + Math.min(1, Math.max(0, (at - low) / (high - low))) * (widthPx - 8)
}
const placeTick = (tick: number, axis: BoxAxis): number => 4 + ((tick - axis.low) / (axis.high - axis.low)) * (widthPx - 8)

export function BoxPlot({ quantiles: { max, p25, p5, p50, p75, p95 }, axis, words }: { quantiles: Quantiles; axis: BoxAxis; words: string }): ReactNode {
  const x = (value: number): number => place(value, axis)
  return (
    <svg width={widthPx} height="16" role="img" aria-label={words}>
      <title>{words}</title>
      <path d={axis.ticks.map((tick) => `M${placeTick(tick, axis)} 0V16`).join('')} className={css['grid']} />
      <path d={`M${x(p5)} 8H${x(p95)}M${x(p5)} 5V11M${x(p95)} 5V11`} className={css['whisker']} />
      <rect x={x(p25)} y="3.5" width={Math.max(2, x(p75) - x(p25))} height="9" rx="1" className={css['quartiles']} />
      <path d={`M${x(p50)} 3.5V12.5`} className={css['median']} />
      <circle cx={x(max)} cy="8" r="2" className={css['ring']} />
    </svg>
  )
}

function Axis({ axis, scale }: { axis: BoxAxis; scale: Scale }): ReactNode {
  return (
    <svg width={widthPx} height="16" aria-hidden="true" className={css['plotAxis']}>
      {axis.ticks.map((tick, index) => (
        <text key={tick} x={placeTick(tick, axis)} y="12" textAnchor={index === 0 ? 'start' : index === axis.ticks.length - 1 ? 'end' : 'middle'}>
          {figure(axis.log ? 10 ** tick : tick, scale)}
        </text>
      ))}
    </svg>
  )
}
BoxPlot.Axis = Axis
