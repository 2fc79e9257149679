/** A labelled checkbox. */
import { Check, Minus } from 'lucide-react'
import { Checkbox as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './Checkbox.module.css'
import { Icon } from './Icon.tsx'

export function Checkbox({ checked, onChange, disabled = false, className, name, children }: { checked: boolean | 'indeterminate'; onChange: (checked: boolean) => void; disabled?: boolean; className?: string | undefined; /** Accessible name, where no words stand beside it. */ name?: string; children?: ReactNode }) {
  return (
    <label className={classes(styles['label'], disabled && styles['disabled'], className)}>
      <Radix.Root className={styles['box']} checked={checked} disabled={disabled} onCheckedChange={(next) => onChange(next === true)} {...(name !== undefined && { 'aria-label': name })}>
        <Radix.Indicator>
          <Icon of={checked === 'indeterminate' ? Minus : Check} size={12} />
        </Radix.Indicator>
      </Radix.Root>
      {children}
    </label>
  )
}
