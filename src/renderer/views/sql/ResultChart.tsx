/** A result as bars or lines: its first column along, its columns of numbers up. */
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { Bar, BarChart, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
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
const mostSeries = 3
const margin = { top: 6, right: 20, bottom: 2, left: 8 }
const tick = { fontSize: 11, fill: 'var(--text-3)' }
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 })

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
  return (
    <div className={css['chart']} role="img" aria-label={`${shown.map(({ name }) => name).join(', ')} by ${ran.columns[along]?.name ?? 'row'}; the table has the figures`}>
      {(ran.total > mostPoints || series.length > shown.length) && (
        <p className={css['note']}>
          {ran.total > mostPoints && `The first ${count(mostPoints)} of ${count(ran.total)} rows. `}
          {series.length > shown.length && `The first ${count(shown.length)} of ${count(series.length)} columns of numbers.`}
        </p>
      )}
      {shown.map(({ key, name }, at) => (
        <Multiple key={key} of={key} name={name} points={points} hasAxis={at === shown.length - 1} />
      ))}
    </div>
  )
}

/** Each column of numbers has a scale of its own; what they are drawn along is the same. */
function Multiple({ hasAxis, name, of, points }: { of: string; name: string; points: readonly Point[]; hasAxis: boolean }): ReactNode {
  const axes = (
    <>
      <XAxis dataKey="along" hide={!hasAxis} tick={tick} stroke="var(--line-2)" interval="preserveStartEnd" minTickGap={16} tickFormatter={(text: string) => (text.length > 18 ? `${text.slice(0, 17)}…` : text)} />
      <YAxis tick={tick} stroke="var(--line-2)" width={56} tickCount={4} domain={points.length > mostBars ? ['auto', 'auto'] : [0, 'auto']} tickFormatter={(value: number) => compact.format(value)} />
      <Tooltip cursor={{ fill: 'var(--hover)' }} contentStyle={{ background: 'var(--raised)', border: '1px solid var(--line-2)', borderRadius: 6, color: 'var(--text)', fontSize: 12 }} />
    </>
  )
  return (
    <div className={css['multiple']}>
      <span className="mono">{name}</span>
      <div className={css['drawing']}>
        <ResponsiveContainer width="100%" height="100%">
          {points.length <= mostBars ? (
            <BarChart data={[...points]} margin={margin} accessibilityLayer={false}>
              {axes}
              <Bar dataKey={of} name={name} fill="var(--accent)" isAnimationActive={false} maxBarSize={42} />
            </BarChart>
          ) : (
            <LineChart data={[...points]} margin={margin} accessibilityLayer={false}>
              {axes}
              <Line dataKey={of} name={name} stroke="var(--accent)" strokeWidth={1.5} dot={false} isAnimationActive={false} connectNulls={false} />
            </LineChart>
          )}
        </ResponsiveContainer>
      </div>
    </div>
  )
}

/** What is no number is a hole. */
function numberOf(cell: Cell): number | null {
  const value = typeof cell === 'number' ? cell : cell === null ? NaN : Number(copyText(cell))
  return Number.isFinite(value) ? value : null
}
