/** The way that led to a value or task, as a list: activities with what they used and why it is known; evidence, parameters and times along it. */
import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { Graph, GraphNode } from '#contract/graph'
import type { Cell } from '#contract/values'
import { count, counted, seconds } from '../parts/format.ts'
import { Icon } from '../parts/Icon.tsx'
import { Term } from '../parts/Term.tsx'
import { type GraphIndex, type IndexedEdge, type Way, edgesInto, reach, reachOf } from '../state/graphIndex.ts'
import { cellText, earlyText, leafOf, nodeText, times } from '../state/graphWords.ts'
import { choose } from '../state/lineage.ts'
import { useCall } from '../state/query.ts'
import { useSource } from '../state/sources.ts'
import { words } from '../state/words.ts'
import { workbench } from '../state/workbench.ts'
import { KeyValue, Section } from './Section.tsx'
import css from './Inspector.module.css'
import own from './GraphPane.module.css'

const firstSteps = 12
const moreSteps = 200
/** Parameters are read of so many tasks at most; with more on the way there is no one value to show. */
const mostTasks = 60
const mostColumns = 60
const mostFilters = 500

export function PathSection({ index, nodeKey, way }: { index: GraphIndex; nodeKey: string; way: Way }): ReactNode {
  const [limit, setLimit] = useState(firstSteps)
  const { steps, activities, values } = useMemo(() => pathOf(index, nodeKey, way), [index, nodeKey, way])
  if (activities === 0) return null
  return (
    <Section id={`graph.${way}`} title={way === 'up' ? 'Upstream path' : 'Made of it'} figure={`${counted(activities, 'activity', 'activities')}, ${counted(values, 'value')}`}>
      <div role="list">
        {steps.slice(0, limit).map((node) => (
          <Step key={node.key} index={index} node={node} />
        ))}
      </div>
      {steps.length > limit && (
        <button type="button" className={css['more']} disabled={limit >= moreSteps} onClick={() => setLimit(moreSteps)}>
          {count(limit)} of {count(steps.length)} shown{limit < moreSteps && '. Show more'}
        </button>
      )}
    </Section>
  )
}

function Step({ index, node }: { index: GraphIndex; node: GraphNode }): ReactNode {
  const used = edgesInto(index, node.key)
  return (
    <div className={own['step']} role="listitem">
      <span className={own['line']} data-inferred={used.some(({ evidence }) => evidence === 'inferred') || undefined} />
      <span className={own['dot']} data-kind={node.kind} />
      <div>
        <div className="ell">
          <button type="button" className="med" onClick={() => chooseStep(node)}>
            {node.name}
          </button>{' '}
          <span className="t3 mono f11">{node.taskId ?? (node.count > 1 ? times(node.count) : '')}</span>
        </div>
        {used.map((edge) => (
          <Use key={edge.id} index={index} edge={edge} />
        ))}
      </div>
    </div>
  )
}

function Use({ index, edge }: { index: GraphIndex; edge: IndexedEdge }): ReactNode {
  const from = index.nodes.get(edge.from)
  if (!from) return null
  return (
    <>
      <div className={own['used']} title={edge.via}>
        {useWords(index, edge, from)}
      </div>
      {edge.earlySeconds !== null && (
        <div className={own['warning']}>
          <Icon of={TriangleAlert} size={12} />
          {earlyText(seconds(edge.earlySeconds, 2)).replace(/^r/, 'R')}
        </div>
      )}
    </>
  )
}

function useWords(index: GraphIndex, edge: IndexedEdge, from: GraphNode): string {
  const name = nodeText(from)
  if (edge.relation === 'wasAssociatedWith') return `carried out by ${name}`
  if (edge.relation !== 'used') return `after ${name}: ${edge.via}`
  if (edge.evidence === 'inferred') return `used ${name}: equal value, ${counted(edge.producers ?? 1, 'producer')}${edge.count > 1 ? `, ${times(edge.count)}` : ''}`
  const hasProducer = edgesInto(index, from.key).length > 0 || from.more.up > 0
  return `used ${name}: ${hasProducer ? `recorded in ${edge.via}` : 'no producer in this source'}`
}

function chooseStep(node: GraphNode): void {
  choose(node.key)
  if (node.taskId !== null) workbench.getState().selectTask(node.taskId)
}

export function EvidenceSection({ index, nodeKey, graph }: { index: GraphIndex; nodeKey: string; graph: Graph }): ReactNode {
  const edges = useMemo(() => [...reachOf(index, nodeKey).edges].flatMap((id) => index.edges.get(id) ?? []), [index, nodeKey])
  const sum = (wanted: IndexedEdge[]): number => wanted.reduce((total, edge) => total + edge.count, 0)
  const inferred = edges.filter(({ evidence }) => evidence === 'inferred')
  const sole = inferred.filter(({ producers }) => producers === 1)
  const { ambiguous } = graph
  return (
    <Section id="graph.evidence" title="Evidence" figure={counted(sum(edges), 'edge')}>
      <div className={own['evidence']}>
        <Line />
        <span>
          <Term {...words.captured}>Captured</Term> in the record
        </span>
        <span className="num">{count(sum(edges) - sum(inferred))}</span>
        <Line dashes="5 4" />
        <span>
          <Term {...words.inferred}>Inferred</Term>, one producer
        </span>
        <span className="num">{count(sum(sole))}</span>
        {inferred.length > sole.length && (
          <>
            <Line dashes="5 4" />
            <span>Inferred, several producers</span>
            <span className="num">{count(sum(inferred) - sum(sole))}</span>
          </>
        )}
        <Line dashes="1 4" />
        <span>
          <Term {...words.ambiguous}>Ambiguous</Term>, not drawn
        </span>
        <span className="num">{count(ambiguous.total)}</span>
      </div>
      {ambiguous.values.slice(0, 6).map(({ column, value, tasks }, at) => (
        <div key={at} className={own['ambiguous']}>
          <span className="mono ell" title={column}>
            {leafOf(column)} {cellText(value)}
          </span>
          <span className="t2 nw">{counted(tasks, 'task')} hold this value</span>
        </div>
      ))}
      {ambiguous.total > 6 && <p className={css['note']}>The first 6 of {count(ambiguous.total)}; the bar above the graph lists more.</p>}
    </Section>
  )
}

/** What the tasks on the way were given, apart from what came to them along it. */
export function ParametersSection({ index, nodeKey }: { index: GraphIndex; nodeKey: string }): ReactNode {
  const source = useSource()
  const taskIds = useMemo(() => pathTasks(index, nodeKey).flatMap(({ taskId }) => taskId ?? []), [index, nodeKey])
  const isFew = taskIds.length > 0 && taskIds.length <= mostTasks
  const columns = useCall('columns.list', source && isFew ? { sourceId: source.sourceId, records: 'tasks', search: 'used.', limit: 1000 } : null)
  const names = useMemo(() => (columns.data?.columns ?? []).filter(({ name, type }) => name.startsWith('used.') && type !== 'list' && type !== 'empty').map(({ name }) => name), [columns.data])
  const rows = useCall('rows.page', source && isFew && names.length > 0 ? { sourceId: source.sourceId, records: 'tasks', scope: { filter: { task_id: { $in: taskIds } } }, columns: names.slice(0, 500), limit: mostTasks } : null)
  const carried = useMemo(() => new Set([...index.nodes.values()].filter(({ kind, key }) => kind === 'entity' && edgesInto(index, key).length > 0).map(({ value }) => cellText(value))), [index])
  const parameters = useMemo(() => (rows.data ? parametersOf(names, rows.data.rows.map(({ cells }) => cells), carried) : []), [rows.data, names, carried])
  if (parameters.length === 0) return null
  return (
    <Section id="graph.parameters" title="Parameters on the path">
      {parameters.slice(0, mostColumns).map(({ name, values }) => (
        <KeyValue key={name} name={name.slice('used.'.length)} title={name}>
          <span className={css['text']}>{values.length > 3 ? `${values.slice(0, 3).join(', ')} and ${count(values.length - 3)} more` : values.join(', ')}</span>
        </KeyValue>
      ))}
      {parameters.length > mostColumns && <p className={css['note']}>The first {count(mostColumns)} of {count(parameters.length)}.</p>}
    </Section>
  )
}

export function PathTimeSection({ index, nodeKey }: { index: GraphIndex; nodeKey: string }): ReactNode {
  const source = useSource()
  const filter = useMemo(() => anyOf(pathTasks(index, nodeKey).flatMap(({ filter }) => (filter ? [filter] : []))), [index, nodeKey])
  const summary = useCall('overview.summary', source && filter ? { sourceId: source.sourceId, scope: { filter } } : null)
  const { data } = summary
  if (!data || data.wallSeconds === null) return null
  return (
    <Section id="graph.time" title="Path time">
      <KeyValue name="first to last">{seconds(data.wallSeconds)}</KeyValue>
      {data.busySeconds !== null && (
        <KeyValue name="busy">
          {seconds(data.busySeconds)} in {counted(data.tasks, 'task')}
        </KeyValue>
      )}
    </Section>
  )
}

function Line({ dashes }: { dashes?: string }): ReactNode {
  return (
    <svg width="26" height="8" aria-hidden="true">
      <path d="M0 4h26" stroke={dashes === '1 4' ? 'var(--text-3)' : 'var(--text-2)'} strokeWidth="1.5" {...(dashes !== undefined && { strokeDasharray: dashes })} />
    </svg>
  )
}

const isTasks = ({ kind }: GraphNode): boolean => kind === 'activity' || kind === 'workflow' || kind === 'campaign'

/** The activities of one direction, the nearest first. */
function pathOf(index: GraphIndex, nodeKey: string, way: Way): { steps: GraphNode[]; activities: number; values: number } {
  const nodes = [...reach(index, nodeKey, way).nodes].flatMap((key) => index.nodes.get(key) ?? [])
  const steps = nodes.filter((node) => node.key !== nodeKey && isTasks(node))
  return { steps, activities: steps.length, values: nodes.filter(({ kind }) => kind === 'entity').length }
}

/** Null for none, and for more than a filter is good for. */
function anyOf(filters: readonly Record<string, unknown>[]): Record<string, unknown> | null {
  if (filters.length === 0 || filters.length > mostFilters) return null
  return filters.length === 1 ? (filters[0] ?? null) : { $or: filters }
}

/** What led there; if nothing did, what came of it. */
function pathTasks(index: GraphIndex, nodeKey: string): GraphNode[] {
  const along = (way: Way): GraphNode[] => [...reach(index, nodeKey, way).nodes].flatMap((key) => index.nodes.get(key) ?? []).filter(isTasks)
  const up = along('up')
  return up.length > 0 ? up : along('down')
}

function parametersOf(names: readonly string[], rows: readonly (readonly Cell[])[], carried: ReadonlySet<string>): { name: string; values: string[] }[] {
  return names.flatMap((name, column) => {
    const values = [...new Set(rows.flatMap((cells) => (cells[column] === null || cells[column] === undefined ? [] : [cellText(cells[column])])))].filter((text) => text !== '' && !carried.has(text))
    return values.length === 0 ? [] : [{ name, values }]
  })
}
