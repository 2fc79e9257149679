/** What a card shows while it has no answer: nothing yet, or what failed and a way to try again. */
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import css from './CardState.module.css'

/** @property data null as long as there is none */
export type CardAnswer = { data: unknown; error: { message: string } | null; retry: () => void }

export function CardState({ answer, children }: { answer: CardAnswer; children?: ReactNode }): ReactNode {
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

/** A sentence where there is nothing to show. */
export const Nothing = ({ children }: { children: ReactNode }): ReactNode => <p className={css['nothing']}>{children}</p>
