/** A layer that belongs to its opener; Escape or a click outside closes it and gives focus back. */
import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './Popover.module.css'

export function Popover({
  trigger,
  name,
  open,
  onOpenChange,
  align = 'start',
  side = 'bottom',
  className,
  keepFocus = false,
  children
}: {
  trigger: ReactNode
  /** Accessible name of the layer. */
  name: string
  open?: boolean
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
  className?: string | undefined
  /** Leaves the focus where it is, for layers under a text field. */
  keepFocus?: boolean
  children: ReactNode
}) {
  return (
    <Radix.Root {...(open !== undefined && { open })} {...(onOpenChange && { onOpenChange })}>
      {keepFocus ? <Radix.Anchor asChild>{trigger}</Radix.Anchor> : <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Content aria-label={name} className={classes(styles['popover'], className)} align={align} side={side} sideOffset={4} collisionPadding={8} {...(keepFocus && { onOpenAutoFocus: (event) => event.preventDefault() })}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export const PopoverClose = Radix.Close
