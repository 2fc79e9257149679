/** What a card shows while it has no answer, or what failed and a way to try again. */
import type { ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import type { Answer } from '../../state/query.ts'
import css from './Agents.module.css'

export function CallsState({ answer, children }: { answer: Pick<Answer<unknown>, 'data' | 'error' | 'retry'>; children: ReactNode }): ReactNode {
  if (answer.data !== null) return children
  if (!answer.error) return <div className={css['waiting']} aria-busy="true" />
  return (
    <div className={css['failedCard']} role="alert">
      <span className="errc grow">{answer.error.message}</span>
      <Button size="small" onClick={answer.retry}>
        Try again
      </Button>
    </div>
  )
}
