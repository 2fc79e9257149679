/** The graph as a list, in the order of the drawing, with all evidence; and the path between two tasks by their ids. */
import { Spline, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { TextField } from '../../parts/TextField.tsx'
import { type GraphIndex, type IndexedEdge, edgesInto } from '../../state/graphIndex.ts'
import { earlyText, evidenceSentence, kindWords, nodeText } from '../../state/graphWords.ts'
import { useDataflow } from '../../state/lineage.ts'
import { useWorkbench } from '../../state/workbench.ts'
import { earlyWords } from './edgeLabels.ts'
import { askPath, chooseNode, openNode, taskOf } from './graphActions.ts'
import { countText, durationText, markOf } from './nodeSize.ts'
import css from './Dataflow.module.css'

export function GraphList({ index, order, shortest }: { index: GraphIndex; order: readonly string[]; shortest: readonly string[] }): ReactNode {
  const chosen = useDataflow((s) => s.chosen)
  const body = useRef<HTMLTableSectionElement>(null)
  const current = chosen !== null && index.nodes.has(chosen) ? chosen : order[0]
  const focusRow = (key: string | undefined): void => {
    if (key === undefined) return
    chooseNode(index, key)
    const row = [...(body.current?.rows ?? [])].find((candidate) => candidate.dataset['key'] === key)
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLTableRowElement)) return
    const at = order.indexOf(event.target.dataset['key'] ?? '')
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: order.length - 1, PageDown: Math.min(order.length - 1, at + 15), PageUp: Math.max(0, at - 15) }
    const next = to[event.key]
    if (next !== undefined) focusRow(order[next])
    else if (event.key === 'Enter' && order[at] !== undefined) openNode(index, order[at])
    else return
    event.preventDefault()
  }
  return (
    <div className={css['list']}>
      <ByIds />
      <table role="grid" aria-label={`Nodes of the graph, ${count(order.length)}`} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">What</th>
            <th scope="col">Duration</th>
            <th scope="col">Comes from</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {order.map((key) => (
            <Row key={key} index={index} nodeKey={key} current={key === current} chosen={key === chosen} onWay={shortest.includes(taskOf(index.nodes.get(key)) ?? ' ')} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ index, nodeKey, current, chosen, onWay }: { index: GraphIndex; nodeKey: string; current: boolean; chosen: boolean; onWay: boolean }): ReactNode {
  const node = index.nodes.get(nodeKey)
  if (!node) return null
  const mark = markOf(node)
  const edges = edgesInto(index, nodeKey)
  const taskId = taskOf(node)
  return (
    <tr data-key={nodeKey} tabIndex={current ? 0 : -1} aria-selected={chosen} onClick={() => chooseNode(index, nodeKey)} onDoubleClick={() => openNode(index, nodeKey)}>
      <td>
        <div className={css['item']}>
          <span className={css['kind']} data-kind={node.kind} aria-hidden="true" />
          <span className={node.kind === 'entity' ? 'mono' : onWay || node.focus ? 'strong' : 'med'}>{nodeText(node)}</span>
          {countText(node) !== '' && <span className="strong">{countText(node)}</span>}
          {mark !== null && <StatusMark status={mark} alone />}
        </div>
        {taskId !== null && <div className="mono f11 t3">{taskId}</div>}
        {node.kind === 'entity' && node.column !== null && <div className="mono f11 t3">{node.column}</div>}
      </td>
      <td>
        {node.count > 1 ? `${count(node.count)} ${kindWords[node.kind].many}` : kindWords[node.kind].one}
        {node.count > 1 && node.fold !== null && <span className="t3">, folded</span>}
        {node.focus && <span className="t3">, asked about</span>}
        {onWay && <span className="t3">, on the shortest way</span>}
      </td>
      <td className="nw">{durationText(node)}</td>
      <td>
        {edges.length === 0 ? (
          <span className="t3">{node.more.up > 0 ? `${count(node.more.up)} not in this answer` : node.kind === 'entity' ? 'no producer in this source' : ''}</span>
        ) : (
          <ul>
            {edges.map((edge) => (
              <Evidence key={edge.id} index={index} edge={edge} />
            ))}
          </ul>
        )}
      </td>
    </tr>
  )
}

function Evidence({ index, edge }: { index: GraphIndex; edge: IndexedEdge }): ReactNode {
  const from = index.nodes.get(edge.from)
  const early = earlyWords(edge)
  return (
    <li>
      {edge.relation} <span className="med">{from ? nodeText(from) : edge.from}</span>: {evidenceSentence(edge)}
      {early !== null && (
        <span className={css['warn']}>
          {' '}
          <Icon of={TriangleAlert} size={12} className={css['inline']} /> {earlyText(early)}
        </span>
      )}
    </li>
  )
}

function ByIds(): ReactNode {
  const lineage = useWorkbench((s) => s.lineage)
  const [from, setFrom] = useState(lineage?.taskId ?? '')
  const [to, setTo] = useState(lineage?.to ?? '')
  useEffect(() => {
    setFrom(lineage?.taskId ?? '')
    setTo(lineage?.to ?? '')
  }, [lineage?.taskId, lineage?.to])
  return (
    <form
      className={css['way']}
      aria-label="Path between two tasks"
      onSubmit={(event) => {
        event.preventDefault()
        if (from !== '' && to !== '') askPath(from.trim(), to.trim())
      }}
    >
      <span className="med">Path from</span>
      <TextField name="Task id of the first" small mono value={from} onChange={setFrom} placeholder="task id" />
      <span>to</span>
      <TextField name="Task id of the last" small mono value={to} onChange={setTo} placeholder="task id" />
      <Button size="small" icon={Spline} type="submit" disabled={from.trim() === '' || to.trim() === ''}>
        Show the path
      </Button>
    </form>
  )
}
