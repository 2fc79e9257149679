/** A text field with a list of completions: combobox and listbox of the ARIA practices. Free text stays allowed. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { classes } from './classes.ts'
import styles from './SuggestField.module.css'
import { TextField, type TextFieldProps } from './TextField.tsx'

export type Suggestion = { key: string; label: ReactNode; detail?: ReactNode }

export type SuggestFieldProps = Omit<TextFieldProps, 'onSelect'> & {
  suggestions: Suggestion[]
  /** Enter or a click on a suggestion. */
  onPick: (key: string) => void
  /** Enter without a suggestion marked. */
  onEnter?: () => void
  /** Whether Enter takes the first suggestion if none was marked with the arrows. */
  firstMarked?: boolean
  /** The suggestions are still those of an earlier text: Enter waits for those of this one. */
  pending?: boolean
  /** Said above the list: how many there are in all, or why there are none. */
  note?: ReactNode
  /** Shows the list in the flow, for use inside a popover, not as a layer. */
  inline?: boolean
}

export function SuggestField({ suggestions, onPick, onEnter, firstMarked = false, pending = false, note, inline = false, onKeyDown, onFocus, onBlur, ...field }: SuggestFieldProps) {
  const listId = useId()
  const list = useRef<HTMLUListElement>(null)
  const [marked, setMarked] = useState(-1)
  const [open, setOpen] = useState(inline)
  const keys = suggestions.map((suggestion) => suggestion.key).join('\n')
  useEffect(() => setMarked(firstMarked && suggestions.length > 0 ? 0 : -1), [keys, firstMarked, suggestions.length])
  useEffect(() => {
    // In braces: newer browsers give a promise back, which an effect must not.
    list.current?.children[marked]?.scrollIntoView({ block: 'nearest' })
  }, [marked])
  const [entered, setEntered] = useState<string | null>(null)
  useEffect(() => {
    if (entered === null || pending) return
    setEntered(null)
    const [first] = suggestions
    if (entered !== field.value) return
    if (firstMarked && first) onPick(first.key)
    else onEnter?.()
  }, [entered, pending, suggestions, field.value, firstMarked, onPick, onEnter])
  const shown = inline || (open && suggestions.length > 0)

  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    onKeyDown?.(event)
    if (event.defaultPrevented) return
    const last = suggestions.length - 1
    const to = { ArrowDown: marked >= last ? 0 : marked + 1, ArrowUp: marked <= 0 ? last : marked - 1 }[event.key]
    const suggestion = suggestions[marked]
    if (to !== undefined && last >= 0) {
      event.preventDefault()
      setOpen(true)
      setMarked(to)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      // Named in full it is among those of an earlier text as well.
      const named = suggestions.find(({ key }) => key === field.value)
      if (pending && named) onPick(named.key)
      else if (pending) setEntered(field.value)
      else if (shown && suggestion) onPick(suggestion.key)
      else onEnter?.()
    } else if (event.key === 'Escape' && open && !inline) {
      event.stopPropagation()
      setOpen(false)
    }
  }

  return (
    <span className={classes(styles['suggest'], inline && styles['inline'], field.className)}>
      <TextField
        {...field}
        className={styles['input'] ?? ''}
        role="combobox"
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown && marked >= 0 ? `${listId}-${marked}` : undefined}
        onKeyDown={press}
        onFocus={(event) => (setOpen(true), onFocus?.(event))}
        onBlur={(event) => (setOpen(inline), onBlur?.(event))}
      />
      {note !== undefined && inline && <span className={styles['note']}>{note}</span>}
      <ul ref={list} id={listId} role="listbox" aria-label={field.name} className={styles['list']} hidden={!shown}>
        {suggestions.map((suggestion, index) => (
          <li
            key={suggestion.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === marked}
            className={classes(styles['option'], index === marked && styles['marked'])}
            onPointerMove={() => setMarked(index)}
            // The press must not take the focus from the field.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(suggestion.key)}
          >
            <span className="grow ell">{suggestion.label}</span>
            {suggestion.detail !== undefined && <span className="t3 f11 nw">{suggestion.detail}</span>}
          </li>
        ))}
      </ul>
    </span>
  )
}
