/** The chosen run beside the best: where they differ, and by how much. */
import { GitCompareArrows } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { compareAs } from '../../state/compare.ts'
import { workbench } from '../../state/workbench.ts'
import css from './Sweep.module.css'
import { numberOf, reader, scaleOf, splitName, sweepText } from './sweepModel.ts'
import { nounOf, type Sweep } from './useSweep.ts'
import { exactText, percentText } from './valueText.ts'

export function BestCard({ sweep }: { sweep: Sweep }): ReactNode {
  const { chosen, best, shown, data, objective } = sweep
  const title = chosen ? chosen.id.slice(0, sweep.row === 'workflow' ? 8 : 24) : 'Selected'
  return (
    <section className={css['card']} aria-label="Selected beside the best">
      <header className={css['cardHead']}>
        <h2 className={classes(chosen && 'mono')}>{title}</h2>
        <span className={css['note']}>{chosen ? `selected${chosen.label === '' ? '' : `, ${chosen.label}`}` : `choose a ${nounOf[sweep.row].one} in the table or a chart`}</span>
      </header>
      {chosen && !best && <p className={css['nothing']}>There is no best to compare it with.</p>}
      {chosen && best && chosen.id === best.id && <p className={css['nothing']}>It is the best{objective && ` by ${objective.column}`}.</p>}
      {chosen && best && chosen.id !== best.id && (
        <div className={css['against']} tabIndex={0} role="table" aria-label="Selected and best">
          <div role="row" className={classes(css['againstRow'], css['againstHead'])}>
            <span role="columnheader">against best</span>
            <span role="columnheader" className="num">
              selected
            </span>
            <span role="columnheader" className="num">
              best
            </span>
            <span role="columnheader" className="num">
              %
            </span>
          </div>
          {shown.map((column) => {
            const [own, its] = [reader(data, column.name)(chosen), reader(data, column.name)(best)]
            if (exactText(own) === exactText(its)) return null
            const scale = scaleOf(column)
            const [x, y] = [numberOf(own), numberOf(its)]
            const { prefix, leaf } = splitName(column.name)
            return (
              <div key={column.name} role="row" className={css['againstRow']}>
                <span role="cell" className="mono f11 ell" title={column.name}>
                  <span className="t3">{prefix}</span>
                  {leaf} <span className="t3">{scale.unit}</span>
                </span>
                <span role="cell" className="num ell" title={exactText(own)}>
                  {own === null ? <span className="null">null</span> : sweepText(own, scale)}
                </span>
                <span role="cell" className="num acc ell" title={exactText(its)}>
                  {its === null ? <span className="null">null</span> : sweepText(its, scale)}
                </span>
                <span role="cell" className="num t2">
                  {x !== null && y !== null && y !== 0 && column.role !== 'parameter' ? percentText((x - y) / Math.abs(y), 0) : ''}
                </span>
              </div>
            )
          })}
          {shown.every((column) => exactText(reader(data, column.name)(chosen)) === exactText(reader(data, column.name)(best))) && <p className={css['nothing']}>Nothing differs in the columns shown.</p>}
        </div>
      )}
    </section>
  )
}

/** Selected and best as runs A and B. */
export function CompareWithBest({ sweep }: { sweep: Sweep }): ReactNode {
  const { chosen, best, row, sourceId } = sweep
  const why = row === 'task' ? 'Two tasks are compared below: runs are workflows or campaigns.' : !chosen ? 'Select a run first.' : !best ? 'There is no best.' : chosen.id === best.id ? 'The selected run is the best.' : null
  const go = (): void => {
    if (row === 'task' || !chosen || !best) return
    workbench.getState().setPair({ a: { sourceId, kind: row, id: chosen.id }, b: { sourceId, kind: row, id: best.id } })
    compareAs({ as: 'pair' })
  }
  return (
    <Button size="small" icon={GitCompareArrows} disabled={why !== null} title={why ?? 'The selected run as A, the best as B'} onClick={go}>
      Compare selected with best
    </Button>
  )
}
