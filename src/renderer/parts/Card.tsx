/** A bordered box with a title row. */
import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import styles from './Card.module.css'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'

export function Card({ title, note, icon, tools, className, children }: { title: ReactNode; /** In grey after the title: a count, a unit. */ note?: ReactNode; icon?: LucideIcon; /** At the end of the title row. */ tools?: ReactNode; className?: string | undefined; children: ReactNode }) {
  const id = useId()
  return (
    <section className={classes(styles['card'], className)} aria-labelledby={id}>
      <header className={styles['head']}>
        {icon && <Icon of={icon} size={14} className="t3" />}
        <h2 id={id} className="ell">
          {title} {note !== undefined && <span className={styles['note']}>{note}</span>}
        </h2>
        <span className="grow" />
        {tools}
      </header>
      {children}
    </section>
  )
}
