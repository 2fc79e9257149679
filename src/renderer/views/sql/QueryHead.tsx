/** Above the editor: what the query is called, what it may do, of which rows it is asked, and the button that runs it. */
import { Bookmark, CircleStop, Lock, Play } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Popover } from '../../parts/Popover.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { Tooltip } from '../../parts/Tooltip.tsx'
import { useKeysOf } from '../../state/commands.ts'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import { savedQueries, saveQuery, useSavedQueries } from './queryLists.ts'
import { writeText } from './statements.ts'
import css from './Sql.module.css'

export type ScopeChoice = 'source' | 'filter'
type Props = { sourceId: string; name: string | null; text: string; scope: Scope; choice: ScopeChoice; onChoice: (choice: ScopeChoice) => void; running: boolean; onRun: () => void; onCancel: () => void }

export function QueryHead({ choice, name, onCancel, onChoice, onRun, running, scope, sourceId, text }: Props): ReactNode {
  const saved = useSavedQueries().find((query) => query.name === name)
  const keys = useKeysOf('sql.run')
  return (
    <div className={css['head']}>
      <span className="med ell">{name ?? 'New query'}</span>
      {saved && saved.text !== text && <span className="f11 t3">edited</span>}
      <Tooltip text="Only SELECT runs: the source is read, never changed, and no file is read or written">
        <span tabIndex={0} className={css['tags']}>
          <Tag>
            <Icon of={Lock} size={12} /> Read-only
          </Tag>
          <Tag>DuckDB</Tag>
        </span>
      </Tooltip>
      <span className="grow" />
      <ScopeWords sourceId={sourceId} scope={scope} choice={choice} />
      <Segmented
        name="Rows that are asked"
        value={choice}
        options={[
          { value: 'source', label: 'Source' },
          { value: 'filter', label: 'Filter' }
        ]}
        onChange={onChoice}
      />
      <SaveButton name={name} text={text} />
      {running ? (
        <Button icon={CircleStop} onClick={onCancel}>
          Cancel
        </Button>
      ) : (
        <Button tone="primary" icon={Play} disabled={text.trim() === ''} onClick={onRun}>
          Run <span className={css['keys']}>{keys?.replace('+', ' ')}</span>
        </Button>
      )}
    </div>
  )
}

function ScopeWords({ choice, scope, sourceId }: Pick<Props, 'choice' | 'scope' | 'sourceId'>): ReactNode {
  const { data } = useCall('filter.counts', choice === 'filter' ? { sourceId, records: 'tasks', scopes: [{ filter: {}, search: '' }, scope] } : null)
  const [all, left] = data?.counts ?? []
  return (
    <Tooltip text="The filter bar leaves out tasks and messages; workflows, agents and objects stay whole">
      <span className={css['scope']} tabIndex={0}>
        {choice === 'source' ? 'Scope: whole source' : left === undefined || all === undefined ? 'Scope: filter' : `Scope: ${count(left)} of ${count(all)} tasks`}
      </span>
    </Tooltip>
  )
}

function SaveButton({ name, text }: Pick<Props, 'name' | 'text'>): ReactNode {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const wanted = typed.trim()
  const isKnown = savedQueries().some((query) => query.name === wanted)
  const save = (event: FormEvent): void => {
    event.preventDefault()
    if (wanted === '') return
    saveQuery(wanted, text)
    writeText(text, wanted)
    setOpen(false)
    toast({ tone: 'done', title: `Saved as ${wanted}` })
  }
  return (
    <Popover
      name="Save the query"
      align="end"
      open={open}
      onOpenChange={(next) => {
        if (next) setTyped(name ?? '')
        setOpen(next)
      }}
      trigger={
        <Button icon={Bookmark} disabled={text.trim() === ''}>
          Save
        </Button>
      }
    >
      <form className={css['save']} onSubmit={save}>
        <TextField name="Name of the query" value={typed} onChange={setTyped} placeholder="Name" maxLength={120} autoFocus />
        <Button tone="primary" type="submit" disabled={wanted === ''}>
          {isKnown ? 'Replace' : 'Save'}
        </Button>
      </form>
    </Popover>
  )
}
