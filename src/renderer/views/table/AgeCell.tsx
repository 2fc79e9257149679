/** The duration of a task that has not ended: how long it has run, waited or been submitted so far, ticking; and whether it looks stalled. */
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { clock, decimal, seconds } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { statusWord } from '../../parts/StatusMark.tsx'
import { useNow } from '../../state/now.ts'
import { alignmentZeros } from '../../state/formatCell.ts'
import css from './CellView.module.css'

/** As many times its activity's median looks stalled. */
const stalledTimes = 4
const tones: Record<string, string> = { RUNNING: 'runc', WAITING: 'waitc', SUBMITTED: 't2' }
export const ages = (status: string | null | undefined): status is string => status != null && Object.hasOwn(tones, status)

type Props = { status: string; since: number; activity: string | null; medianSeconds: number | null; /** When what is shown stopped; null while it goes on. */ frozenAt: number | null; decimals: number; zone: 'utc' | 'local' }

export function AgeCell({ status, since, activity, medianSeconds, frozenAt, decimals, zone }: Props): ReactNode {
  const now = useNow(frozenAt === null ? 1000 : null)
  const age = Math.max(0, (frozenAt ?? now) - since)
  const stalled = status === 'RUNNING' && medianSeconds !== null && medianSeconds > 0 && age > stalledTimes * medianSeconds
  const text = String(Math.floor(age))
  return (
    <span className={stalled ? css['stalled'] : tones[status]} data-testid="age" data-stalled={stalled || undefined} title={words({ status, since, activity, medianSeconds, frozenAt, zone }, age, stalled)}>
      {stalled && <Icon of={TriangleAlert} size={12} />}
      {text}
      <span className={css['zeros']} aria-hidden="true">
        {alignmentZeros(text, decimals)}
      </span>
      {stalled && <span className="hidden">, looks stalled</span>}
    </span>
  )
}

function words({ status, since, activity, medianSeconds, frozenAt, zone }: Omit<Props, 'decimals'>, age: number, stalled: boolean): string {
  const median = medianSeconds === null ? null : `the median of ${activity ?? 'its activity'} is ${seconds(medianSeconds, 1)}`
  const lines = [
    `${statusWord(status).word} for ${seconds(Math.floor(age), 0)}, since ${clock(since, zone, 1)}${frozenAt === null ? '' : `; as of ${clock(frozenAt, zone, 1)}`}`,
    stalled && medianSeconds !== null ? `Looks stalled: ${decimal(age / medianSeconds, 1)} times as long as usual, ${median}` : median
  ]
  return lines.filter(Boolean).join('\n')
}
