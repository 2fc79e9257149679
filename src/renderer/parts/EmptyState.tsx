/** What stands where nothing is to be shown: what would be here or what went wrong, why, and what to do. */
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './EmptyState.module.css'
import { Icon } from './Icon.tsx'

export function EmptyState({ icon, title, tone = 'quiet', actions, className, children }: { icon: LucideIcon; title: ReactNode; tone?: 'quiet' | 'error'; actions?: ReactNode; className?: string; children?: ReactNode }) {
  return (
    <div className={classes(styles['empty'], className)} role={tone === 'error' ? 'alert' : undefined}>
      <Icon of={icon} className={tone === 'error' ? 'errc' : 't3'} />
      <div className={styles['words']}>
        <div className="med">{title}</div>
        {children !== undefined && <div className="t2 f12">{children}</div>}
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
    </div>
  )
}
