/** A field for one line of text, with an icon before it, something after it, and what is wrong with its text below. */
import type { LucideIcon } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import styles from './TextField.module.css'

export type TextFieldProps = Omit<ComponentProps<'input'>, 'aria-label' | 'onChange' | 'value' | 'name' | 'size'> & {
  /** Accessible name. */
  name: string
  value: string
  onChange: (value: string) => void
  icon?: LucideIcon
  after?: ReactNode
  error?: string | null
  mono?: boolean
  /** 24 px high, for toolbars. */
  small?: boolean
}

export function TextField({ name, value, onChange, icon, after, error = null, mono = false, small = false, className, ...rest }: TextFieldProps) {
  const errorId = useId()
  return (
    <span className={classes(styles['outer'], className)}>
      <span className={classes(styles['field'], small && styles['small'], error !== null && styles['wrong'])}>
        {icon && <Icon of={icon} size={small ? 12 : 14} />}
        <input aria-label={name} aria-invalid={error !== null} aria-describedby={error === null ? undefined : errorId} className={classes(styles['input'], mono && 'mono')} value={value} spellCheck={false} autoComplete="off" onChange={(event) => onChange(event.target.value)} {...rest} />
        {after}
      </span>
      {error !== null && (
        <span id={errorId} className={styles['error']} role="alert">
          {error}
        </span>
      )}
    </span>
  )
}
