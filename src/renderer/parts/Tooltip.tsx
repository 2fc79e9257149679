/** A hint on hover and focus: a name, a shortcut, a full value that is cut. */
import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { KeyCaps } from './KeyCaps.tsx'
import styles from './Tooltip.module.css'

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={450} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  )
}

export function Tooltip({ text, keys, side = 'bottom', children }: { text: ReactNode; keys?: string | undefined; side?: 'top' | 'bottom' | 'left' | 'right'; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles['tip']} side={side} sideOffset={6} collisionPadding={6}>
          {text}
          {keys !== undefined && <KeyCaps keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
