/** A button with words: plain, primary (one a screen), ghost (no border until hovered) or link. */
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import styles from './Button.module.css'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'

export type ButtonProps = ComponentProps<'button'> & {
  tone?: 'plain' | 'primary' | 'ghost' | 'link'
  /** `small` is 24 px high with 11 px type, for toolbars; `large` 28 px, for the foot of dialogs. */
  size?: 'small' | 'normal' | 'large'
  icon?: LucideIcon | undefined
  children?: ReactNode
}

export function Button({ tone = 'plain', size = 'normal', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classes(styles['button'], styles[tone], styles[size], className)} {...rest}>
      {icon && <Icon of={icon} size={size === 'small' ? 12 : 14} />}
      {children}
    </button>
  )
}
