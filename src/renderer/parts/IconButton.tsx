/** A button of an icon only: its name is its tooltip and its accessible name. */
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import styles from './IconButton.module.css'
import { Tooltip } from './Tooltip.tsx'

export type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label' | 'children'> & {
  name: string
  icon: LucideIcon
  keys?: string | undefined
  /** For toggles: sets aria-pressed and the pressed look. */
  pressed?: boolean
  /** 24 px square with a 14 px icon, instead of 28 × 26 with 16. */
  small?: boolean
  tooltipSide?: 'top' | 'bottom' | 'left' | 'right'
}

export function IconButton({ name, icon, keys, pressed, small = false, tooltipSide = 'bottom', className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={name} keys={keys} side={tooltipSide}>
      <button type="button" aria-label={name} aria-pressed={pressed} className={classes(styles['button'], small && styles['small'], pressed && styles['pressed'], className)} {...rest}>
        <Icon of={icon} size={small ? 14 : 16} />
      </button>
    </Tooltip>
  )
}
