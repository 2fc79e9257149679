/** Below the schema: queries saved by name, and those that ran lately. */
import { FileCode2, History, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { ago, count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { deleteQuery, forgetHistory, type RunNote, type SavedQuery, saveQuery, useHistory, useSavedQueries } from './queryLists.ts'
import { toast } from '../../state/toasts.ts'
import css from './Sql.module.css'

type Open = (text: string, name: string | null, run: boolean) => void

export function QueryLists({ name, onOpen }: { name: string | null; onOpen: Open }): ReactNode {
  const saved = useSavedQueries()
  const history = useHistory()
  const [shown, setShown] = useState<'saved' | 'history'>('saved')
  return (
    <section className={css['lists']} aria-label="Queries">
      <header className={css['sideHead']}>
        <Segmented
          name="Queries"
          value={shown}
          options={[
            { value: 'saved', label: `Saved ${count(saved.length)}` },
            { value: 'history', label: `History ${count(history.length)}` }
          ]}
          onChange={setShown}
        />
        <span className="grow" />
        {shown === 'history' && history.length > 0 && <IconButton small name="Forget the history" icon={Trash2} onClick={forgetHistory} />}
      </header>
      {shown === 'saved' && saved.length === 0 && <p className={css['note']}>A query that is saved is kept here by its name.</p>}
      {shown === 'history' && history.length === 0 && <p className={css['note']}>Queries that ran are kept here.</p>}
      <ul className={css['list']}>
        {shown === 'saved' ? saved.map((query) => <SavedRow key={query.name} query={query} isOpen={query.name === name} onOpen={onOpen} />) : history.map((note) => <HistoryRow key={`${note.at} ${note.text}`} note={note} onOpen={onOpen} />)}
      </ul>
    </section>
  )
}

function SavedRow({ isOpen, onOpen, query: { at, name, text } }: { query: SavedQuery; isOpen: boolean; onOpen: Open }): ReactNode {
  const remove = (): void => {
    deleteQuery(name)
    toast({ tone: 'note', title: `${name} was deleted`, action: { label: 'Undo', run: () => saveQuery(name, text) } })
  }
  return (
    <li className={css['query']} aria-current={isOpen || undefined}>
      <button type="button" className={css['queryButton']} title={text} onClick={() => onOpen(text, name, false)}>
        <Icon of={FileCode2} size={14} />
        <span className="grow ell">{name}</span>
        <span className="f11 t3">{ago(at)}</span>
      </button>
      <IconButton small name={`Delete ${name}`} icon={Trash2} className={css['delete']} onClick={remove} />
    </li>
  )
}

function HistoryRow({ note: { at, ms, rows, text }, onOpen }: { note: RunNote; onOpen: Open }): ReactNode {
  return (
    <li className={css['query']}>
      <button type="button" className={css['queryButton']} title={`${text}\n\n${counted(rows, 'row')} in ${count(ms)} ms`} onClick={() => onOpen(text, null, false)}>
        <Icon of={History} size={14} />
        <span className="mono grow ell">{text.replaceAll(/\s+/g, ' ')}</span>
        <span className="f11 t3">{ago(at)}</span>
      </button>
    </li>
  )
}
