/** A card of the comparison: title, figures, tools, and what it shows while it has no answer or a chart is read as a table. */
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import type { Answer } from '../../state/query.ts'
import css from './Compare.module.css'

type Props = {
  title: string
  note?: ReactNode
  tools?: ReactNode
  /** The title is for screen readers; the button stands in the lower corner. */
  bare?: boolean
  className?: string | undefined
  answer?: Pick<Answer<unknown>, 'data' | 'error' | 'retry' | 'loading' | 'current'>
  /** The same values as a table; a button changes between the two. */
  table?: ReactNode
  children: ReactNode
}

export function CompareCard({ title, note, tools, bare = false, className, answer, table, children }: Props): ReactNode {
  const id = useId()
  const [asTable, setAsTable] = useState(false)
  const shown = asTable && table !== undefined
  return (
    <section className={classes(css['card'], bare && css['bare'], className)} aria-labelledby={id} aria-busy={answer?.loading === true || undefined}>
      <header className={css['cardHead']}>
        <h2 id={id} className={bare ? 'hidden' : undefined}>
          {title}
        </h2>
        {note !== undefined && <span className={css['note']}>{note}</span>}
        <span className="grow" />
        {tools}
        {table !== undefined && (
          <Button tone="ghost" size="small" aria-label={shown ? 'Show as chart' : 'Show as table'} onClick={() => setAsTable(!shown)}>
            {shown ? 'As chart' : 'As table'}
          </Button>
        )}
      </header>
      {answer && answer.data === null ? <Waiting answer={answer} /> : <div className={classes(css['cardBody'], answer && !answer.current && answer.loading && css['stale'])}>{shown ? table : children}</div>}
    </section>
  )
}

function Waiting({ answer }: { answer: Pick<Answer<unknown>, 'error' | 'retry'> }): ReactNode {
  if (!answer.error) return <div className={css['waiting']}>Comparing…</div>
  return (
    <div className={css['failed']} role="alert">
      <span className="errc grow">{answer.error.message}</span>
      <Button size="small" onClick={answer.retry}>
        Try again
      </Button>
    </div>
  )
}

export const Nothing = ({ children }: { children: ReactNode }): ReactNode => <p className={css['nothing']}>{children}</p>

/** Values of a chart, to be read. */
export function ValueTable({ name, head, rows }: { name: string; head: string[]; rows: (string | number | null)[][] }): ReactNode {
  return (
    <div className={css['values']} tabIndex={0} role="group" aria-label={name}>
      <table>
        <thead>
          <tr>
            {head.map((text, index) => (
              <th key={index} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={column} className={column === 0 ? undefined : 'num'}>
                  {value ?? <span className="null">null</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
