/** A choice of one from a short list: the select-only combobox of the ARIA practices. */
import { ChevronDown } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import styles from './SelectField.module.css'

export function SelectField<T extends string>({ name, value, options, onChange, className }: { /** Accessible name. */ name: string; value: T; options: { value: T; label: string }[]; onChange: (value: T) => void; className?: string | undefined }) {
  const listId = useId()
  const list = useRef<HTMLUListElement>(null)
  const chosen = Math.max(0, options.findIndex((option) => option.value === value))
  const [open, setOpen] = useState(false)
  const [marked, setMarked] = useState(chosen)
  useEffect(() => {
    if (open) list.current?.children[marked]?.scrollIntoView({ block: 'nearest' })
  }, [open, marked])
  const show = (): void => {
    setMarked(chosen)
    setOpen(true)
  }
  const take = (index: number): void => {
    setOpen(false)
    const option = options[index]
    if (option && option.value !== value) onChange(option.value)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const last = options.length - 1
    const moves: Record<string, number> = { ArrowDown: Math.min(last, marked + 1), ArrowUp: Math.max(0, marked - 1), Home: 0, End: last }
    const to = moves[event.key] ?? (event.key.length === 1 && event.key !== ' ' ? startingWith(event.key, options, open ? marked : chosen) : undefined)
    if (!open) {
      if (to === undefined && event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      show()
      if (to !== undefined && event.key.length === 1) setMarked(to)
    } else if (to !== undefined) {
      event.preventDefault()
      setMarked(to)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      take(marked)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    } else if (event.key === 'Tab') take(marked)
  }
  return (
    <span className={classes(styles['select'], className)}>
      <button
        type="button"
        role="combobox"
        aria-label={name}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-controls={listId}
        aria-activedescendant={open ? `${listId}-${marked}` : undefined}
        className={styles['field']}
        onClick={() => (open ? setOpen(false) : show())}
        onKeyDown={press}
        onBlur={() => setOpen(false)}
      >
        <span className="grow ell">{options[chosen]?.label}</span>
        <Icon of={ChevronDown} size={12} className="t3" />
      </button>
      <ul ref={list} id={listId} role="listbox" aria-label={name} className={styles['list']} hidden={!open}>
        {options.map((option, index) => (
          <li
            key={option.value}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            data-marked={index === marked || undefined}
            className={styles['option']}
            onPointerMove={() => setMarked(index)}
            // The press must not take the focus from the field, which would close the list before the click.
            onPointerDown={(event) => event.preventDefault()}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(index)}
          >
            {option.label}
          </li>
        ))}
      </ul>
    </span>
  )
}

/** The next option after `from` that begins with the letter. */
function startingWith(letter: string, options: { label: string }[], from: number): number | undefined {
  const order = options.map((_, step) => (from + 1 + step) % options.length)
  return order.find((index) => options[index]?.label.toLowerCase().startsWith(letter.toLowerCase()))
}
