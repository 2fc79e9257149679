/** The points as rows, or the cells they are counted in, the fullest first; a cell can be opened. */
import type { ReactNode } from 'react'
import { Nothing } from '../../parts/CardState.tsx'
import { Button } from '../../parts/Button.tsx'
import { count } from '../../parts/format.ts'
import { workbench } from '../../state/workbench.ts'
import { columnsOf, type PlotProps, rowsOf, words } from './PointsPlot.tsx'
import type { Window } from './PointsCard.tsx'
import css from './Telemetry.module.css'

const mostRows = 500

export function PointsTable({ data, x, y, zone, logY, plotPx, onZoom }: PlotProps): ReactNode {
  const shown = data.shown as Window
  const cells = (data.cells ?? []).toSorted((a, b) => b[2] - a[2]).slice(0, mostRows)
  const points = (data.points ?? []).slice(0, mostRows)
  const rest = (data.cells?.length ?? data.points?.length ?? 0) - cells.length - points.length
  const open = (taskId: string): void => {
    workbench.getState().selectTask(taskId)
    workbench.getState().setInspectorOpen(true)
  }
  return (
    <div className={css['tableScroll']} tabIndex={0} role="group" aria-label="Tasks as table">
      <table className={css['values']}>
        <thead>
          <tr>
            <th>{data.points ? 'task_id' : 'tasks'}</th>
            {data.points && <th>activity</th>}
            <th className="num">{x.name}</th>
            <th className="num">{y.name}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.taskId}>
              <td>
                <Button tone="link" size="small" className="mono" onClick={() => open(point.taskId)}>
                  {point.taskId}
                </Button>
              </td>
              <td>{point.activity ?? <span className="null">null</span>}</td>
              <td className="num">{words(point.x, x, shown, zone)}</td>
              <td className="num">{words(point.y, y, shown, zone)}</td>
            </tr>
          ))}
          {cells.map(([column, row, tasks, errors]) => {
            const cell = windowOf(shown, column, row, columnsOf(plotPx), rowsOf(), logY)
            return (
              <tr key={`${column} ${row}`}>
                <td>
                  <Button tone="link" size="small" onClick={() => onZoom(cell)}>
                    {count(tasks)}
                    {errors > 0 && `, ${count(errors)} in error`}
                  </Button>
                </td>
                <td className="num">
                  {words(cell.fromX, x, shown, zone)} – {words(cell.toX, x, shown, zone)}
                </td>
                <td className="num">
                  {words(cell.fromY, y, shown, zone)} – {words(cell.toY, y, shown, zone)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {rest > 0 && (
        <Nothing>
          {count(rest)} more {data.points ? 'tasks' : 'cells'} are not listed; narrow the scope or open a cell.
        </Nothing>
      )}
    </div>
  )
}

function windowOf({ fromX, toX, fromY, toY }: Window, column: number, row: number, columns: number, rows: number, logY: boolean): Window {
  const x = (index: number): number => fromX + ((toX - fromX) * index) / columns
  const y = (index: number): number => (logY && fromY > 0 ? fromY * (toY / fromY) ** (index / rows) : fromY + ((toY - fromY) * index) / rows)
  return { fromX: x(column), toX: x(column + 1), fromY: y(row), toY: y(row + 1) }
}
