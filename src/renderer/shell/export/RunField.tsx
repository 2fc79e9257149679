/** Which workflow or campaign a document is about, found by a part of its name or id. */
import { useState } from 'react'
import { count, counted } from '../../parts/format.ts'
import { SuggestField } from '../../parts/SuggestField.tsx'
import css from './ExportDialog.module.css'
import type { ExportSubject } from './useExportSubject.ts'

export function RunField({ about, subject: { runs, totalRuns, id, name, search, setSearch, setRunId } }: { about: 'workflow' | 'campaign'; subject: ExportSubject }) {
  const [typing, setTyping] = useState(false)
  const pick = (picked: string): void => {
    setRunId(picked)
    setSearch('')
    setTyping(false)
  }
  return (
    <div className={css['naming']}>
      <span className="t2 f12" aria-hidden="true">
        {about === 'workflow' ? 'Workflow' : 'Campaign'}
      </span>
      <SuggestField
        className="grow"
        name={about === 'workflow' ? 'Which workflow' : 'Which campaign'}
        value={typing ? search : (name ?? '')}
        placeholder="Find by name or id"
        firstMarked
        suggestions={runs.map(({ run, name: label, tasks }) => ({ key: run.id ?? '', label: label === run.id ? label : `${label} ${(run.id ?? '').slice(0, 8)}`, detail: counted(tasks, 'task') }))}
        onChange={(text) => {
          setTyping(true)
          setSearch(text)
        }}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => {
          setTyping(false)
          setSearch('')
        }}
        onPick={pick}
      />
      <span className="f11 t3 mono">{id !== null && id !== name ? id.slice(0, 8) : ''}</span>
      {runs.length === 0 && <span className="f11 t3">{search === '' ? `There is no ${about} here.` : 'None of that name.'}</span>}
      {totalRuns > runs.length && runs.length > 0 && <span className="hidden">{`${count(runs.length)} are listed`}</span>}
    </div>
  )
}
