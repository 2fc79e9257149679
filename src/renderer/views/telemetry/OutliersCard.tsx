/** Hosts that stand out, and tasks that took far longer than their activity does; each leads to its tasks. */
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Result } from '#contract/methods'
import type { Metric } from '#contract/telemetry'
import type { Scope } from '#contract/values'
import { Button } from '../../parts/Button.tsx'
import { count, counted, decimal, percent } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { CardState, Nothing } from '../../parts/CardState.tsx'
import { figure, fullName, isMemory, scaleOf, titleOf, withUnit } from './metricWords.ts'
import css from './Telemetry.module.css'
import { outlierRule, useOutliers } from './useOutliers.ts'

type Outliers = Result<'telemetry.outliers'>
const { deviations, factor, share } = outlierRule

export function OutliersCard({ sourceId, scope, rows, metrics }: { sourceId: string; scope: Scope; rows: readonly Metric[]; metrics: readonly Metric[] }): ReactNode {
  const answer = useOutliers({ sourceId, scope, rows })
  const data = answer.data
  const show = (filter: Record<string, unknown>): void => {
    workbench.getState().setRecords('tasks')
    workbench.getState().addChips([filter])
    workbench.getState().openView('table')
  }
  return (
    <section className={css['card']} aria-label="Outliers">
      <header className={css['cardHead']}>
        Outliers
        <span className="grow" />
        {data?.filter && (
          <Button tone="ghost" size="small" aria-label={`Show in Table: ${counted(data.stragglers, 'straggler')}`} onClick={() => data.filter && show(data.filter)}>
            Show in Table
          </Button>
        )}
      </header>
      <CardState answer={answer}>
        {data && (
          <div className={css['scroll']} tabIndex={0} role="group" aria-label="Outliers">
            <h3 className={css['sub']} title={`A host stands out if its mean lies beyond the median of the other hosts’ means ± ${deviations} × their median absolute deviation, and by more than ${percent(share)} of it. If more than a quarter of the hosts do, they do not agree with each other, and none is told from the rest.`}>
              Hosts <span className="t3">beyond the others’ median ± {deviations} MAD and {percent(share)}</span>
            </h3>
            {data.outliers.map((found) => (
              <HostRow key={`${found.host} ${found.metric ?? ''}`} found={found} data={data} metrics={metrics} onShow={show} />
            ))}
            {data.outliers.length === 0 && <Nothing>{data.hosts < 3 ? `${counted(data.hosts, 'host')} in scope: at least three are needed to tell one from the others.` : `None of ${data.hosts} hosts stands out from the others in what is drawn above.`}</Nothing>}
            <h3 className={css['sub']} title={`Of tasks with both times, in activities with at least five of them`}>
              Stragglers{' '}
              <span className="t3">
                {count(data.stragglers)} of {count(data.judged)} over {factor}× p50
              </span>
            </h3>
            {data.stragglers > 0 && <Stragglers data={data} />}
            {data.stragglers === 0 && <Nothing>{data.judged === 0 ? 'No activity has five tasks with both times.' : `No task took more than ${factor} times the median of its activity.`}</Nothing>}
          </div>
        )}
      </CardState>
    </section>
  )
}

function HostRow({ found, data, metrics, onShow }: { found: Outliers['outliers'][number]; data: Outliers; metrics: readonly Metric[]; onShow: (filter: Record<string, unknown>) => void }): ReactNode {
  const metric = metrics.find(({ id }) => id === found.metric)
  const scale = scaleOf(found.unit, Math.max(Math.abs(found.value), Math.abs(found.high)), metric !== undefined && isMemory(metric.id))
  const row = data.byHost.find(({ host }) => host === found.host)
  const others = data.byHost.filter(({ host }) => host !== null && host !== found.host).map(({ stragglers }) => stragglers)
  const [words, value, range] = metric
    ? [`${titleOf(metric).toLowerCase()}, mean`, withUnit(found.value, scale), `${figure(found.low, scale)}–${figure(found.high, scale)}`]
    : ['stragglers', `${count(row?.stragglers ?? 0)}, ${percent(found.value)}`, `${count(Math.min(...others))}–${count(Math.max(...others))}, up to ${percent(found.high)}`]
  return (
    <button type="button" className={css['hostRow']} title={`${metric ? fullName(metric) : 'Stragglers'}: only the tasks of ${found.host}`} onClick={() => onShow(found.filter)}>
      <Icon of={TriangleAlert} size={14} className="waitc" />
      <span className="ell">
        <span className="med">{found.host}</span> {words}
        <span className={`f11 t3 ell ${css['line2']}`}>others {range}</span>
      </span>
      <span className="num med nw">{value}</span>
    </button>
  )
}

function Stragglers({ data }: { data: Outliers }): ReactNode {
  const selected = useWorkbench((s) => s.selection?.id)
  const open = (taskId: string): void => {
    workbench.getState().selectTask(taskId)
    workbench.getState().setInspectorOpen(true)
  }
  return (
    <>
      <div className={`${css['late']} ${css['columns']}`}>
        <span>activity</span>
        <span>host</span>
        <span className="num">s</span>
        <span className="num">of p50</span>
      </div>
      {data.tasks.map((task) => (
        <button key={task.taskId} type="button" className={css['late']} aria-pressed={selected === task.taskId} title={`Inspect ${task.taskId}`} onClick={() => open(task.taskId)}>
          <span className="ell med">{task.activity ?? <span className="null">null</span>}</span>
          <span className="ell t2">{task.host ?? <span className="null">null</span>}</span>
          <span className="num">{figure(task.seconds)}</span>
          <span className="num t2">{decimal(task.times, task.times < 100 ? 1 : 0)}×</span>
        </button>
      ))}
      {data.tasks.length < data.stragglers && <Nothing>The {count(data.tasks.length)} most extreme are listed; Table has them all.</Nothing>}
    </>
  )
}
