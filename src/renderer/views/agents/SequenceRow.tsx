/** The sequence diagram: its heads, and a row a call. */
import type { ReactNode } from 'react'
import type { AgentCall, Lifeline } from '#contract/agents'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import css from './Agents.module.css'
import { askedWords, cutTo, latencyWords, tokenWords } from './callWords.ts'
import type { Folded, LifelineColumn } from './lifelineColumns.ts'

const headHeightPx = 52
const rowHeightPx = 34
/** The arrow's height in its row, and half the width of a bar on a lifeline. */
const arrowY = 23
const barPx = 4
const tokensPx = 72

export function SequenceHead({ columns, xs, widthPx, folded, onFold }: { columns: readonly LifelineColumn[]; xs: readonly number[]; widthPx: number; folded: Folded; onFold: (kind: Lifeline['kind'], on: boolean) => void }): ReactNode {
  const many = (kind: Lifeline['kind']): boolean => columns.filter((column) => column.kind === kind).length > 1 && folded[kind] === false
  return (
    <div className={css['heads']} style={{ width: widthPx, height: headHeightPx }} role="presentation">
      {columns.map((column, at) => {
        const name = <span className={classes('ell', column.kind === 'model' && column.lines === 1 && !column.unrecorded && 'mono f11', column.unrecorded && css['unrecorded'])}>{column.name}</span>
        const shared = { className: css['lifelineBox'], 'data-kind': column.kind, 'data-unrecorded': column.unrecorded || undefined, style: { left: xs[at] } }
        const title = `${column.name}: ${count(column.calls)} calls${column.failed > 0 ? `, ${count(column.failed)} failed` : ''}`
        const canFold = column.lines > 1 || many(column.kind)
        return canFold ? (
          <button key={column.key} type="button" {...shared} title={`${title}. ${column.lines > 1 ? 'Draw each by itself' : 'Draw them as one'}`} aria-expanded={column.lines === 1} onClick={() => onFold(column.kind, column.lines === 1)}>
            {name}
          </button>
        ) : (
          <span key={column.key} {...shared} title={title}>
            {name}
          </span>
        )
      })}
    </div>
  )
}

export type SequenceRowProps = {
  id: string
  row: number
  total: number
  chosen: boolean
  call: AgentCall
  columns: readonly LifelineColumn[]
  at: ReadonlyMap<string, number>
  xs: readonly number[]
  widthPx: number
  label: string
  onClick: () => void
  onDoubleClick: () => void
}

export function SequenceRow({ id, row, total, chosen, call, columns, at, xs, widthPx, label, onClick, onDoubleClick }: SequenceRowProps): ReactNode {
  return (
    <div id={id} role="option" aria-selected={chosen} aria-posinset={row + 1} aria-setsize={total} className={classes(css['call'], chosen && css['chosen'])} onClick={onClick} onDoubleClick={onDoubleClick}>
      <span className="hidden">{label}</span>
      <svg width={widthPx} height={rowHeightPx} aria-hidden="true">
        {columns.map((column, index) => (
          <path key={column.key} d={`M${xs[index]} 0V${rowHeightPx}`} className={css['line']} data-unrecorded={column.unrecorded || undefined} />
        ))}
        <Arrow call={call} from={placeOf(call.from, at, columns, xs)} to={placeOf(call.to, at, columns, xs)} widthPx={widthPx} />
        <text x={widthPx - 10} y={arrowY + 4} textAnchor="end" className={css['halo']}>
          {latencyWords(call)}
        </text>
      </svg>
    </div>
  )
}

type Place = { x: number; kind: LifelineColumn['kind'] } | null

function placeOf(key: string | null, at: ReadonlyMap<string, number>, columns: readonly LifelineColumn[], xs: readonly number[]): Place {
  const index = key === null ? undefined : at.get(key)
  const column = index === undefined ? undefined : columns[index]
  return column && index !== undefined ? { x: xs[index] ?? 0, kind: column.kind } : null
}

function Arrow({ call, from, to, widthPx }: { call: AgentCall; from: Place; to: Place; widthPx: number }): ReactNode {
  const failed = call.status === 'ERROR'
  // A lifeline beyond those that are drawn at all: the call is still a row, and its words say whose it is.
  const target = to ?? from
  if (!target) return <Words call={call} failed={failed} x={16} anchor="start" roomPx={widthPx - 110} />
  const isFound = from === null
  const start = from?.x ?? target.x - 60
  const isLoop = start === target.x
  const right = target.x >= start
  const tokens = tokenWords(call)
  const tokensLeft = !right && !isLoop
  const begin = start + (right ? barPx : -barPx)
  const end = target.x + (right ? -barPx : barPx)
  // Words stand where the arrow begins; those of an arrow to the left end there.
  const words = right ? <Words call={call} failed={failed} x={begin + 6} anchor="start" roomPx={widthPx - 84 - begin} /> : <Words call={call} failed={failed} x={begin - 6} anchor="end" roomPx={begin - 12} />
  return (
    <g data-via={call.via ?? 'unknown'} data-failed={failed || undefined} className={css['arrow']}>
      {isLoop ? <path d={`M${start + barPx} ${arrowY - 5}h16v10h-10`} className={css['shaft']} /> : <path d={`M${begin} ${arrowY}H${end}`} className={css['shaft']} />}
      <path d={isLoop ? `M${start + barPx + 7} ${arrowY + 1.5}l-6 3.5l6 3.5z` : right ? `M${end - 6} ${arrowY - 3.5}l6 3.5l-6 3.5z` : `M${end + 6} ${arrowY - 3.5}l-6 3.5l6 3.5z`} className={css['tip']} />
      {from && <rect x={start - barPx + 1} y={arrowY - 8} width={6} height={15} className={css['bar']} data-kind={from.kind} />}
      {isFound && <circle cx={start} cy={arrowY} r={3} className={css['unknownCaller']} />}
      <rect x={target.x - barPx} y={arrowY - 8} width={8} height={15} rx={2} className={css['answer']} data-failed={failed || undefined} />
      {words}
      {tokens !== '' && (
        <text x={tokensLeft ? target.x - 10 : Math.min(target.x + 10, widthPx - 84 - tokensPx)} y={arrowY + 4} textAnchor={tokensLeft ? 'end' : 'start'} className={css['halo']}>
          {tokens}
        </text>
      )}
      {failed && (
        <svg x={target.x + (tokens === '' ? 9 : -18)} y={arrowY - 6} width={12} height={12} viewBox="0 0 12 12">
          <path d="M3.6.8h4.8l2.8 2.8v4.8l-2.8 2.8H3.6L.8 8.4V3.6z" fill="var(--err)" />
          <path d="M4.2 4.2l3.6 3.6M7.8 4.2L4.2 7.8" stroke="var(--content)" strokeWidth="1.5" />
        </svg>
      )}
    </g>
  )
}

function Words({ call, failed, x, anchor, roomPx }: { call: AgentCall; failed: boolean; x: number; anchor: 'start' | 'end'; roomPx: number }): ReactNode {
  return (
    <text x={x} y={arrowY - 9} textAnchor={anchor} className={css['asked']} data-failed={failed || undefined}>
      {cutTo(askedWords(call), roomPx)}
    </text>
  )
}
