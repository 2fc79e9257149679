/** The runs of every open source, to choose one: searched by the engine, a page a source at a time. */
import { Layers, Search, Sigma, Workflow } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useRef, useState } from 'react'
import type { Run, RunFigure } from '#contract/compare'
import type { Source } from '#contract/sources'
import { classes } from '../../parts/classes.ts'
import { count, counted } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { useZone } from '../../state/appearance.ts'
import { sameRun } from '../../state/compare.ts'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import css from './Compare.module.css'
import { factsText, shortId } from './runWords.ts'

const pageSize = 50

type Props = {
  /** Accessible name. */
  name: string
  current: Run | null
  onPick: (run: Run) => void
  /** Only this source's. */
  sourceId?: string
  isOffered?: (run: Run) => boolean
}

export function RunList({ name, current, onPick, sourceId, isOffered = () => true }: Props): ReactNode {
  const sources = useEngine((s) => s.sources).filter((source) => sourceId === undefined || source.sourceId === sourceId)
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const options = [...(list.current?.querySelectorAll<HTMLElement>('[role=option]') ?? [])]
    const at = options.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: at === -1 ? undefined : 0, End: at === -1 ? undefined : options.length - 1 }[event.key]
    if (to === undefined || !options[to]) return
    event.preventDefault()
    options[to].focus()
  }
  return (
    <div className={css['picker']} onKeyDown={move}>
      <div className={css['pickerSearch']}>
        <TextField name="Find a run" placeholder="Name, id, parameter or campaign" icon={Search} value={typed} onChange={setTyped} autoFocus onKeyDown={(event) => event.key === 'Enter' && list.current?.querySelector<HTMLElement>('[role=option]')?.click()} />
      </div>
      <div ref={list} role="listbox" aria-label={name} className={css['pickerList']} tabIndex={-1}>
        {sources.map((source) => (
          <SourceRuns key={source.sourceId} source={source} search={search} current={current} onPick={onPick} isOffered={isOffered} />
        ))}
      </div>
    </div>
  )
}

function SourceRuns({ source, search, current, onPick, isOffered }: { source: Source; search: string; current: Run | null; onPick: (run: Run) => void; isOffered: (run: Run) => boolean }): ReactNode {
  const headId = useId()
  const [pages, setPages] = useState(1)
  const answer = useCall('compare.runs', { sourceId: source.sourceId, search, limit: Math.min(1000, pages * pageSize) })
  const all: Run = { sourceId: source.sourceId, kind: 'all', id: null }
  const { data } = answer
  const left = data ? Math.min(1000, data.total) - data.runs.length : 0
  return (
    <div role="group" aria-labelledby={headId}>
      <div id={headId} role="presentation" className={css['pickerHead']}>
        <span className="ell">{source.name}</span>
        <span className="t3 nw">{data ? (search === '' ? counted(data.total, 'run') : `${counted(data.total, 'run')} with “${search}”`) : (answer.error?.message ?? 'reading…')}</span>
      </div>
      {search === '' && isOffered(all) && source.counts.tasks > 0 && (
        <Option chosen={sameRun(all, current)} onPick={() => onPick(all)}>
          <Icon of={Sigma} size={14} className="t3" />
          <span className={css['pickerWords']}>
            <span className="ell med">Everything in this source</span>
            <span className="f11 t3">{counted(source.counts.tasks, 'task')}</span>
          </span>
        </Option>
      )}
      {data?.runs.filter(({ run }) => isOffered(run)).map((figure) => <RunOption key={`${figure.run.kind} ${figure.run.id}`} figure={figure} chosen={sameRun(figure.run, current)} onPick={() => onPick(figure.run)} />)}
      {left > 0 && (
        <Option chosen={false} onPick={() => setPages(pages + 1)}>
          <span className="acc">
            Show {count(Math.min(pageSize, left))} more of {count(data?.total ?? 0)}
          </span>
        </Option>
      )}
      {data && left === 0 && data.total > data.runs.length && <div className={css['pickerNote']}>{count(data.total - data.runs.length)} more: search for them by name, id or parameter.</div>}
    </div>
  )
}

function RunOption({ figure, chosen, onPick }: { figure: RunFigure; chosen: boolean; onPick: () => void }): ReactNode {
  const zone = useZone()
  const { run, name, label, errors } = figure
  return (
    <Option chosen={chosen} onPick={onPick} className={run.kind === 'workflow' ? css['nested'] : undefined}>
      <Icon of={run.kind === 'campaign' ? Layers : Workflow} size={14} className="t3" />
      <span className={css['pickerWords']}>
        <span className="row">
          <span className="ell med">{label === '' ? name : label}</span>
          {label !== '' && <span className="ell t2">{name}</span>}
          {run.kind === 'workflow' && <span className="mono f11 t3">{shortId(run)}</span>}
        </span>
        <span className={classes('f11 ell', errors > 0 ? 't2' : 't3')}>{factsText(figure, zone)}</span>
      </span>
    </Option>
  )
}

const Option = ({ chosen, onPick, className, children }: { chosen: boolean; onPick: () => void; className?: string | undefined; children: ReactNode }): ReactNode => (
  <div
    role="option"
    aria-selected={chosen}
    tabIndex={-1}
    className={classes(css['option'], className)}
    onClick={onPick}
    onKeyDown={(event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      onPick()
    }}
  >
    {children}
  </div>
)
