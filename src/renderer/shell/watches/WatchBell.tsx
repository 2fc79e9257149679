/** In the status bar: how many watches fire; opens the dialog. */
import { Bell, BellRing } from 'lucide-react'
import { classes } from '../../parts/classes.ts'
import { counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { firingOf, openWatches, watchStore } from '../../state/watches.ts'
import styles from '../status/StatusBar.module.css'

export function WatchBell() {
  const watches = watchStore((s) => s.watches)
  const unseen = firingOf(watches).length
  const firing = firingOf(watches, { seen: true }).length
  const words = unseen > 0 ? `${counted(unseen, 'watch fires', 'watches fire')}` : firing > 0 ? `${counted(firing, 'watch fires', 'watches fire')}, seen` : watches.length > 0 ? counted(watches.length, 'watch', 'watches') : 'No watches'
  return (
    <button type="button" className={classes(styles['cell'], styles['button'])} aria-haspopup="dialog" aria-label={words} onClick={() => openWatches()}>
      <Icon of={unseen > 0 ? BellRing : Bell} size={12} className={unseen > 0 ? 'waitc' : 't3'} />
      <span className={unseen > 0 ? undefined : styles['late']}>{words}</span>
    </button>
  )
}
