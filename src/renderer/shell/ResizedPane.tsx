/** A region whose size the user sets by its edge, and which remembers it. */
import type { ReactNode } from 'react'
import { classes } from '../parts/classes.ts'
import { Resizer } from '../parts/Resizer.tsx'
import { usePref } from '../state/prefs.ts'
import styles from './ResizedPane.module.css'

export function ResizedPane({
  name,
  pref,
  edge,
  size,
  min,
  max,
  className,
  landmark,
  children
}: {
  name: string
  pref: string
  edge: 'left' | 'right' | 'top'
  /** Until the user sets one. */
  size: number
  min: number
  max: () => number
  className?: string | undefined
  /** Makes it a landmark of navigation with this name. */
  landmark?: string
  children: ReactNode
}) {
  const [chosen, setChosen] = usePref(pref, 0)
  const most = Math.round(max())
  const shown = Math.max(min, Math.min(most, chosen || size))
  const Pane = landmark === undefined ? 'div' : 'nav'
  return (
    <Pane aria-label={landmark} className={classes(styles['pane'], className)} style={edge === 'top' ? { height: shown } : { width: shown }}>
      {children}
      <Resizer name={name} edge={edge} size={shown} min={min} max={most} onResize={setChosen} onReset={() => setChosen(0)} />
    </Pane>
  )
}
