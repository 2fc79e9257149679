/** What became of the statement: its rows, its chart, its plan, its mistake; or what one could ask. */
import { ChartColumn, CircleCheck, CircleX, Download, LoaderCircle, RefreshCw, SquareTerminal } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { TableFormat } from '#contract/exports'
import type { Source } from '#contract/sources'
import type { SqlSort } from '#contract/sql'
import { call } from '../../connection/call.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { count, counted, decimal } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Menu } from '../../parts/Menu.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { chooseTarget, noteStarted, refreshExports } from '../../state/exports.ts'
import { useCall } from '../../state/query.ts'
import { toast } from '../../state/toasts.ts'
import { focusEditor } from './editorFocus.ts'
import { examples } from './examples.ts'
import { PlanView } from './PlanView.tsx'
import { ResultChart } from './ResultChart.tsx'
import { ResultGrid } from './ResultGrid.tsx'
import { type Outcome, type Ran, showPane } from './statements.ts'
import css from './Sql.module.css'

type Props = { source: Source; askedId: string; outcome: Outcome; text: string; onRun: () => void; onExplain: (analyze: boolean) => void; onOpen: (text: string, name: string | null, run: boolean) => void }
const unsorted: SqlSort = []

export function ResultPane(props: Props): ReactNode {
  const { askedId, onExplain, outcome, source, text } = props
  const { error, planned, ran, shown } = outcome
  const [sorted, setSorted] = useState<{ resultId: string; sort: SqlSort } | null>(null)
  const sort = sorted !== null && sorted.resultId === ran?.resultId ? sorted.sort : unsorted
  if (ran === null && planned === null && error === null && !outcome.running) return <Examples sourceId={source.sourceId} onOpen={props.onOpen} />
  const isPlan = shown === 'plan'
  return (
    <>
      <div className={css['resultHead']}>
        <State {...props} />
        <span className="grow" />
        <Segmented
          name="Show the result as"
          value={shown}
          options={[
            { value: 'result', label: 'Table', disabled: ran === null },
            { value: 'chart', label: 'Chart', disabled: ran === null || ran.total === 0 },
            { value: 'plan', label: 'Plan', disabled: text.trim() === '' }
          ]}
          onChange={(next) => {
            if (next === 'plan' && planned?.text !== text) onExplain(false)
            else showPane(askedId, next)
          }}
        />
        {ran && !isPlan && <ExportMenu askedId={askedId} ran={ran} sort={sort} name={source.name} />}
        {isPlan && (
          <Button icon={RefreshCw} onClick={() => onExplain(true)}>
            Run and measure
          </Button>
        )}
      </div>
      <div className={css['resultBody']} data-old={outcome.running ? '' : undefined}>
        {error ? (
          <Mistake {...props} />
        ) : isPlan && planned ? (
          <PlanView planned={planned} />
        ) : ran && shown === 'chart' ? (
          <ResultChart ran={ran} askedId={askedId} sort={sort} />
        ) : (
          ran && <ResultGrid ran={ran} askedId={askedId} sort={sort} onSort={(next) => setSorted({ resultId: ran.resultId, sort: next })} onRun={props.onRun} />
        )}
      </div>
    </>
  )
}

function State({ onRun, outcome: { error, planned, ran, running, shown }, source }: Props): ReactNode {
  if (running) return <Running sinceMs={running.sinceMs} />
  if (error) {
    return (
      <span className={css['state']}>
        <Icon of={CircleX} size={14} className="errc" /> <span className="med">Not run</span>
      </span>
    )
  }
  if (shown === 'plan' && planned) {
    return (
      <span className={css['state']}>
        <span className="med">Plan</span>
        <span className="t2">{planned.elapsedMs === null ? 'as it would be run' : `run in ${milliseconds(planned.elapsedMs)}`}</span>
      </span>
    )
  }
  if (!ran) return null
  const { scanned } = ran
  const more = source.counts.tasks - ran.tasks
  return (
    <span className={css['state']}>
      <Icon of={CircleCheck} size={14} className="okc" />
      <span className="med nw">{counted(ran.total, 'row')}</span>
      <span className="t2 ell">
        in {milliseconds(ran.elapsedMs)}
        {scanned && `, ${count(scanned.rows)} of ${count(scanned.of)} ${scanned.table} scanned`}
        {ran.narrowed && ', within the filter'}
      </span>
      {source.revision !== ran.revision && (
        <Button tone="link" size="small" icon={RefreshCw} onClick={onRun}>
          {more > 0 ? `${counted(more, 'more task')} since` : 'The source changed since'}: run again
        </Button>
      )}
    </span>
  )
}

const milliseconds = (ms: number): string => (ms < 10_000 ? `${count(Math.max(1, ms))} ms` : `${decimal(ms / 1000, 1)} s`)

function Running({ sinceMs }: { sinceMs: number }): ReactNode {
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className={css['state']} role="status">
      <Icon of={LoaderCircle} size={14} className="runc" />
      <span className="med">Running</span>
      <span className="t2 num">{decimal(Math.max(0, nowMs - sinceMs) / 1000, 1)} s</span>
    </span>
  )
}

function Mistake({ onRun, outcome: { error } }: Props): ReactNode {
  if (!error) return null
  const isPlaced = error.path?.[0] === 'text'
  return (
    <EmptyState
      icon={CircleX}
      tone="error"
      title={error.code === 'bad-request' ? 'This cannot be run' : 'It could not be run'}
      actions={
        isPlaced ? (
          <Button onClick={() => focusEditor(Number(error.path?.[1]))}>Go to the mistake</Button>
        ) : (
          <Button onClick={onRun}>Try again</Button>
        )
      }
    >
      <span className={css['message']}>{error.message}</span>
    </EmptyState>
  )
}

const formats: readonly { format: TableFormat; label: string; end: string }[] = [
  { format: 'csv', label: 'CSV', end: 'csv' },
  { format: 'tsv', label: 'TSV', end: 'tsv' },
  { format: 'jsonl', label: 'JSON Lines', end: 'jsonl' },
  { format: 'parquet', label: 'Parquet', end: 'parquet' },
  { format: 'arrow', label: 'Arrow IPC', end: 'arrow' }
]

function ExportMenu({ askedId, name, ran, sort }: { askedId: string; ran: Ran; sort: SqlSort; name: string }): ReactNode {
  const start = async (format: TableFormat, end: string): Promise<void> => {
    const target = await chooseTarget(`${name.replace(/\.[^.]*$/, '')}-query.${end}`)
    if (target === null) return
    if ('mistake' in target) return toast({ tone: 'failed', title: 'The place could not be chosen', detail: target.mistake })
    const reply = await call('sql.export', { sourceId: askedId, resultId: ran.resultId, sort: [...sort], format, ...target })
    if (!reply.ok) return toast({ tone: 'failed', title: 'The result could not be exported', detail: reply.error.message })
    noteStarted(reply.value.exportId)
    await refreshExports()
  }
  return (
    <Menu
      name="Export the result"
      trigger={
        <Button icon={Download} disabled={ran.total === 0}>
          Export {counted(ran.total, 'row')}
        </Button>
      }
      items={formats.map(({ end, format, label }) => ({ label, run: () => void start(format, end) }))}
    />
  )
}

function Examples({ onOpen, sourceId }: { sourceId: string; onOpen: Props['onOpen'] }): ReactNode {
  const { data } = useCall('sql.columns', { sourceId, table: 'tasks', limit: 10_000 })
  const known = useMemo(() => new Set(data?.columns.map(({ name }) => name)), [data])
  const fitting = examples.filter(({ needs }) => needs.every((name) => known.has(name)))
  return (
    <div className={css['examples']}>
      <EmptyState icon={SquareTerminal} title="Ask the records in SQL">
        <p>
          Select from tasks, workflows, agents, objects, messages and gaps; fields go by their dotted names, such as <code className="mono">used.lr</code>. To begin with:
        </p>
        <ul className={css['exampleList']}>
          {fitting.map(({ name, text }) => (
            <li key={name}>
              <Button size="small" icon={ChartColumn} onClick={() => onOpen(text, name, true)}>
                {name}
              </Button>
            </li>
          ))}
        </ul>
      </EmptyState>
    </div>
  )
}
