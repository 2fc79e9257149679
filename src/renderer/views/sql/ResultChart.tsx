/** A result as bars or lines: its first column along, its columns of numbers up. */
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { Bar, BarChart, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { SqlSort } from '#contract/sql'
import type { Cell } from '#contract/values'
import { call } from '../../connection/call.ts'
import { count } from '../../parts/format.ts'
import { copyText, formatCell } from '../../state/formatCell.ts'
import { isNumeric } from './ResultGrid.tsx'
import { readResult } from './readResult.ts'
import type { Ran } from './statements.ts'
import css from './Sql.module.css'

/** More points than these are not told apart on a screen; said when there are more. */
const mostPoints = 1000
const mostBars = 60
const mostSeries = 4
const colours = ['var(--accent)', 'var(--line-3)', 'var(--a)', 'var(--b)']
const margin = { top: 12, right: 20, bottom: 4, left: 8 }

type Point = Readonly<Record<string, string | number | null>>

export function ResultChart({ askedId, ran, sort }: { ran: Ran; askedId: string; sort: SqlSort }): ReactNode {
  const [read, setRead] = useState<{ ran: Ran; sort: SqlSort; rows: readonly Cell[][] } | { ran: Ran; sort: SqlSort; mistake: string } | null>(null)
  useEffect(() => {
    let isOver = false
    readResult(call, { sourceId: askedId, resultId: ran.resultId, sort }, 0, Math.min(ran.total, mostPoints), 64).then(
      (rows) => !isOver && setRead({ ran, sort, rows }),
      (error: unknown) => !isOver && setRead({ ran, sort, mistake: error instanceof Error ? error.message : String(error) })
    )
    return () => {
      isOver = true
    }
  }, [askedId, ran, sort])
  const present = read?.ran === ran && read.sort === sort ? read : null
  const along = Math.max(0, ran.columns.findIndex(({ type }) => !isNumeric(type)))
  const series = useMemo(() => ran.columns.flatMap(({ name, type }, at) => (isNumeric(type) && at !== along ? [{ at, name, key: `v${at}` }] : [])), [ran, along])
  const shown = series.slice(0, mostSeries)
  const points = useMemo(() => (present && 'rows' in present ? present.rows.map((row): Point => ({ along: formatCell(row[along] ?? null).text, ...Object.fromEntries(series.map(({ at, key }) => [key, numberOf(row[at] ?? null)])) })) : []), [present, along, series])
  if (series.length === 0) return <p className={css['noRows']}>There is no column of numbers to draw.</p>
  if (present && 'mistake' in present) return <p className={css['noRows']}>{present.mistake}</p>
  const isBars = points.length <= mostBars
  const axes = (
    <>
      <XAxis dataKey="along" tick={{ fontSize: 11, fill: 'var(--text-3)' }} stroke="var(--line-2)" interval="preserveStartEnd" minTickGap={16} tickFormatter={(text: string) => (text.length > 18 ? `${text.slice(0, 17)}…` : text)} />
      <YAxis tick={{ fontSize: 11, fill: 'var(--text-3)' }} stroke="var(--line-2)" width={64} tickCount={5} tickFormatter={(value: number) => (Math.abs(value) >= 1000 ? count(value) : String(value))} />
      <Tooltip cursor={{ fill: 'var(--hover)' }} contentStyle={{ background: 'var(--raised)', border: '1px solid var(--line-2)', borderRadius: 6, color: 'var(--text)', fontSize: 12 }} />
      {shown.length > 1 && <Legend verticalAlign="top" align="left" height={24} wrapperStyle={{ fontSize: 11 }} />}
    </>
  )
  return (
    <div className={css['chart']} role="img" aria-label={`${shown.map(({ name }) => name).join(', ')} by ${ran.columns[along]?.name ?? 'row'}; the table has the figures`}>
      {(ran.total > mostPoints || series.length > shown.length) && (
        <p className={css['note']}>
          {ran.total > mostPoints && `The first ${count(mostPoints)} of ${count(ran.total)} rows. `}
          {series.length > shown.length && `The first ${count(shown.length)} of ${count(series.length)} columns of numbers.`}
        </p>
      )}
      <ResponsiveContainer width="100%" height="100%">
        {isBars ? (
          <BarChart data={[...points]} margin={margin} accessibilityLayer={false}>
            {axes}
            {shown.map(({ key, name }, at) => (
              <Bar key={key} dataKey={key} name={name} fill={colours[at] ?? 'var(--accent)'} isAnimationActive={false} maxBarSize={42} />
            ))}
          </BarChart>
        ) : (
          <LineChart data={[...points]} margin={margin} accessibilityLayer={false}>
            {axes}
            {shown.map(({ key, name }, at) => (
              <Line key={key} dataKey={key} name={name} stroke={colours[at] ?? 'var(--accent)'} strokeWidth={1.5} strokeDasharray={at === 1 ? '5 3' : '0'} dot={false} isAnimationActive={false} connectNulls={false} />
            ))}
          </LineChart>
        )}
      </ResponsiveContainer>
    </div>
  )
}

/** What is no number is a hole. */
function numberOf(cell: Cell): number | null {
  const value = typeof cell === 'number' ? cell : cell === null ? NaN : Number(copyText(cell))
  return Number.isFinite(value) ? value : null
}
