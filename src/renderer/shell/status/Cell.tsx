/** One figure of the status bar. */
import type { ReactNode } from 'react'
import { classes } from '../../parts/classes.ts'
import styles from './StatusBar.module.css'

export function Cell({ late = false, later = false, children }: { /** Gives way where there is little room. */ late?: boolean; /** Gives way first. */ later?: boolean; children: ReactNode }) {
  return <span className={classes(styles['cell'], late && styles['late'], later && styles['later'])}>{children}</span>
}
