/** Above the graph, in words: what it is about, how much of it is drawn, what is left out and why. */
import { ChevronsDownUp, Waypoints } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Graph, GraphNode } from '#contract/graph'
import { Button } from '../../parts/Button.tsx'
import { Chip, chipWords } from '../../parts/Chip.tsx'
import { count, counted } from '../../parts/format.ts'
import { Popover } from '../../parts/Popover.tsx'
import { cellText, leafOf } from '../../state/graphWords.ts'
import { type ShownGraph, dataflow, firstNodes, foldBack, mostNodes, useDataflow } from '../../state/lineage.ts'
import { type Lineage, workbench } from '../../state/workbench.ts'
import css from './Dataflow.module.css'

export function GraphBar({ shown, reading }: { shown: ShownGraph; reading: boolean }): ReactNode {
  const { graph, lineage } = shown
  const { unfolded, limit } = useDataflow()
  if (!graph && !lineage) return null
  return (
    <div className={css['bar']} role="group" aria-label="What is drawn">
      {lineage && <Subject lineage={lineage} graph={graph} />}
      {graph && (
        <span>
          <b>{count(graph.nodes.length)}</b> {graph.nodes.length === 1 ? 'node' : 'nodes'} drawn, for {counted(graph.total.tasks, 'task')} and {counted(graph.total.values, 'value')}
          {reading && ' of what has been read so far'}
        </span>
      )}
      {graph && (
        <span className="t3">
          {count(graph.total.captured)} captured, {count(graph.total.inferred)} inferred
        </span>
      )}
      {graph && graph.nodes.length > 1 && graph.edges.length === 0 && <span className="t2">Nothing ties them: none names another, and no value that one generated is used by another</span>}
      {graph && graph.left > 0 && (
        <span>
          <b>{count(graph.left)}</b> left out{limit >= mostNodes && '; filter, or choose a coarser level, to see them'}{' '}
          {limit < mostNodes && (
            <Button tone="link" size="small" onClick={() => dataflow.setState({ limit: Math.min(mostNodes, limit < 2 * firstNodes ? 2 * firstNodes : limit * 2) })}>
              Show {count(Math.min(graph.left, Math.min(mostNodes, limit < 2 * firstNodes ? 2 * firstNodes : limit * 2) - limit))} more
            </Button>
          )}
        </span>
      )}
      {graph && graph.ambiguous.total > 0 && <Ambiguous ambiguous={graph.ambiguous} />}
      {graph && graph.missing > 0 && <span className={css['warn']} title="Records name them as upstream or parent, and they are no tasks of this source">{counted(graph.missing, 'named task')} missing</span>}
      {unfolded.length > 0 && (
        <Button tone="link" size="small" icon={ChevronsDownUp} onClick={() => foldBack(unfolded)}>
          Fold back {unfolded.length > 1 ? `all ${count(unfolded.length)}` : ''}
        </Button>
      )}
    </div>
  )
}

function Subject({ lineage, graph }: { lineage: Lineage; graph: Graph | null }): ReactNode {
  const named = (taskId: string): string => {
    const node = graph?.nodes.find((candidate) => candidate.kind === 'activity' && candidate.taskId === taskId)
    return node ? `${node.name} ${taskId}` : taskId
  }
  const focus = graph?.nodes.find((node) => node.focus)
  const value = lineage.column === null ? named(lineage.taskId) : valueText(lineage.column, focus)
  const words = lineage.to === null ? `lineage of ${value}` : `path from ${named(lineage.taskId)} to ${named(lineage.to)}`
  return (
    <Chip name={words} icon={Waypoints} tinted className={css['chip']} onRemove={() => workbench.getState().openLineage(null)}>
      <span className={chipWords.field}>{lineage.to === null ? 'lineage of' : 'path'}</span>
      <span className={`${chipWords.value} mono`}>{lineage.to === null ? value : `${lineage.taskId} → ${lineage.to}`}</span>
    </Chip>
  )
}

const valueText = (column: string, focus: GraphNode | undefined): string => (focus?.kind === 'entity' && focus.value !== null ? `${leafOf(column)} ${cellText(focus.value)}` : column)

function Ambiguous({ ambiguous: { total, mostProducers, values } }: { ambiguous: Graph['ambiguous'] }): ReactNode {
  return (
    <Popover
      name="Ambiguous values"
      className={css['ambiguous']}
      trigger={
        <Button tone="link" size="small">
          {counted(total, 'value')} ambiguous, not drawn
        </Button>
      }
    >
      <p>
        More than {counted(mostProducers, 'task')} generated {total === 1 ? 'this value' : 'each of these values'}: an equal value says nothing about where it came from.
      </p>
      <table>
        <tbody>
          {values.map(({ column, value, tasks }, index) => (
            <tr key={index}>
              <td className="mono">
                {column} {cellText(value)}
              </td>
              <td>{counted(tasks, 'task')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {values.length < total && <p className="t3">The first {count(values.length)} of {count(total)}.</p>}
    </Popover>
  )
}
