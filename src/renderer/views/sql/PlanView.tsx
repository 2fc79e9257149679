/** The plan of a statement, read from its result down to what it reads. */
import type { ReactNode } from 'react'
import type { SqlStep } from '#contract/sql'
import { count, seconds } from '../../parts/format.ts'
import type { Planned } from './statements.ts'
import css from './Sql.module.css'

const mostValues = 12

export function PlanView({ planned: { steps } }: { planned: Planned }): ReactNode {
  const isMeasured = steps.some((step) => step.seconds !== null)
  const longest = Math.max(1e-9, ...steps.map((step) => step.seconds ?? 0))
  return (
    <div className={css['planPane']} tabIndex={0} role="region" aria-label="Plan">
      <table className={css['plan']}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col" className="num">
              {isMeasured ? 'Rows' : 'Rows, estimated'}
            </th>
            {isMeasured && (
              <th scope="col" className="num">
                Time
              </th>
            )}
            <th scope="col">Of what</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, at) => (
            <tr key={at}>
              <td style={{ paddingLeft: 12 + step.depth * 16 }}>
                {step.depth > 0 && <span className={css['elbow']} aria-hidden="true" />}
                <span className="med">{step.name}</span>
              </td>
              <td className="num">{rowsOf(step, isMeasured)}</td>
              {isMeasured && (
                <td className="num">
                  <span className={css['took']}>
                    <svg width="48" height="6" aria-hidden="true">
                      <rect width={Math.max(1, 48 * ((step.seconds ?? 0) / longest))} height="6" rx="1" />
                    </svg>
                    {seconds(step.seconds ?? 0)}
                  </span>
                </td>
              )}
              <td className={css['details']}>
                {step.details.map(({ key, values }) => (
                  <div key={key} title={values.join('\n')}>
                    <span className="t3">{key}</span> <span className="mono">{values.slice(0, mostValues).join(', ')}</span>
                    {values.length > mostValues && <span className="t3"> and {count(values.length - mostValues)} more</span>}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function rowsOf({ estimatedRows, rows }: SqlStep, isMeasured: boolean): string {
  const shown = isMeasured ? rows : estimatedRows
  return shown === null ? '' : count(shown)
}
