/** A tinted line above a view that says in which state its data is, with what can be done. */
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import styles from './Strip.module.css'

const iconTone = { warn: 'waitc', run: 'runc', error: 'errc' }

export function Strip({ tone, icon, actions, children }: { tone: 'warn' | 'run' | 'error'; icon: LucideIcon; actions?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes(styles['strip'], styles[tone])} role="status">
      <Icon of={icon} size={14} className={iconTone[tone]} />
      <span className="grow">{children}</span>
      {actions}
    </div>
  )
}
