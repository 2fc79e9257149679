/** What leaves: how many of how many, by which scope, filtered, selected or whole, and what becomes of nulls. */
import { CardState } from '../../parts/CardState.tsx'
import { count, counted } from '../../parts/format.ts'
import { GapMark } from '../../parts/GapHatch.tsx'
import { RadioCards } from '../../parts/RadioCards.tsx'
import { type About, isDocument, isStore, isTable } from '../../state/exportChoice.ts'
import { singular } from '../../state/useMatching.ts'
import css from './ExportDialog.module.css'
import { nullWords } from './exportWords.ts'
import { ScopeTags } from './ScopeTags.tsx'
import type { ExportState } from './useExportChoice.ts'
import type { ExportFigures } from './useExportFigures.ts'
import type { ExportSubject } from './useExportSubject.ts'

export function WhatPart({ state, figures, subject }: { state: ExportState; figures: ExportFigures; subject: ExportSubject }) {
  const { choice, change } = state
  const { records, leaving, total, matching, selected } = figures
  const options: { value: About; label: string; detail?: string; disabled?: boolean }[] = [
    { value: 'filtered', label: 'What is filtered', detail: matching === null ? '…' : count(matching) },
    { value: 'selected', label: 'Selected', detail: count(selected), disabled: selected === 0 },
    { value: 'whole', label: 'Whole source', detail: count(total) }
  ]
  if (isDocument(choice.to)) {
    options.push({ value: 'workflow', label: 'A workflow' }, { value: 'campaign', label: 'A campaign' }, { value: 'lineage', label: 'Lineage of a task', ...(subject.taskId === null && { detail: '(select one first)' }), disabled: subject.taskId === null })
  }
  return (
    <section className={css['part']} aria-label="What leaves">
      <div className={css['headline']}>
        <span className={css['figure']}>{leaving === null ? '…' : count(leaving)}</span>
        <span className="t2 grow">
          of {count(total)} {records}
        </span>
        <span className="f12 t2">{columnWords(state, figures)}</span>
      </div>
      {choice.about === 'filtered' && <ScopeTags sorted={isTable(choice.to)} />}
      <RadioCards name="Which rows" value={choice.about} options={options} onChange={(about) => change({ about })} />
      <CardState answer={{ data: figures.error ? null : true, error: figures.error, retry: figures.retry }} />
      {leaving === 0 && <p className="f12 waitc">{nothingWords(choice.about)}</p>}
      <Notes state={state} figures={figures} />
    </section>
  )
}

function nothingWords(about: About): string {
  return { filtered: 'Nothing matches the filter: there is nothing to write.', selected: 'Nothing is selected.', whole: 'There is none in this source.', workflow: 'This workflow has no tasks here.', campaign: 'This campaign has no tasks here.', lineage: 'This task has no lineage here.' }[about]
}

function columnWords({ choice }: ExportState, { columns, allColumns, records }: ExportFigures): string {
  if (isStore(choice.to)) return `a store gets whole ${records}`
  if (!isTable(choice.to)) return ''
  if (choice.to === 'jsonl') return `whole ${records}`
  if (columns === null || allColumns === null) return ''
  return columns === allColumns ? counted(columns, 'column') : `${count(columns)} of ${counted(allColumns, 'column')}`
}

/** What is to be known before it leaves: where rows come from, nulls, gaps, and what is still arriving. */
function Notes({ state: { source, choice, view }, figures: { records, nulls, nullsOfFirst, leaving } }: { state: ExportState; figures: ExportFigures }) {
  const { live } = source
  const partly = source.state === 'reading' ? 'The source is still being read: what is there when writing begins is written.' : 'The source was read in part: that part is written.'
  return (
    <>
      <p className="f11 t3">
        {records === 'messages' ? 'Messages as they were read.' : `${records.charAt(0).toUpperCase()}${records.slice(1)}, each merged from its messages.`}
        {records !== view.records && ` The table shows ${view.records}; ${isDocument(choice.to) ? 'documents are about tasks' : 'a store keeps records'}.`}
        {leaving !== 0 && ` ${nullWords(nulls, nullsOfFirst)}`}
      </p>
      {live && live.gapCount > 0 && (
        <p className="row f11 waitc">
          <GapMark />
          {counted(live.gapCount, 'gap')}: stamped into the export, beside it.
        </p>
      )}
      {live && live.link.name !== 'detached' && <p className="f11 waitc">Messages go on arriving: the file will hold what is {live.pausedAt === null ? 'there' : 'shown'} when writing begins.</p>}
      {source.state !== 'ready' && !live && <p className="f11 waitc">{partly}</p>}
    </>
  )
}

/** `1,276 tasks`, `1 task`; without a number as long as it is counted. */
export const nounOf = (n: number | null, records: ExportFigures['records']): string => (n === null ? records : `${count(n)} ${n === 1 ? singular(records) : records}`)
