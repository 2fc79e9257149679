/** A part of the inspector under its heading; whether it is folded is remembered. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { usePref } from '../state/prefs.ts'
import css from './Inspector.module.css'

const isFolds = (value: unknown): value is Record<string, boolean> => typeof value === 'object' && value !== null && !Array.isArray(value)
const noFolds: Record<string, boolean> = {}

export function Section({ id, title, figure = '', aside, startClosed = false, children }: { id: string; title: string; figure?: string; aside?: ReactNode; startClosed?: boolean; children: ReactNode }): ReactNode {
  const [folds, setFolds] = usePref('inspector.folds', noFolds, isFolds)
  const contentId = useId()
  const closed = folds[id] ?? startClosed
  return (
    <section className={css['section']}>
      <div className={css['heading']}>
        <button type="button" className={css['fold']} aria-expanded={!closed} aria-controls={contentId} onClick={() => setFolds({ ...folds, [id]: !closed })}>
          <Icon of={closed ? ChevronRight : ChevronDown} size={12} className="t3" />
          <span>{title}</span>
          {figure !== '' && <span className={css['figure']}>{figure}</span>}
        </button>
        {aside}
      </div>
      <div id={contentId} hidden={closed}>
        {!closed && children}
      </div>
    </section>
  )
}

export function KeyValue({ name, title, children }: { name: ReactNode; title?: string; children: ReactNode }): ReactNode {
  return (
    <div className={css['pair']}>
      <span className={css['key']} title={title ?? (typeof name === 'string' ? name : undefined)}>
        {name}
      </span>
      <span className={css['value']}>{children}</span>
    </div>
  )
}
