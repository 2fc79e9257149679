/** The points of tasks, or the cells they are counted in, on a canvas; drag a rectangle to zoom, click a point to choose its task. */
import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { counted } from '../../parts/format.ts'
import { sharpContext } from '../../parts/sharpContext.ts'
import { useResolvedTheme, type Zone } from '../../state/appearance.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { type Scale, figure, withUnit } from './metricWords.ts'
import { type Points, type Window, plotHeightPx } from './PointsCard.tsx'
import css from './Telemetry.module.css'
import { labelOf } from './TimeAxes.tsx'

export type AxisWords = { name: string; isTime: boolean; scale: Scale }
export type PlotProps = { data: Points; x: AxisWords; y: AxisWords; zone: Zone; logY: boolean; plotPx: number; onZoom: (window: Window) => void }

const leastDragPx = 4
const nearPx = 8

export function PointsPlot({ data, x, y, zone, logY, plotPx, onZoom }: PlotProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useResolvedTheme()
  const selected = useWorkbench((s) => s.selection?.id ?? null)
  const [drag, setDrag] = useState<{ x0: number; y0: number; x1: number; y1: number } | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const map = useMemo(() => mapping(data.shown as Window, logY, plotPx), [data.shown, logY, plotPx])
  useEffect(() => draw(canvas.current, data, map, plotPx, selected), [data, map, plotPx, selected, theme])
  const at = (event: PointerEvent<HTMLCanvasElement>): { px: number; py: number } => {
    const box = event.currentTarget.getBoundingClientRect()
    return { px: event.clientX - box.left, py: event.clientY - box.top }
  }
  const nearest = (px: number, py: number) => {
    const distances = (data.points ?? []).map((point) => ({ point, away: Math.hypot(map.x(point.x) - px, map.y(point.y) - py) }))
    const best = distances.reduce<(typeof distances)[number] | null>((found, next) => (next.away < (found?.away ?? nearPx) ? next : found), null)
    return best?.point ?? null
  }
  const say = (px: number, py: number): void => {
    const point = nearest(px, py)
    if (point) return setSaid(`${point.activity ?? 'no activity_id'} ${point.taskId}: ${words(point.x, x, data.shown as Window, zone)}, ${words(point.y, y, data.shown as Window, zone)}`)
    const cell = data.cells?.find(([column, row]) => column === Math.floor((px / plotPx) * columnsOf(plotPx)) && row === Math.floor((1 - py / plotHeightPx) * rowsOf()))
    setSaid(cell ? `${counted(cell[2], 'task')}${cell[3] > 0 ? `, ${counted(cell[3], 'error')}` : ''}` : null)
  }
  const release = (event: PointerEvent<HTMLCanvasElement>): void => {
    const box = drag
    setDrag(null)
    if (box && Math.abs(box.x1 - box.x0) > leastDragPx && Math.abs(box.y1 - box.y0) > leastDragPx) {
      const [left, right] = [Math.min(box.x0, box.x1), Math.max(box.x0, box.x1)]
      const [top, bottom] = [Math.min(box.y0, box.y1), Math.max(box.y0, box.y1)]
      return onZoom({ fromX: map.atX(left), toX: map.atX(right), fromY: map.atY(bottom), toY: map.atY(top) })
    }
    const { px, py } = at(event)
    const point = nearest(px, py)
    if (!point) return
    workbench.getState().selectTask(point.taskId)
    workbench.getState().setInspectorOpen(true)
  }
  const shown = data.shown as Window
  return (
    <div className={css['plot']}>
      <p className={css['readout']} aria-live="polite">
        {said ?? `${y.name}${y.scale.unit === '' ? '' : `, ${y.scale.unit}`}${logY ? ', log' : ''}, by ${x.name}${x.scale.unit === '' ? '' : `, ${x.scale.unit}`}`}
      </p>
      <div className={css['plotBody']}>
        <span className={css['plotLimits']} aria-hidden="true">
          <span>{y.isTime ? words(shown.toY, y, shown, zone) : figure(shown.toY, y.scale)}</span>
          <span>{y.isTime ? words(shown.fromY, y, shown, zone) : figure(shown.fromY, y.scale)}</span>
        </span>
        <span className={css['plotCanvas']}>
          <canvas
            ref={canvas}
            width={plotPx}
            height={plotHeightPx}
            role="img"
            aria-label={`${counted(data.inWindow, 'task')}: ${y.name} from ${words(shown.fromY, y, shown, zone)} to ${words(shown.toY, y, shown, zone)} by ${x.name} from ${words(shown.fromX, x, shown, zone)} to ${words(shown.toX, x, shown, zone)}`}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId)
              const { px, py } = at(event)
              setDrag({ x0: px, y0: py, x1: px, y1: py })
            }}
            onPointerMove={(event) => {
              const { px, py } = at(event)
              if (drag) setDrag({ ...drag, x1: Math.min(plotPx, Math.max(0, px)), y1: Math.min(plotHeightPx, Math.max(0, py)) })
              else say(px, py)
            }}
            onPointerUp={release}
            onPointerCancel={() => setDrag(null)}
            onPointerLeave={() => setSaid(null)}
          />
          {drag && (
            <svg className={css['zoomBox']} width={plotPx} height={plotHeightPx} aria-hidden="true">
              <rect x={Math.min(drag.x0, drag.x1)} y={Math.min(drag.y0, drag.y1)} width={Math.abs(drag.x1 - drag.x0)} height={Math.abs(drag.y1 - drag.y0)} className={css['brushed']} />
            </svg>
          )}
        </span>
      </div>
      <div className={css['plotTimes']} aria-hidden="true">
        <span>{words(shown.fromX, x, shown, zone)}</span>
        <span>{words(shown.toX, x, shown, zone)}</span>
      </div>
    </div>
  )
}

export const columnsOf = (plotPx: number): number => Math.min(500, Math.floor(plotPx / 4))
export const rowsOf = (): number => Math.floor(plotHeightPx / 4)

export function words(value: number, axis: AxisWords, { fromX, toX, fromY, toY }: Window, zone: Zone): string {
  if (!axis.isTime) return withUnit(value, axis.scale)
  const isHorizontal = value >= fromX && value <= toX
  return labelOf(isHorizontal ? { from: fromX, to: toX } : { from: fromY, to: toY }, zone)(value)
}

type Mapping = { x: (value: number) => number; y: (value: number) => number; atX: (px: number) => number; atY: (px: number) => number }

function mapping({ fromX, toX, fromY, toY }: Window, logY: boolean, plotPx: number): Mapping {
  const scaled = (value: number): number => (logY ? Math.log(Math.max(value, Number.MIN_VALUE)) : value)
  const [low, high] = [scaled(fromY), scaled(toY)]
  const inset = 3
  const [width, height] = [plotPx - 2 * inset, plotHeightPx - 2 * inset]
  return {
    x: (value) => inset + ((value - fromX) / (toX - fromX || 1)) * width,
    y: (value) => inset + (1 - (scaled(value) - low) / (high - low || 1)) * height,
    atX: (px) => fromX + ((px - inset) / width) * (toX - fromX),
    atY: (px) => {
      const value = low + (1 - (px - inset) / height) * (high - low)
      return logY ? Math.exp(value) : value
    }
  }
}

function draw(canvas: HTMLCanvasElement | null, data: Points, map: Mapping, plotPx: number, selected: string | null): void {
  const context = canvas && sharpContext(canvas, plotPx, plotHeightPx)
  if (!context) return
  const style = getComputedStyle(canvas)
  const ink = (token: string): string => style.getPropertyValue(token).trim()
  if (data.cells) drawCells(context, data.cells, plotPx, ink)
  for (const { status, taskId, x, y } of data.points ?? []) {
    const isError = status === 'ERROR'
    context.beginPath()
    context.arc(map.x(x), map.y(y), taskId === selected ? 4.5 : 2.4, 0, Math.PI * 2)
    context.fillStyle = ink(isError ? '--err-fill' : '--accent')
    context.globalAlpha = taskId === selected ? 1 : 0.55
    context.fill()
    if (taskId === selected) {
      context.strokeStyle = ink('--text')
      context.stroke()
    }
  }
  context.globalAlpha = 1
}

function drawCells(context: CanvasRenderingContext2D, cells: NonNullable<Points['cells']>, plotPx: number, ink: (token: string) => string): void {
  const [width, height] = [plotPx / columnsOf(plotPx), plotHeightPx / rowsOf()]
  const most = Math.max(1, ...cells.map(([, , tasks]) => tasks))
  for (const [column, row, tasks, errors] of cells) {
    // One task is seen, and ten times as many are seen to be more: shades go by the logarithm.
    context.globalAlpha = 0.22 + 0.78 * (Math.log(tasks) / Math.log(most + 1))
    context.fillStyle = ink(errors * 2 > tasks ? '--err-fill' : '--accent')
    context.fillRect(column * width, plotHeightPx - (row + 1) * height, Math.max(1, width - 0.5), Math.max(1, height - 0.5))
  }
  context.globalAlpha = 1
}
