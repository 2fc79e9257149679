/** A choice of one among a few, each with a line of explanation or a figure. */
import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './RadioCards.module.css'

export function RadioCards<T extends string>({ name, value, options, onChange, className }: { name: string; value: T; options: { value: T; label: ReactNode; detail?: ReactNode; disabled?: boolean }[]; onChange: (value: T) => void; className?: string }) {
  return (
    <RadioGroup.Root className={classes(styles['group'], className)} aria-label={name} value={value} onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <label key={option.value} className={styles['option']}>
          <RadioGroup.Item className={styles['dot']} value={option.value} disabled={option.disabled ?? false} />
          <span>
            {option.label} {option.detail !== undefined && <span className="t3">{option.detail}</span>}
          </span>
        </label>
      ))}
    </RadioGroup.Root>
  )
}
