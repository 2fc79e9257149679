/** A node in the shape of its kind, as W3C PROV draws them: values ellipses, activities rectangles, agents houses. */
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { Layers, Workflow } from 'lucide-react'
import { type ReactNode, memo } from 'react'
import type { GraphNode } from '#contract/graph'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { useDataflow } from '../../state/lineage.ts'
import { nodeLabel, nodeText } from '../../state/graphWords.ts'
import css from './Dataflow.module.css'
import { useNodeLight } from './lit.ts'
import { agentHeightPx, bodyHeightPx, countText, durationText, focusRingPx, isFolded, markOf, shownText, sizeOf } from './nodeSize.ts'

export type ProvNodeData = { node: GraphNode; domId: string }
export type FlowNode = Node<ProvNodeData, 'prov'>

export const ProvNode = memo(function ProvNode({ data: { node, domId } }: NodeProps<FlowNode>): ReactNode {
  const light = useNodeLight(node.key)
  const chosen = useDataflow((s) => s.chosen === node.key)
  const { width, height, body, side } = sizeOf(node)
  const duration = durationText(node)
  const mark = markOf(node)
  return (
    <div id={domId} role="img" aria-roledescription="node" aria-label={nodeLabel(node, duration === '' ? null : duration)} aria-current={chosen || undefined} className={css['node']} data-key={node.key} data-kind={node.kind} data-light={light} data-chosen={chosen || undefined} title={titleOf(node)}>
      <Handle type="target" position={Position.Top} isConnectable={false} className={css['handle'] ?? ''} />
      <svg width={width} height={height} aria-hidden="true" className={css['shape']}>
        <g transform={`translate(${side} 0)`}>
          <Shape node={node} width={body} />
          <Words node={node} width={body} height={height} marked={mark !== null} />
        </g>
        {duration !== '' && (
          <text x={side + body + (node.focus ? 12 : 8)} y={height / 2 + 4} className={css['duration']}>
            {duration}
          </text>
        )}
      </svg>
      {mark !== null && (
        <span className={css['mark']} style={{ left: side + 9, top: height / 2 - 6 }}>
          <StatusMark status={mark} alone />
        </span>
      )}
      {node.kind === 'campaign' || node.kind === 'workflow' ? (
        <span className={css['icon']} style={{ left: side + (mark === null ? 9 : 26), top: height / 2 - 7 }}>
          {node.kind === 'campaign' ? <Layers aria-hidden="true" width={14} height={14} strokeWidth={1.75} /> : <Workflow aria-hidden="true" width={14} height={14} strokeWidth={1.75} />}
        </span>
      ) : null}
      <Handle type="source" position={Position.Bottom} isConnectable={false} className={css['handle'] ?? ''} />
    </div>
  )
})

function Shape({ node, width }: { node: GraphNode; width: number }): ReactNode {
  const folded = isFolded(node)
  const ring = focusRingPx
  if (node.kind === 'entity') {
    const [x, y] = [width / 2, bodyHeightPx / 2]
    return (
      <>
        {folded && <ellipse cx={x} cy={y - 4} rx={x - 6} ry={y - 1} className={css['body']} />}
        {node.focus && <ellipse cx={x} cy={y} rx={x + ring - 1} ry={y + ring - 1} className={css['ring']} />}
        <ellipse cx={x} cy={y} rx={x - 1} ry={y - 1} className={css['body']} />
      </>
    )
  }
  if (node.kind === 'agent') {
    const roof = 13
    const path = (out: number): string => `M${1 - out} ${agentHeightPx - 1 + out}V${roof - out * 0.6}L${width / 2} ${1 - out * 1.2}L${width - 1 + out} ${roof - out * 0.6}V${agentHeightPx - 1 + out}Z`
    return (
      <>
        {node.focus && <path d={path(ring - 1)} className={css['ring']} />}
        <path d={path(0)} className={css['body']} />
      </>
    )
  }
  const round = node.kind === 'activity' ? 3 : 8
  return (
    <>
      {folded && <rect x={5} y={-4.5} width={width - 10} height={12} rx={2} className={css['body']} />}
      {folded && <rect x={3} y={-2} width={width - 6} height={12} rx={2} className={css['body']} />}
      {node.focus && <rect x={1 - ring} y={1 - ring} width={width - 2 + 2 * ring} height={bodyHeightPx - 2 + 2 * ring} rx={round + 4} className={css['ring']} />}
      <rect x={1} y={1} width={width - 2} height={bodyHeightPx - 2} rx={round} className={css['body']} />
    </>
  )
}

function Words({ node, width, height, marked }: { node: GraphNode; width: number; height: number; marked: boolean }): ReactNode {
  const count = countText(node)
  const hasIcon = node.kind === 'campaign' || node.kind === 'workflow'
  const y = node.kind === 'agent' ? height / 2 + 9 : height / 2 + 4
  const left = 14 + (marked ? 14 : 0) + (hasIcon ? 20 : 0)
  return count === '' ? (
    <text x={marked || hasIcon ? left : width / 2} y={y} textAnchor={marked || hasIcon ? 'start' : 'middle'} className={css['words']}>
      {shownText(node)}
    </text>
  ) : (
    <>
      <text x={left + (node.kind === 'entity' ? 4 : 0)} y={y} className={css['words']}>
        {shownText(node)}
      </text>
      <text x={width - (node.kind === 'entity' ? 16 : 11)} y={y} textAnchor="end" className={css['times']}>
        {count}
      </text>
    </>
  )
}

/** The whole name, where the drawing has room for its ends only. */
function titleOf(node: GraphNode): string {
  const text = nodeText(node)
  return node.kind === 'entity' && node.column !== null ? `${node.column} ${node.count > 1 ? '' : text}`.trim() : node.taskId === null ? text : `${text}\n${node.taskId}`
}
