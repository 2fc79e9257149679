/** A bar of how much is done; without a value, that something is under way. */
import { Progress as Radix } from 'radix-ui'
import { classes } from './classes.ts'
import styles from './Progress.module.css'

export function Progress({ name, value, className }: { name: string; /** 0–1, or null while unknown. */ value: number | null; className?: string }) {
  return (
    <Radix.Root className={classes(styles['bar'], className)} aria-label={name} value={value === null ? null : Math.round(value * 100)}>
      <Radix.Indicator className={classes(styles['done'], value === null && styles['unknown'])} style={value === null ? undefined : { width: `${Math.min(100, value * 100)}%` }} />
    </Radix.Root>
  )
}
