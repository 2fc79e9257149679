/** Notes at the lower right about what finished or failed meanwhile. Those that went well leave by themselves; failures stay. */
import { CircleCheck, Info, OctagonX, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../parts/Button.tsx'
import { Icon } from '../parts/Icon.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { type Toast, dismissToast, toasts } from '../state/toasts.ts'
import styles from './Toasts.module.css'

const staysMs = 8000
const icons = { done: { icon: CircleCheck, tone: 'okc' }, failed: { icon: OctagonX, tone: 'errc' }, note: { icon: Info, tone: 't3' } }

export function Toasts() {
  const shown = toasts((s) => s.shown)
  return (
    <section className={styles['toasts']} aria-label="Notes">
      {shown.map((note) => (
        <Note key={note.key} note={note} />
      ))}
    </section>
  )
}

function Note({ note }: { note: Toast }) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (note.tone === 'failed' || held) return
    const timer = setTimeout(() => dismissToast(note.key), staysMs)
    return () => clearTimeout(timer)
  }, [note, held])
  const { icon, tone } = icons[note.tone]
  return (
    <div className={styles['toast']} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <Icon of={icon} size={14} className={tone} />
      <div className={styles['words']}>
        <div className="med">{note.title}</div>
        {note.detail !== undefined && <div className={styles['detail']}>{note.detail}</div>}
        {note.action && (
          <Button tone="link" size="small" className={styles['action']} onClick={() => (note.action?.run(), dismissToast(note.key))}>
            {note.action.label}
          </Button>
        )}
      </div>
      <IconButton small name="Dismiss" icon={X} onClick={() => dismissToast(note.key)} />
    </div>
  )
}
