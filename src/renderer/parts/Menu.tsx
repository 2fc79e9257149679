/** Menus of actions, on a button or on the right click (and the menu key) of a region. */
import { ContextMenu as RadixContext, DropdownMenu as Radix } from 'radix-ui'
import type { LucideIcon } from 'lucide-react'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import { KeyCaps } from './KeyCaps.tsx'
import styles from './Menu.module.css'

export type MenuItem =
  | { kind: 'separator' }
  | { kind: 'heading'; label: string }
  | {
      kind?: 'action'
      label: string
      detail?: string
      icon?: LucideIcon
      keys?: string | undefined
      /** Makes it one of a set of choices: shown with a check mark. */
      checked?: boolean
      danger?: boolean
      disabled?: boolean
      run: () => void
    }

export function Menu({ trigger, items, align = 'end', name }: { trigger: ReactNode; items: MenuItem[]; align?: 'start' | 'end'; name?: string }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles['menu']} align={align} sideOffset={4} collisionPadding={8} {...(name !== undefined && { 'aria-label': name })}>
          <Items items={items} of={Radix} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function ContextMenu({ items, onOpenChange, children }: { items: MenuItem[]; onOpenChange?: (open: boolean) => void; children: ReactNode }) {
  return (
    <RadixContext.Root modal={false} {...(onOpenChange && { onOpenChange })}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className={styles['menu']} collisionPadding={8}>
          <Items items={items} of={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  )
}

/** A menu opened at a point of the window, by right click or by key; null keeps it shut. */
export function MenuAt({ at, items, name, onClose }: { at: { x: number; y: number } | null; items: MenuItem[]; name: string; onClose: () => void }) {
  return (
    <Radix.Root modal={false} open={at !== null} onOpenChange={(open) => !open && onClose()}>
      <Radix.Trigger asChild>
        <span aria-hidden="true" tabIndex={-1} style={{ position: 'fixed', left: at?.x ?? 0, top: at?.y ?? 0, width: 0, height: 0, pointerEvents: 'none' }} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles['menu']} align="start" collisionPadding={8} aria-label={name} onCloseAutoFocus={(event) => event.preventDefault()}>
          <Items items={items} of={Radix} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Items({ items, of: kit }: { items: MenuItem[]; of: Pick<typeof Radix, 'Item' | 'CheckboxItem' | 'Separator' | 'Label'> | Pick<typeof RadixContext, 'Item' | 'CheckboxItem' | 'Separator' | 'Label'> }) {
  return items.map((item, index) => {
    if (item.kind === 'separator') return <kit.Separator key={index} className={styles['separator']} />
    if (item.kind === 'heading') {
      return (
        <kit.Label key={index} className={styles['heading']}>
          {item.label}
        </kit.Label>
      )
    }
    const inside = (
      <>
        <span className={styles['mark']}>{item.checked ? <Icon of={Check} size={12} /> : item.icon && <Icon of={item.icon} size={14} />}</span>
        <span className="grow">
          {item.label}
          {item.detail !== undefined && <span className="t3"> {item.detail}</span>}
        </span>
        {item.keys !== undefined && <KeyCaps keys={item.keys} />}
      </>
    )
    const shared = { className: classes(styles['item'], item.danger && styles['danger']), disabled: item.disabled ?? false, onSelect: item.run }
    return item.checked === undefined ? (
      <kit.Item key={index} {...shared}>
        {inside}
      </kit.Item>
    ) : (
      <kit.CheckboxItem key={index} {...shared} checked={item.checked}>
        {inside}
      </kit.CheckboxItem>
    )
  })
}
