/** A small bordered word. */
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './Tag.module.css'

export function Tag({ dashed = false, mono = false, className, children }: { dashed?: boolean; mono?: boolean; className?: string; children: ReactNode }) {
  return <span className={classes(styles['tag'], dashed && styles['dashed'], mono && 'mono f11', className)}>{children}</span>
}
