/** Values that a store cannot keep as they are: how many, and which. */
import { AlertTriangle } from 'lucide-react'
import { count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import type { TransferJob } from '../../state/transfers.ts'
import css from './StoreOutcome.module.css'

export function UnkeptValues({ problems, problemCount }: Pick<TransferJob, 'problems' | 'problemCount'>) {
  if (problems.length === 0) return null
  return (
    <div className={css['problems']} tabIndex={0} role="group" aria-label="Values that cannot be kept as they are">
      <p className="f11 t2">
        {counted(problemCount, 'value')} cannot be kept as {problemCount === 1 ? 'it is' : 'they are'}; the rest of {problemCount === 1 ? 'its record' : 'their records'} is written.{problems.length < problemCount && ` The first ${count(problems.length)}:`}
      </p>
      {problems.map(({ kind, id, field, reason }, index) => (
        <p key={index} className={css['problem']}>
          <Icon of={AlertTriangle} size={12} className="waitc" />
          <span>
            {kind} <span className="mono f11">{id ?? 'without an id'}</span> <span className="mono f11 t2">{field}</span> {reason}
          </span>
        </p>
      ))}
    </div>
  )
}
