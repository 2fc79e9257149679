/** What writing into a store would do, or did, at a glance: new, changed and equal as a bar and as figures, and what cannot be kept. */
import { count } from '../../parts/format.ts'
import css from './StoreOutcome.module.css'

export type StoreOutcomeProps = {
  created: number
  changed: number
  equal: number
  problems: number
  /** Nothing was written. */
  dryRun: boolean
}

export function StoreOutcome({ created, changed, equal, problems, dryRun }: StoreOutcomeProps) {
  const parts = [
    { name: 'new', n: created, className: css['new'] },
    { name: 'changed', n: changed, className: css['changed'] },
    { name: dryRun ? 'equal, not sent' : 'equal, were not sent', n: equal, className: css['equal'] }
  ]
  return (
    <>
      <div className={css['bar']} aria-hidden="true">
        {parts.map(({ name, n, className }) => n > 0 && <span key={name} className={className} style={{ flexGrow: n }} />)}
      </div>
      <div className={css['figures']}>
        {parts.map(({ name, n, className }) => (
          <div key={name}>
            <b>{count(n)}</b>
            <span>
              <i className={className} aria-hidden="true" />
              {name}
            </span>
          </div>
        ))}
        <div>
          <b className={problems > 0 ? 'waitc' : undefined}>{count(problems)}</b>
          <span>{problems === 1 ? 'value that cannot be kept' : 'values that cannot be kept'}</span>
        </div>
      </div>
    </>
  )
}
