/** A dialog: head with its title, body, foot with what it will do. Traps focus, closes on Escape, gives focus back to its opener. */
import type { LucideIcon } from 'lucide-react'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { classes } from './classes.ts'
import styles from './Dialog.module.css'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'

export function Dialog({ title, icon, open, onClose, foot, className, children }: { title: string; icon?: LucideIcon; open: boolean; onClose: () => void; foot?: ReactNode; className?: string | undefined; children: ReactNode }) {
  const body = useRef<HTMLDivElement>(null)
  /** Into what asks for it, or the first field or choice, not onto the close button: what the dialog is for comes first. */
  const focusBody = (event: Event): void => {
    event.preventDefault()
    const content = event.currentTarget as HTMLElement
    const first = body.current?.querySelector<HTMLElement>('[data-autofocus]') ?? body.current?.querySelector<HTMLElement>('input:not(:disabled),[role=radio][data-state=checked],button:not(:disabled)')
    ;(first ?? content).focus()
  }
  /** An open list of a field closes first, and who takes keys takes this one too. */
  const keepForList = (event: KeyboardEvent): void => {
    if (event.target instanceof Element && event.target.matches('[role=combobox][aria-expanded=true],[data-capturing]')) event.preventDefault()
  }
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        {/* Not Radix's own overlay: that one locks scrolling by a style element, which the page's policy refuses; the page never scrolls. */}
        <div className={styles['scrim']} />
        <Radix.Content aria-describedby={undefined} onOpenAutoFocus={focusBody} onEscapeKeyDown={keepForList} className={classes(styles['dialog'], foot === undefined && styles['footless'], className)}>
          <header className={styles['head']}>
            {icon && <Icon of={icon} className="acc" />}
            <Radix.Title className="grow ell">{title}</Radix.Title>
            <IconButton name="Close" keys="Escape" icon={X} onClick={onClose} />
          </header>
          <div ref={body} className={styles['body']}>{children}</div>
          {foot !== undefined && <footer className={styles['foot']}>{foot}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
