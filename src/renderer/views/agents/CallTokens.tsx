/** Tokens and latency of each model call, in order. */
import { type ReactNode, useRef } from 'react'
import type { Result } from '#contract/methods'
import { classes } from '../../parts/classes.ts'
import { count, seconds } from '../../parts/format.ts'
import { visibleRows } from '../../parts/scrollMap.ts'
import { useRowScroll } from '../../parts/useRowScroll.ts'
import css from './Agents.module.css'
import { askedWords, latencyWords, tokenText } from './callWords.ts'
import { logPlace } from './logPlace.ts'
import { useCalls, type WhichCalls } from './useCalls.ts'

const rowPx = 24
const headPx = 24
const spareRows = 4
const models: ['model'] = ['model']

export function CallTokens({ which, summary, chosenId, onChoose }: { which: WhichCalls; summary: Result<'agents.summary'>; chosenId: string | null; onChoose: (taskId: string) => void }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useRef(0)
  const view = useRowScroll(scroller, { rows: rows.current, rowPx, headPx })
  const calls = useCalls({ ...which, kinds: models }, Math.max(0, Math.floor(view.topPx / rowPx) - spareRows))
  const total = calls.total ?? 0
  rows.current = total
  const { first, last } = visibleRows(view.topPx, view.rowsPx, rowPx, total, spareRows)
  const { fastest, slowest } = summary
  const range = fastest === null || slowest === null ? null : { from: fastest, to: slowest }
  return (
    <section className={css['card']} aria-label="Tokens and latency by call">
      <header className={css['cardHead']}>
        <h2 className="grow ell">
          Tokens and latency by call <span className={css['count']}>{calls.total === null ? '' : `${count(total)} of ${count(summary.kinds.model)} model calls`}</span>
        </h2>
        <span className={css['legend']} aria-hidden="true">
          <i data-part="in" /> in <i data-part="out" /> out <i data-part="estimated" /> estimated
        </span>
      </header>
      <div ref={scroller} className={css['tokens']} role="table" aria-label="Model calls" aria-rowcount={total + 1} tabIndex={0}>
        <div className={classes(css['tokenRow'], css['tokenHead'])} role="row" aria-rowindex={1}>
          <span role="columnheader">
            <span className="hidden">number</span>
          </span>
          <span role="columnheader">model</span>
          <span role="columnheader">prompt</span>
          <span role="columnheader">tokens in, out</span>
          <span role="columnheader" className="num">
            in
          </span>
          <span role="columnheader" className="num">
            out
          </span>
          <span role="columnheader" className={css['logHead']}>
            {range && (
              <>
                <span>{seconds(range.from, 1)}</span>
                <span className="t3">log</span>
                <span>{seconds(range.to, 1)}</span>
              </>
            )}
          </span>
          <span role="columnheader" className="num">
            latency
          </span>
        </div>
        <div role="presentation" style={{ height: view.map.heightPx, position: 'relative' }}>
          <div role="presentation" className={css['window']} style={{ transform: `translateY(${view.scrollTop - view.topPx + first * rowPx}px)` }}>
            {Array.from({ length: last - first }, (_, row) => {
              const call = calls.call(first + row)
              if (!call) return <div key={first + row} className={css['coming']} style={{ height: rowPx }} role="presentation" />
              const share = (tokens: number | null): string => `${((tokens ?? 0) / Math.max(1, summary.mostTokens)) * 100}%`
              return (
                <div key={first + row} className={classes(css['tokenRow'], call.taskId === chosenId && css['chosen'])} role="row" aria-rowindex={first + row + 2} onClick={() => onChoose(call.taskId)}>
                  <span role="cell" className="t3 f11">
                    {count(call.index + 1)}
                  </span>
                  <span role="cell" className={classes('ell', call.model === null ? 'null' : 'mono f11')}>
                    {call.model ?? 'null'}
                  </span>
                  <span role="cell" className="ell t2">
                    {askedWords(call)}
                  </span>
                  <span role="cell" className={css['tokenBars']} aria-hidden="true">
                    <i data-part="in" data-estimated={call.inEstimated || undefined} style={{ width: share(call.tokensIn) }} />
                    <i data-part="out" data-estimated={call.outEstimated || undefined} style={{ width: share(call.tokensOut) }} />
                  </span>
                  <span role="cell" className="num">
                    {call.tokensIn === null ? <span className="null">null</span> : tokenText(call.tokensIn, call.inEstimated)}
                  </span>
                  <span role="cell" className="num">
                    {call.tokensOut === null ? <span className="null">null</span> : tokenText(call.tokensOut, call.outEstimated)}
                  </span>
                  <span role="cell" className={css['latency']} aria-hidden="true">
                    {range && call.seconds !== null && <i style={{ width: `${logPlace(call.seconds, range) * 100}%` }} />}
                  </span>
                  <span role="cell" className="num nw">
                    {latencyWords(call)}
                  </span>
                </div>
              )
            })}
          </div>
        </div>
      </div>
    </section>
  )
}
