/** A row of tabs; the panel stands elsewhere and is named by the tab's id. Arrow keys move, Home and End jump. */
import type { LucideIcon } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import styles from './Tabs.module.css'

export type Tab<T extends string> = { id: T; label: ReactNode; icon?: LucideIcon; keys?: string }

/** Ids of a tab and its panel, for `aria-controls` and `aria-labelledby`. */
export const tabIds = (group: string, id: string): { tab: string; panel: string } => ({ tab: `${group}-tab-${id}`, panel: `${group}-panel-${id}` })

export function Tabs<T extends string>({ name, group, tabs, value, onChange, className }: { name: string; group: string; tabs: Tab<T>[]; value: T; onChange: (id: T) => void; className?: string }) {
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const index = tabs.findIndex((tab) => tab.id === value)
    const to = { ArrowRight: (index + 1) % tabs.length, ArrowLeft: (index + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key]
    const tab = to === undefined ? undefined : tabs[to]
    if (!tab) return
    event.preventDefault()
    onChange(tab.id)
    list.current?.querySelector<HTMLElement>(`#${tabIds(group, tab.id).tab}`)?.focus()
  }
  return (
    <div ref={list} role="tablist" aria-label={name} className={classes(styles['tabs'], className)} onKeyDown={move}>
      {tabs.map((tab) => {
        const on = tab.id === value
        const ids = tabIds(group, tab.id)
        return (
          <button key={tab.id} type="button" role="tab" id={ids.tab} aria-controls={on ? ids.panel : undefined} aria-selected={on} tabIndex={on ? 0 : -1} className={classes(styles['tab'], on && styles['on'])} aria-keyshortcuts={tab.keys?.replace('Ctrl', 'Control')} onClick={() => onChange(tab.id)}>
            {tab.icon && <Icon of={tab.icon} size={14} className={styles['icon']} />}
            {tab.label}
          </button>
        )
      })}
    </div>
  )
}
