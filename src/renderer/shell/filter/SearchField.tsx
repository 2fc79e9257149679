/** Full-text search over all fields. Applied shortly after the last letter, at once with Enter; Escape clears, then leaves. */
import { Search, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { classes } from '../../parts/classes.ts'
import { IconButton } from '../../parts/IconButton.tsx'
import { ariaKeys, KeyCaps } from '../../parts/KeyCaps.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import styles from './FilterBar.module.css'
import { useKeysOf } from '../../state/commands.ts'

export const searchFieldId = 'search-text'
const appliedAfterMs = 250

export function SearchField() {
  const applied = useWorkbench((s) => s.search)
  const [text, setText] = useState(applied)
  const keys = useKeysOf('search')
  useEffect(() => setText(applied), [applied])
  useEffect(() => {
    if (text === applied) return
    const timer = setTimeout(() => workbench.getState().setSearch(text), appliedAfterMs)
    return () => clearTimeout(timer)
  }, [text, applied])
  const set = (next: string): void => {
    setText(next)
    workbench.getState().setSearch(next)
  }
  return (
    <TextField
      id={searchFieldId}
      name="Search text in all fields"
      placeholder="Search text"
      type="search"
      aria-keyshortcuts={keys === undefined ? undefined : ariaKeys(keys)}
      icon={Search}
      className={classes(styles['search'], text !== '' && styles['filled'])}
      value={text}
      onChange={setText}
      after={text === '' ? keys !== undefined && <KeyCaps keys={keys} /> : <IconButton small name="Clear the search" icon={X} onClick={() => set('')} />}
      onKeyDown={(event) => {
        if (event.key === 'Enter') set(text)
        if (event.key !== 'Escape') return
        event.preventDefault()
        if (text === '') event.currentTarget.blur()
        else set('')
      }}
    />
  )
}
