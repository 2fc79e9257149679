/** A choice of one from a long list, by search. */
import { ChevronDown, Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import { classes } from '../../parts/classes.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { TextField } from '../../parts/TextField.tsx'
import css from './Sweep.module.css'

export type PickOption = { value: string; label: string; /** In grey at the end. */ detail?: string }

/** Listed at once; the search finds the others. */
const mostListed = 200

export function PickField({ name, value, options, onChange, className, children }: { /** Accessible name. */ name: string; value: string | null; options: readonly PickOption[]; onChange: (value: string) => void; className?: string | undefined; /** What the button shows, if not the label. */ children?: ReactNode }): ReactNode {
  const [open, setOpen] = useState(false)
  const chosen = options.find((option) => option.value === value)
  return (
    <Popover
      name={name}
      open={open}
      onOpenChange={setOpen}
      className={css['pickLayer']}
      trigger={
        <button type="button" className={classes(css['pick'], className)} aria-label={`${name}: ${chosen?.label ?? value ?? 'none'}`}>
          <span className="ell">{children ?? chosen?.label ?? value ?? 'choose…'}</span>
          <Icon of={ChevronDown} size={12} className="t3" />
        </button>
      }
    >
      <PickList
        name={name}
        value={value}
        options={options}
        onPick={(picked) => {
          setOpen(false)
          onChange(picked)
        }}
      />
    </Popover>
  )
}

export function PickList({ name, value, options, onPick }: { name: string; value: string | null; options: readonly PickOption[]; onPick: (value: string) => void }): ReactNode {
  const listId = useId()
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = options.filter(({ label }) => label.toLowerCase().includes(wanted))
  const shown = found.slice(0, mostListed)
  const [marked, setMarked] = useState(0)
  const at = Math.min(marked, shown.length - 1)
  const mark = (index: number): void => {
    setMarked(index)
    document.getElementById(`${listId}-${index}`)?.scrollIntoView({ block: 'nearest' })
  }
  const press = (event: KeyboardEvent): void => {
    const to = { ArrowDown: Math.min(shown.length - 1, at + 1), ArrowUp: Math.max(0, at - 1) }[event.key]
    if (to !== undefined) mark(to)
    else if (event.key === 'Enter' && shown[at]) onPick(shown[at].value)
    else return
    event.preventDefault()
  }
  return (
    <div className={css['pickBody']}>
      <div className={css['pickSearch']}>
        <TextField
          name={`Find: ${name}`}
          placeholder="Find"
          icon={Search}
          small
          value={search}
          onChange={(text) => {
            setSearch(text)
            setMarked(0)
          }}
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={shown.length > 0 ? `${listId}-${at}` : undefined}
          onKeyDown={press}
        />
      </div>
      <ul id={listId} role="listbox" aria-label={name} className={css['pickList']}>
        {shown.map((option, index) => (
          <li key={option.value} id={`${listId}-${index}`} role="option" aria-selected={option.value === value} data-marked={index === at || undefined} className={css['pickOption']} onPointerMove={() => setMarked(index)} onClick={() => onPick(option.value)}>
            <span className="grow ell">{option.label}</span>
            {option.detail !== undefined && <span className="f11 t3 nw">{option.detail}</span>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={css['pickNote']}>Nothing with “{search}”.</p>}
      {found.length > shown.length && <p className={css['pickNote']}>{found.length - shown.length} more: type to find them.</p>}
    </div>
  )
}
