/** Two runs: what differs in parameters, values, tasks, times and telemetry, and where it began. */
import { ArrowLeftRight, Equal, LoaderCircle, Unplug } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { Run } from '#contract/compare'
import type { Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { count } from '../../parts/format.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { IconButton } from '../../parts/IconButton.tsx'
import { Strip } from '../../parts/Strip.tsx'
import { sameRun, type Side, swapRuns } from '../../state/compare.ts'
import type { Pairing } from '../../state/comparing.ts'
import { useCall } from '../../state/query.ts'
import { useEngine } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import css from './Compare.module.css'
import { DivergenceCard } from './DivergenceCard.tsx'
import { DurationsCard } from './DurationsCard.tsx'
import { FieldsCard } from './FieldsCard.tsx'
import { NothingChosen } from './NothingChosen.tsx'
import { RunPicker } from './RunPicker.tsx'
import { ShapeCard } from './ShapeCard.tsx'
import { TelemetryCard } from './TelemetryCard.tsx'
import { UnmatchedCard } from './UnmatchedCard.tsx'

export type PairParams = { a: Run; b: Run; match: Pairing }
export type Summary = Result<'compare.summary'>

export function TwoRuns({ source }: { source: Source }): ReactNode {
  const { a, b } = useWorkbench((s) => s.pair)
  const match = useWorkbench((s) => s.compare.match)
  const sources = useEngine((s) => s.sources)
  const isClosed = (run: Run | null): boolean => run !== null && !sources.some(({ sourceId }) => sourceId === run.sourceId)
  const closed = (['a', 'b'] as const).filter((side) => isClosed({ a, b }[side]))
  const params = useMemo(() => (a && b ? { a, b, match } : null), [a, b, match])
  const asked = closed.length === 0 ? params : null
  const summary = useCall('compare.summary', asked)
  // Figures of the pair before are not this pair's.
  const data = asked && summary.data && sameRun(summary.data.a.run, asked.a) && sameRun(summary.data.b.run, asked.b) ? summary.data : null
  if (!a && !b) return <NothingChosen source={source} />
  const picker = (side: Side): ReactNode => <RunPicker side={side} run={{ a, b }[side]} figure={data?.[side] ?? null} otherSource={a !== null && b !== null && a.sourceId !== b.sourceId} />
  return (
    <div className={css['view']} tabIndex={0} role="group" aria-label="Compare two runs">
      <section className={css['heads']} aria-label="Runs">
        {picker('a')}
        <IconButton name="Swap A and B" icon={ArrowLeftRight} onClick={swapRuns} />
        {picker('b')}
        {data && <Figures summary={data} />}
      </section>
      {closed.length > 0 ? (
        <SourceClosed sides={closed} />
      ) : !params ? (
        <OneChosen side={a ? 'b' : 'a'} />
      ) : sameRun(params.a, params.b) ? (
        <EmptyState icon={Equal} title="A and B are the same run">
          Choose another run for one of them.
        </EmptyState>
      ) : summary.error && !data ? (
        <Failed message={summary.error.message} retry={summary.retry} />
      ) : (
        <Differences params={params} summary={data} />
      )}
    </div>
  )
}

function Differences({ params, summary }: { params: PairParams; summary: Summary | null }): ReactNode {
  const sources = useEngine((s) => s.sources)
  const reading = sources.filter(({ sourceId, state, live }) => (sourceId === params.a.sourceId || sourceId === params.b.sourceId) && state === 'reading' && !live)
  const filtered = useWorkbench((s) => s.search !== '' || s.range !== null || s.chips.some(({ on }) => on))
  return (
    <>
      {filtered && <p className={css['hint']}>Whole runs are compared: the filter above narrows the other views, not this one.</p>}
      {reading.length > 0 && <Strip tone="run" icon={LoaderCircle}>{reading.map(({ name }) => name).join(' and ')} is still being read: what is compared is what was read so far.</Strip>}
      <ShapeCard params={params} summary={summary} />
      <div className={css['columns']}>
        <div className={css['column']}>
          <FieldsCard params={params} summary={summary} />
          <UnmatchedCard params={params} />
        </div>
        <div className={css['column']}>
          <DivergenceCard params={params} />
          <DurationsCard params={params} />
          <TelemetryCard params={params} />
        </div>
      </div>
    </>
  )
}

function Figures({ summary }: { summary: Summary }): ReactNode {
  const { parameters, inputs, outputs, matched, onlyA, onlyB } = summary
  const figures: [figure: number, of: number | null, words: string, title: string][] = [
    [parameters.differ, parameters.of, 'parameters differ', 'Fields of what the workflows used'],
    [outputs.differ, outputs.of, 'outputs differ', `Fields that matched tasks generated; of their inputs ${count(inputs.differ)} of ${count(inputs.of)} differ`],
    [matched, null, 'matched', 'Pairs of tasks, one of A and one of B'],
    [onlyA, null, 'only in A', 'Tasks of A without a counterpart'],
    [onlyB, null, 'only in B', 'Tasks of B without a counterpart']
  ]
  return (
    <dl className={css['figures']}>
      {figures.map(([figure, of, words, title]) => (
        <div key={words} title={title}>
          <dd>
            {count(figure)} {of !== null && <small>of {count(of)}</small>}
          </dd>
          <dt>{words}</dt>
        </div>
      ))}
    </dl>
  )
}

function OneChosen({ side }: { side: Side }): ReactNode {
  const other = side === 'a' ? 'B' : 'A'
  return (
    <EmptyState icon={ArrowLeftRight} title={`Choose run ${side.toUpperCase()}`}>
      Run {other} is chosen. Take another one from the list above, mark it in the navigator by its menu, or choose it there and press C. It may lie in another source.
    </EmptyState>
  )
}

function SourceClosed({ sides }: { sides: Side[] }): ReactNode {
  const words = sides.length === 2 ? 'The sources of A and B are' : `The source of ${sides[0]?.toUpperCase()} is`
  return (
    <EmptyState
      icon={Unplug}
      title={`${words} not open any more`}
      actions={
        <Button onClick={() => workbench.getState().setPair(Object.fromEntries(sides.map((side) => [side, null])))}>Let {sides.map((side) => side.toUpperCase()).join(' and ')} go</Button>
      }
    >
      Open it again, or choose another run.
    </EmptyState>
  )
}

function Failed({ message, retry }: { message: string; retry: () => void }): ReactNode {
  return (
    <EmptyState icon={Unplug} tone="error" title="The runs could not be compared" actions={<Button onClick={retry}>Try again</Button>}>
      {message}
    </EmptyState>
  )
}
