/** A choice of one among a few, side by side: a radio group. */
import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './Segmented.module.css'

export function Segmented<T extends string>({ name, value, options, onChange, className }: { name: string; value: T; options: { value: T; label: ReactNode; disabled?: boolean }[]; onChange: (value: T) => void; className?: string }) {
  return (
    <RadioGroup.Root className={classes(styles['segmented'], className)} aria-label={name} value={value} orientation="horizontal" onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <RadioGroup.Item key={option.value} className={styles['segment']} value={option.value} disabled={option.disabled ?? false}>
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
