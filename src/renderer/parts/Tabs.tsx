/** A row of tabs; the panel stands elsewhere and is named by the tab's id. Arrow keys move, Home and End jump. What has no room is in a menu at its end; the present tab never is. */
import { Ellipsis, type LucideIcon } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import { ariaKeys } from './KeyCaps.tsx'
import { Menu } from './Menu.tsx'
import styles from './Tabs.module.css'

export type Tab<T extends string> = { id: T; name: string; label?: ReactNode; icon?: LucideIcon; keys?: string | undefined }

/** Ids of a tab and its panel, for `aria-controls` and `aria-labelledby`. */
export const tabIds = (group: string, id: string): { tab: string; panel: string } => ({ tab: `${group}-tab-${id}`, panel: `${group}-panel-${id}` })

export function Tabs<T extends string>({ name, group, tabs, value, onChange, className }: { name: string; group: string; tabs: Tab<T>[]; value: T; onChange: (id: T) => void; className?: string }) {
  const row = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const folded = useFolded(row, list, tabs.map(({ id }) => id), value)
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
    <div ref={row} className={classes(styles['row'], className)}>
      <div ref={list} role="tablist" aria-label={name} className={styles['tabs']} onKeyDown={move}>
        {tabs.map((tab) => {
          const on = tab.id === value
          const ids = tabIds(group, tab.id)
          return (
            <button key={tab.id} type="button" role="tab" id={ids.tab} data-tab={tab.id} hidden={folded.has(tab.id)} aria-controls={on ? ids.panel : undefined} aria-selected={on} tabIndex={on ? 0 : -1} className={classes(styles['tab'], on && styles['on'])} aria-keyshortcuts={tab.keys === undefined ? undefined : ariaKeys(tab.keys)} onClick={() => onChange(tab.id)}>
              {tab.icon && <Icon of={tab.icon} size={14} className={styles['icon']} />}
              {tab.label ?? tab.name}
            </button>
          )
        })}
      </div>
      {folded.size > 0 && (
        <Menu
          name={`More ${name.toLowerCase()}`}
          align="start"
          trigger={<IconButton small name={`More ${name.toLowerCase()}`} icon={Ellipsis} className={styles['more']} />}
          items={tabs.filter(({ id }) => folded.has(id)).map((tab) => ({ label: tab.name, ...(tab.icon && { icon: tab.icon }), ...(tab.keys !== undefined && { keys: tab.keys }), run: () => onChange(tab.id) }))}
        />
      )}
    </div>
  )
}

/** Of the menu's button. */
const moreWidthPx = 34

/** Which tabs have no room, the last ones first. */
function useFolded(row: { current: HTMLElement | null }, list: { current: HTMLElement | null }, ids: readonly string[], value: string): ReadonlySet<string> {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const widths = useRef(new Map<string, number>())
  const key = ids.join(' ')
  useLayoutEffect(() => {
    if (!row.current) return
    const fit = (): void => {
      for (const tab of list.current?.querySelectorAll<HTMLElement>('[data-tab]') ?? []) if (!tab.hidden) widths.current.set(tab.dataset['tab'] ?? '', tab.offsetWidth)
      const names = key.split(' ')
      const widthOf = (id: string): number => widths.current.get(id) ?? 0
      const room = row.current?.clientWidth ?? 0
      const whole = names.reduce((sum, id) => sum + widthOf(id), 0)
      let left = whole <= room ? Infinity : room - moreWidthPx - widthOf(value)
      const next = names.filter((id) => {
        if (id === value) return false
        left -= widthOf(id)
        return left < 0
      })
      setFolded((before) => (before.size === next.length && next.every((id) => before.has(id)) ? before : new Set(next)))
    }
    fit()
    const observer = new ResizeObserver(fit)
    observer.observe(row.current)
    return () => observer.disconnect()
  }, [row, list, key, value])
  return folded
}
