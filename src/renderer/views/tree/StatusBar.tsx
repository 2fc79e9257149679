/** How many tasks of each status, as parts of one bar; the figures are its name. */
import { counted } from '../../parts/format.ts'
import { statusWord } from '../../parts/StatusMark.tsx'
import css from './RunTree.module.css'

const order = ['ERROR', 'RUNNING', 'WAITING', 'SUBMITTED', 'UNKNOWN', 'FINISHED']

export function StatusBar({ statuses, tasks }: { statuses: Readonly<Record<string, number>>; tasks: number }) {
  const rank = (status: string): number => (order.indexOf(status) + order.length + 1) % (order.length + 1)
  const parts = Object.entries(statuses)
    .filter(([, n]) => n > 0)
    .sort(([one], [other]) => rank(one) - rank(other))
  const words = parts.map(([status, n]) => `${counted(n, 'task')} ${statusWord(status).word.toLowerCase()}`).join(', ')
  return (
    <span className={css['statuses']} role="img" aria-label={words} title={words}>
      {parts.map(([status, n]) => (
        <span key={status} data-status={statusWord(status).kind} style={{ flex: `${n / tasks} 0 3px` }} />
      ))}
    </span>
  )
}
