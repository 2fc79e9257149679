/** The calls as a list: the same order as the drawing, in words. */
import type { ReactNode } from 'react'
import type { AgentCall } from '#contract/agents'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { StatusMark } from '../../parts/StatusMark.tsx'
import css from './Agents.module.css'
import { askedWords, latencyWords, tokenWords } from './callWords.ts'

export function ListHead(): ReactNode {
  return (
    <div role="row" aria-rowindex={1} className={classes(css['listRow'], css['listHead'])}>
      {['', 'status', 'from', 'to', 'asked', 'tokens in → out', 'latency'].map((name, at) => (
        <span key={at} role="columnheader" className={at > 4 ? 'num' : undefined}>
          {name === '' ? <span className="hidden">number</span> : name}
        </span>
      ))}
    </div>
  )
}

export function ListRow({ id, row, chosen, call, nameOf, onClick, onDoubleClick }: { id: string; row: number; total: number; chosen: boolean; call: AgentCall; nameOf: (key: string | null) => string; onClick: () => void; onDoubleClick: () => void }): ReactNode {
  return (
    <div id={id} role="row" aria-rowindex={row + 2} aria-selected={chosen} className={classes(css['listRow'], chosen && css['chosen'])} onClick={onClick} onDoubleClick={onDoubleClick}>
      <span role="gridcell" className="t3 f11">
        {count(call.index + 1)}
      </span>
      <span role="gridcell">
        <StatusMark status={call.status} />
      </span>
      <span role="gridcell" className={classes('ell', call.from === null && 'null')} title={call.via ?? undefined}>
        {nameOf(call.from)}
        {call.via === 'parent_task_id' && <span className="t3"> by parent</span>}
      </span>
      <span role="gridcell" className="ell">
        {nameOf(call.to)}
      </span>
      <span role="gridcell" className="ell t2">
        {askedWords(call)}
      </span>
      <span role="gridcell" className="num">
        {tokenWords(call)}
      </span>
      <span role="gridcell" className="num">
        {latencyWords(call)}
      </span>
    </div>
  )
}
