/** The views there are, in the order of their tabs. A view is loaded when it is first opened. */
import type { LucideIcon } from 'lucide-react'
import { Activity, Bot, ChartGantt, GitCompareArrows, LayoutDashboard, ListTree, ScrollText, SquareTerminal, Table2, Waypoints } from 'lucide-react'
import { type ComponentType, lazy } from 'react'
import type { ViewId } from '../state/workbench.ts'

export type View = {
  id: ViewId
  name: string
  icon: LucideIcon
  component: ComponentType
  /** What stands at the end of the tab row while the view is open. */
  tools?: ComponentType
  /** Shows messages, whatever kind of record the others show: that none of those is in scope is nothing to it. */
  showsMessages?: true
}

export const views: View[] = [
  { id: 'overview', name: 'Overview', icon: LayoutDashboard, component: lazy(async () => ({ default: (await import('./overview/Overview.tsx')).Overview })) },
  {
    id: 'table',
    name: 'Table',
    icon: Table2,
    component: lazy(async () => ({ default: (await import('./table/Table.tsx')).Table })),
    tools: lazy(async () => ({ default: (await import('./table/TableTools.tsx')).TableTools }))
  },
  {
    id: 'tree',
    name: 'Tree',
    icon: ListTree,
    component: lazy(async () => ({ default: (await import('./tree/RunTree.tsx')).RunTree })),
    tools: lazy(async () => ({ default: (await import('./tree/RunTreeTools.tsx')).RunTreeTools }))
  },
  {
    id: 'timeline',
    name: 'Timeline',
    icon: ChartGantt,
    component: lazy(async () => ({ default: (await import('./timeline/Timeline.tsx')).Timeline })),
    tools: lazy(async () => ({ default: (await import('./timeline/TimelineTools.tsx')).TimelineTools }))
  },
  {
    id: 'dataflow',
    name: 'Dataflow',
    icon: Waypoints,
    component: lazy(async () => ({ default: (await import('./dataflow/Dataflow.tsx')).Dataflow })),
    tools: lazy(async () => ({ default: (await import('./dataflow/DataflowTools.tsx')).DataflowTools }))
  },
  {
    id: 'telemetry',
    name: 'Telemetry',
    icon: Activity,
    component: lazy(async () => ({ default: (await import('./telemetry/Telemetry.tsx')).Telemetry })),
    tools: lazy(async () => ({ default: (await import('./telemetry/TelemetryTools.tsx')).TelemetryTools }))
  },
  {
    id: 'agents',
    name: 'Agents',
    icon: Bot,
    component: lazy(async () => ({ default: (await import('./agents/Agents.tsx')).Agents })),
    tools: lazy(async () => ({ default: (await import('./agents/AgentsTools.tsx')).AgentsTools }))
  },
  {
    id: 'compare',
    name: 'Compare',
    icon: GitCompareArrows,
    component: lazy(async () => ({ default: (await import('./compare/Compare.tsx')).Compare })),
    tools: lazy(async () => ({ default: (await import('./compare/CompareTools.tsx')).CompareTools }))
  },
  {
    id: 'sql',
    name: 'SQL',
    icon: SquareTerminal,
    component: lazy(async () => ({ default: (await import('./sql/Sql.tsx')).Sql })),
    tools: lazy(async () => ({ default: (await import('./sql/SqlTools.tsx')).SqlTools })),
    showsMessages: true
  },
  {
    id: 'stream',
    name: 'Stream',
    icon: ScrollText,
    component: lazy(async () => ({ default: (await import('./stream/Stream.tsx')).Stream })),
    tools: lazy(async () => ({ default: (await import('./stream/StreamTools.tsx')).StreamTools })),
    showsMessages: true
  }
]
