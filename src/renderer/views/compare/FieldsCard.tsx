/** Parameters and values of both runs, field by field: what differs, by how much, and what is only carried over. */
import { Fragment, type ReactNode, useEffect, useState } from 'react'
import type { Result } from '#contract/methods'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count, counted } from '../../parts/format.ts'
import { Segmented } from '../../parts/Segmented.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { showTask } from '../../state/compare.ts'
import { useCall } from '../../state/query.ts'
import { useWorkbench } from '../../state/workbench.ts'
import css from './Compare.module.css'
import { CompareCard, Nothing } from './CompareCard.tsx'
import { SideMark } from './SideMark.tsx'
import type { PairParams, Summary } from './TwoRuns.tsx'
import { useCellKeys } from './useCellKeys.ts'
import { cellText, differenceText, exactText, percentText } from './valueText.ts'

type Fields = Result<'compare.fields'>
type FieldRow = Fields['rows'][number]
type Section = Fields['sections'][number]

const pageSize = 200

export function FieldsCard({ params, summary }: { params: PairParams; summary: Summary | null }): ReactNode {
  const all = useWorkbench((s) => s.compare.all)
  const setCompare = useWorkbench((s) => s.setCompare)
  const [pages, setPages] = useState(1)
  const key = JSON.stringify([params, all])
  useEffect(() => setPages(1), [key])
  const answer = useCall('compare.fields', { ...params, onlyDifferences: !all, limit: pageSize })
  const keys = useCellKeys()
  const fields = answer.data
  const known = fields?.sections.reduce((sum, { rows, equal, carried }) => sum + rows + (all ? 0 : equal + carried), 0) ?? null
  const left = fields ? fields.total - pages * pageSize : 0
  const hasCells = (fields?.rows.length ?? 0) > 0
  return (
    <CompareCard
      title="Parameters and outputs"
      answer={answer}
      tools={
        <Segmented
          name="Fields shown"
          value={all ? 'all' : 'differences'}
          options={[
            { value: 'differences', label: 'Only differences' },
            { value: 'all', label: known === null ? 'All' : `All ${count(known)}` }
          ]}
          onChange={(value) => setCompare({ all: value === 'all' })}
        />
      }
    >
      {fields && (
        <div role="table" aria-label="Parameters and outputs" aria-rowcount={fields.total} className={css['fields']} {...(hasCells && keys)}>
          <div role="row" className={classes(css['fieldRow'], css['heads2'])}>
            <span role="columnheader">field</span>
            <span role="columnheader" className="num">
              <SideMark side="a" />
            </span>
            <span role="columnheader" className="num">
              <SideMark side="b" />
            </span>
            <span role="columnheader" className="num">
              B − A
            </span>
            <span role="columnheader" className="num">
              %
            </span>
          </div>
          {Array.from({ length: pages }, (_, page) => (
            <FieldPage key={page} params={params} all={all} offset={page * pageSize} sections={fields.sections} />
          ))}
          {!all && <Quiet sections={fields.sections} />}
        </div>
      )}
      {fields?.total === 0 && (
        <Nothing>
          Nothing differs in {counted(known ?? 0, 'field')}
          {summary && ` of ${counted(summary.matched, 'matched task')}`}.
        </Nothing>
      )}
      {left > 0 && (
        <div className={css['more']}>
          <Button tone="link" size="small" onClick={() => setPages(pages + 1)}>
            Show {count(Math.min(pageSize, left))} more of {count(fields?.total ?? 0)}
          </Button>
        </div>
      )}
    </CompareCard>
  )
}

function FieldPage({ params, all, offset, sections }: { params: PairParams; all: boolean; offset: number; sections: readonly Section[] }): ReactNode {
  const { data } = useCall('compare.fields', { ...params, onlyDifferences: !all, limit: pageSize, ...(offset > 0 && { offset }) })
  const starts = new Map<number, Section>()
  let at = 0
  for (const section of sections) {
    if (section.rows > 0) starts.set(at, section)
    at += section.rows
  }
  return data?.rows.map((row, index) => {
    const section = starts.get(offset + index)
    return (
      <Fragment key={`${row.activity} ${row.part} ${row.field}`}>
        {section && <SectionHead section={section} all={all} />}
        <Field row={row} params={params} />
      </Fragment>
    )
  })
}

const nameOf = (activity: string | null): string => activity ?? 'Workflow parameters'

function SectionHead({ section: { activity, rows, equal, carried, carriedFrom }, all }: { section: Section; all: boolean }): ReactNode {
  const hidden = [equal > 0 ? `${count(equal)} equal, hidden` : '', carried > 0 ? `${counted(carried, 'input')} carried over${carriedFrom === null ? '' : ` from ${carriedFrom}`}, folded` : ''].filter(Boolean)
  return (
    <div role="row" className={css['section']}>
      <span role="rowheader" className="ell">
        {nameOf(activity)}
      </span>
      <span role="cell" className="ell">
        {all ? counted(rows, 'field') : hidden.join('; ')}
      </span>
    </div>
  )
}

/** Sections without a difference are counted, not listed. */
function Quiet({ sections }: { sections: readonly Section[] }): ReactNode {
  const quiet = sections.filter(({ rows, equal, carried }) => rows === 0 && equal + carried > 0)
  if (quiet.length === 0 || quiet.length === sections.length) return null
  const sum = (of: 'equal' | 'carried'): number => quiet.reduce((total, section) => total + section[of], 0)
  return (
    <div role="row" className={css['section']} title={quiet.map(({ activity, equal, carried }) => `${nameOf(activity)}: ${count(equal)} equal${carried > 0 ? `, ${count(carried)} carried over` : ''}`).join('\n')}>
      <span role="rowheader" className="ell">
        {quiet.length === 1 ? nameOf(quiet[0]?.activity ?? null) : counted(quiet.length, 'more activity', 'more activities')}
      </span>
      <span role="cell" className="ell">
        {count(sum('equal'))} equal{sum('carried') > 0 && `, ${count(sum('carried'))} carried over`}, hidden
      </span>
    </div>
  )
}

function Field({ row, params }: { row: FieldRow; params: PairParams }): ReactNode {
  const { field, pairs, differ, difference, percent, carriedFrom } = row
  const dot = /^(used|generated)\./.exec(field)?.[0].length ?? 0
  // A long text takes the room of the difference that it has not.
  const wide = difference === null && percent === null && row.part !== 'status' && cellText(row.b).length > 14
  return (
    <div role="row" data-row="" className={css['fieldRow']} data-differs={differ > 0 || undefined}>
      <span role="cell" className={css['fieldName']} title={carriedFrom === null ? field : `${field}, carried over from ${carriedFrom}`}>
        <span className="mono ell">
          <span className="t3">{field.slice(0, dot)}</span>
          {field.slice(dot)}
        </span>
        {pairs > 1 && (
          <span className="f11 t3 nw" title={`Of ${count(pairs)} pairs of tasks that hold it ${count(differ)} differ; numbers are means`}>
            {count(differ)} of {count(pairs)}
          </span>
        )}
        {carriedFrom !== null && <span className="f11 t3 ell">from {carriedFrom}</span>}
      </span>
      <Value row={row} side="a" sourceId={params.a.sourceId} />
      <Value row={row} side="b" sourceId={params.b.sourceId} wide={wide} />
      {!wide && (
        <>
          <span role="cell" className="num mono ell" title={difference === null ? undefined : String(difference)}>
            {difference === null || difference === 0 ? '' : differenceText(difference)}
          </span>
          <span role="cell" className="num t2">
            {percent === null || percent === 0 ? '' : percentText(percent)}
          </span>
        </>
      )}
    </div>
  )
}

/** A value, and the way to the task that has it. */
function Value({ row, side, sourceId, wide = false }: { row: FieldRow; side: 'a' | 'b'; sourceId: string; wide?: boolean }): ReactNode {
  const value = row[side]
  const taskId = side === 'a' ? row.taskA : row.taskB
  const selected = useWorkbench((s) => taskId !== null && s.selection?.id === taskId)
  const several = value === null && row.pairs > 1
  const inside =
    row.part === 'status' && typeof value === 'string' ? <StatusMark status={value} /> : several ? <span className="null">several</span> : value === null ? <span className="null">null</span> : <span className={classes('mono ell', row.differ > 0 && css['value'])}>{cellText(value)}</span>
  const style = wide && side === 'b' ? css['wide'] : undefined
  const title = several ? 'The pairs hold several values' : `${exactText(value)}${taskId === null ? '' : `\ntask ${taskId}`}`
  return (
    <span role="cell" className={classes(css['valueCell'], style)} data-side={side}>
      {taskId === null ? (
        <span className="ell" title={title}>
          {inside}
        </span>
      ) : (
        <button type="button" tabIndex={-1} className={css['valueButton']} data-selected={selected || undefined} title={title} onClick={() => showTask(sourceId, taskId)}>
          {inside}
          <span className="hidden">, select the task of {side.toUpperCase()}</span>
        </button>
      )}
    </span>
  )
}
