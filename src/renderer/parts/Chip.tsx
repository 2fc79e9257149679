/** One condition in the filter bar. Dashed when it is kept but off; tinted when it is the navigator's scope. */
import type { LucideIcon } from 'lucide-react'
import { EyeOff, X } from 'lucide-react'
import { type ReactNode, type Ref } from 'react'
import styles from './Chip.module.css'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import { Tooltip } from './Tooltip.tsx'

export type ChipProps = {
  /** Said to screen readers, and the tooltip: the whole condition. */
  name: string
  icon?: LucideIcon | undefined
  tinted?: boolean
  off?: boolean
  /** Opens the chip for editing. */
  onOpen?: (() => void) | undefined
  /** With it, an eye turns the chip off and on. */
  onToggle?: (() => void) | undefined
  onRemove: () => void
  className?: string | undefined
  ref?: Ref<HTMLSpanElement>
  children: ReactNode
}

export function Chip({ name, icon, tinted = false, off = false, onOpen, onToggle, onRemove, className, ref, children }: ChipProps) {
  return (
    <span ref={ref} role="group" aria-label={off ? `${name}, off` : name} className={classes(styles['chip'], tinted && styles['tinted'], off && styles['off'], className)}>
      <Tooltip text={name}>
        {onOpen ? (
          <button type="button" className={styles['words']} onClick={onOpen}>
            {icon && <Icon of={icon} size={14} />}
            {children}
          </button>
        ) : (
          <span className={styles['words']}>
            {icon && <Icon of={icon} size={14} />}
            {children}
          </span>
        )}
      </Tooltip>
      {onToggle && (
        <Tooltip text={off ? 'Turn on' : 'Turn off, keep it here'}>
          <button type="button" className={classes(styles['action'], !off && styles['quiet'])} aria-label={`${off ? 'Turn on' : 'Turn off'} ${name}`} aria-pressed={off} onClick={onToggle}>
            <Icon of={EyeOff} size={12} />
          </button>
        </Tooltip>
      )}
      <Tooltip text="Remove">
        <button type="button" className={styles['action']} aria-label={`Remove ${name}`} onClick={onRemove}>
          <Icon of={X} size={12} />
        </button>
      </Tooltip>
    </span>
  )
}

/** The parts of a chip's words: a field, an operator, a value. */
export const chipWords = { field: styles['field'] ?? '', operator: styles['operator'] ?? '', value: styles['value'] ?? '' }
