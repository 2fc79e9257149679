/** A shortcut such as `Ctrl+Shift+O` as key caps, in this platform's words. */
import { classes } from './classes.ts'
import styles from './KeyCaps.module.css'

const mac = /Mac|iPhone|iPad/.test(navigator.platform)
const words: Record<string, string> = { ...(mac && { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' }), ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', ' ': 'Space' }

const keysIn = (keys: string): string[] => keys.split(/\+(?!$)/).map((key) => words[key] ?? key)

/** The same in one string. */
export const keyWords = (keys: string): string => keysIn(keys).join(mac ? '' : '+')

/** As `aria-keyshortcuts` has them. */
export const ariaKeys = (keys: string): string => keys.replace('Ctrl', mac ? 'Meta' : 'Control')

export function KeyCaps({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={classes(styles['caps'], className)}>
      {keysIn(keys).map((key) => (
        <kbd key={key} className={styles['cap']}>
          {key}
        </kbd>
      ))}
    </span>
  )
}
