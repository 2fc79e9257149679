/** What a card shows while it has no answer: nothing yet, or what failed and a way to try again. */
import { Table2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import type { Answer } from '../../state/query.ts'
import css from './Telemetry.module.css'

export function CardState({ answer, children }: { answer: Pick<Answer<unknown>, 'data' | 'error' | 'retry'>; children?: ReactNode }): ReactNode {
  if (answer.error && answer.data === null) {
    return (
      <div className={css['state']} role="alert">
        <span className="errc grow">{answer.error.message}</span>
        <Button size="small" onClick={answer.retry}>
          Try again
        </Button>
      </div>
    )
  }
  if (answer.data === null) return <div className={css['waiting']} aria-busy="true" />
  return children
}

export const Nothing = ({ children }: { children: ReactNode }): ReactNode => <p className={css['nothing']}>{children}</p>

/** Turns a drawing into a table and back. */
export function AsTable({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }): ReactNode {
  return <IconButton small name={on ? 'Show as chart' : 'Show as table'} icon={Table2} pressed={on} onClick={() => onChange(!on)} />
}
