/** An edge as the data flows, or as PROV says it; captured ones solid, inferred ones dashed and with their evidence beside them. */
import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { TriangleAlert } from 'lucide-react'
import { type ReactNode, memo } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import type { IndexedEdge } from '../../state/graphIndex.ts'
import { useDataflow } from '../../state/lineage.ts'
import { classes } from '../../parts/classes.ts'
import css from './Dataflow.module.css'
import { type EdgeLabel, fullLabel, withRelation } from './edgeLabels.ts'
import { edgePath, middleOf } from './edgePath.ts'
import type { Point, Route } from './layoutRequest.ts'
import { useEdgeLight } from './lit.ts'
import { labelSize } from './nodeSize.ts'

/** `trimStart` and `trimEnd`: how far from its ends it begins and ends, for the ring around the focus. */
export type ProvEdgeData = { edge: IndexedEdge; route: Route | null; label: EdgeLabel | null; trimStart: number; trimEnd: number; /** Whether words fit beside every edge. */ roomy: boolean }
export type FlowEdge = Edge<ProvEdgeData, 'prov'>

export const arrowId = { plain: 'prov-arrow', lit: 'prov-arrow-lit', way: 'prov-arrow-lit', dim: 'prov-arrow-dim' } as const

export const ProvEdge = memo(function ProvEdge({ id, sourceX, sourceY, targetX, targetY, data }: EdgeProps<FlowEdge>): ReactNode {
  const light = useEdgeLight(id)
  const prov = useDataflow((s) => s.prov)
  const chosen = useDataflow((s) => s.chosen === id)
  if (!data) return null
  const { edge, route, trimStart, trimEnd } = data
  const points = route ? [...route.points] : [{ x: sourceX, y: sourceY }, { x: targetX, y: targetY }]
  const first = points[0]
  const last = points.at(-1)
  if (first) points[0] = { x: first.x, y: first.y + trimStart }
  if (last) points[points.length - 1] = { x: last.x, y: last.y - trimEnd }
  const path = edgePath(points)
  const arrow = `url(#${arrowId[light]})`
  const label = data.label ?? (chosen ? fullLabel(edge) : null)
  return (
    <>
      <path d={path} className={css['edge']} data-light={light} data-evidence={edge.evidence} data-chosen={chosen || undefined} markerStart={prov ? arrow : undefined} markerEnd={prov ? undefined : arrow} />
      <path d={path} className={css['grip']} />
      {(label || (prov && (data.roomy || light === 'lit' || light === 'way'))) && <Label edge={edge} label={label} light={light} prov={prov} at={data.label ? (route?.label ?? null) : null} beside={route ? middleOf(points) : (edge.relation === 'wasGeneratedBy' ? first : last)} below={route ? 0 : edge.relation === 'wasGeneratedBy' ? 15 : -15} />}
    </>
  )
})

function Label({ edge, label, light, prov, at, beside, below }: { edge: IndexedEdge; label: EdgeLabel | null; light: string; prov: boolean; at: Point | null; /** Without a place of its own it stands here: half way, or at the task, of which fewer edges go out than of a value. */ beside: Point | undefined; below: number }): ReactNode {
  const text = prov ? withRelation(edge, label?.text ?? '') : (label?.text ?? '')
  const place = at ?? { x: (beside?.x ?? 0) - labelSize(text, label?.early ?? false).width / 2, y: (beside?.y ?? 0) - 9 + below }
  return (
    <EdgeLabelRenderer>
      <span aria-hidden="true" className={classes(css['label'], label?.early && css['early'])} data-light={light} style={{ transform: `translate(${place.x}px, ${place.y}px)` }}>
        {label?.early && <Icon of={TriangleAlert} size={12} />}
        {text}
      </span>
    </EdgeLabelRenderer>
  )
}
