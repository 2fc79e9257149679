/** Dataflow: where values come from and what was made of them, as a W3C PROV graph with the evidence of every edge; as a drawing or as a list. */
import { CircleX, SearchX, Waypoints } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Graph } from '#contract/graph'
import type { Source } from '#contract/sources'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { counted } from '../../parts/format.ts'
import { ask, choose, dataflow, type ShownGraph, useDataflow, useGraph } from '../../state/lineage.ts'
import { useCommands } from '../../state/commands.ts'
import { announce } from '../../state/live.ts'
import { useSource } from '../../state/sources.ts'
import { useWorkbench, workbench } from '../../state/workbench.ts'
import { chooseNode, taskOf } from './graphActions.ts'
import { GraphBar } from './GraphBar.tsx'
import { GraphList } from './GraphList.tsx'
import { FlowCanvas } from './FlowCanvas.tsx'
import { lit } from './lit.ts'
import { NoWay } from './NoWay.tsx'
import { readingOrder } from './nearestNode.ts'
import { type Drawing, useLayout } from './useLayout.ts'
import { wayOf } from './wayOf.ts'
import css from './Dataflow.module.css'

export function Dataflow(): ReactNode {
  const source = useSource()
  return source ? <Shown key={source.sourceId} source={source} /> : null
}

function Shown({ source }: { source: Source }): ReactNode {
  const shown = useGraph()
  const { about, lineage, graph, shortest, error } = shown
  const { level, asList } = useDataflow()
  const [round, setRound] = useState(0)
  const chosen = useDataflow((s) => s.chosen)
  // Until the answer to another question comes, the old one is no picture of it.
  const subject = about === 'scope' ? `scope ${level}` : JSON.stringify([lineage?.taskId, lineage?.column, lineage?.to])
  const layout = useLayout(graph, subject, round, chosen)
  const drawing = layout.drawing
  useFollowing(drawing, shown)
  useEffect(() => lit.setState({ way: drawing && shortest.length > 0 ? wayOf(drawing.index, shortest) : null }), [drawing, shortest])
  useCommands(() => [{ id: 'dataflow.list', group: 'Views', title: asList ? 'Show the graph as a drawing' : 'Show the graph as a list', run: () => dataflow.setState({ asList: !asList }) }], [asList])
  const order = useMemo(() => (drawing ? readingOrder(drawing.index, drawing.places) : []), [drawing])
  const words = graph === null ? '' : sentence(graph)
  return (
    <div className={css['view']} aria-busy={shown.loading || layout.working}>
      <GraphBar shown={shown} reading={source.state === 'reading' && source.live === null} />
      <div className={css['stage']}>
        {error && !graph ? (
          <EmptyState icon={CircleX} tone="error" title="The graph could not be made" actions={<Failed shown={shown} />}>
            {error.message}
          </EmptyState>
        ) : layout.failed !== null && !asList ? (
          <EmptyState
            icon={CircleX}
            tone="error"
            title="The drawing could not be laid out"
            actions={
              <>
                <Button onClick={layout.retry}>Try again</Button>
                <Button onClick={() => dataflow.setState({ asList: true })}>Show as list</Button>
              </>
            }
          >
            {layout.failed}
          </EmptyState>
        ) : about === 'path' && shown.current && shortest.length === 0 && lineage ? (
          <NoWay source={source} lineage={lineage} />
        ) : graph && graph.nodes.length === 0 ? (
          <Empty source={source} graph={graph} shown={shown} />
        ) : drawing === null ? (
          <div className={css['skeleton']} role="status" aria-label={graph === null ? 'The graph is being made' : 'The graph is being laid out'} />
        ) : asList ? (
          <GraphList index={drawing.index} order={order} shortest={shortest} />
        ) : (
          <FlowCanvas key={subject} drawing={drawing} label={`Dataflow: ${words}. Arrow keys move, square brackets go up and down the data, Enter opens.`} onAgain={() => setRound((n) => n + 1)} />
        )}
        {drawing && error && <p role="alert" className="hidden">{`Not up to date: ${error.message}`}</p>}
      </div>
    </div>
  )
}

/** The focus of a new lineage is chosen by itself; a task chosen elsewhere is chosen here too. */
function useFollowing(drawing: Drawing | null, { about, lineage }: ShownGraph): void {
  const round = drawing?.round
  useEffect(() => {
    if (!drawing || about !== 'lineage' || dataflow.getState().chosen !== null) return
    const focus = [...drawing.index.nodes.values()].find((node) => node.focus)
    if (!focus) return
    const subject = workbench.getState().lineage
    if (subject?.column === null || taskOf(focus) === null) chooseNode(drawing.index, focus.key)
    announce(`Lineage: ${counted(drawing.index.nodes.size, 'node')}, ${counted(drawing.index.edges.size, 'edge')}`)
    // Once for each lineage that is drawn.
  }, [round, about, lineage?.taskId, lineage?.column])
  const selected = useWorkbench((s) => (s.records === 'tasks' ? (s.selection?.id ?? null) : null))
  useEffect(() => {
    if (!drawing || selected === null) return
    const { chosen } = dataflow.getState()
    const isChosen = chosen !== null && (taskOf(drawing.index.nodes.get(chosen)) === selected || !drawing.index.nodes.has(chosen) || drawing.index.nodes.get(chosen)?.kind === 'entity')
    const node = [...drawing.index.nodes.values()].find((candidate) => taskOf(candidate) === selected)
    if (!isChosen || (chosen === null && node)) choose(node?.key ?? null)
    // Only when another task was chosen.
  }, [selected, drawing === null])
}

function Failed({ shown }: { shown: ShownGraph }): ReactNode {
  return (
    <>
      <Button onClick={shown.retry}>Try again</Button>
      {shown.about !== 'scope' && <Button onClick={() => workbench.getState().openLineage(null)}>Show the whole scope</Button>}
      {shown.about === 'scope' && dataflow.getState().level !== 'workflow' && <Button onClick={() => ask({ level: 'workflow' })}>Show workflows only</Button>}
    </>
  )
}

function Empty({ source, graph, shown }: { source: Source; graph: Graph; shown: ShownGraph }): ReactNode {
  const reading = source.state === 'reading'
  const tasks = graph.total.tasks
  return (
    <EmptyState
      icon={tasks === 0 ? SearchX : Waypoints}
      title={reading ? 'No data flows yet' : shown.about === 'lineage' ? 'Nothing is known of this task here' : 'No data flow was recorded'}
      actions={
        <>
          {shown.about !== 'scope' && <Button onClick={() => workbench.getState().openLineage(null)}>Show the whole scope</Button>}
          <Button onClick={() => workbench.getState().openView('table')}>Show the tasks in the Table</Button>
        </>
      }
    >
      {reading ? 'It is drawn as the tasks are read.' : tasks === 0 ? 'There are no tasks in this scope.' : `${counted(tasks, 'task')} ${tasks === 1 ? 'has' : 'have'} no used or generated values, and name no other task. The Table and the Timeline show them.`}
    </EmptyState>
  )
}

const sentence = (graph: Graph): string => `${counted(graph.nodes.length, 'node')} and ${counted(graph.edges.length, 'edge')}`
