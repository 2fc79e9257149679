/** The views there are, in the order of their tabs. A view is loaded when it is first opened. */
import type { LucideIcon } from 'lucide-react'
import { LayoutDashboard, ScrollText, Table2 } from 'lucide-react'
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
    id: 'stream',
    name: 'Stream',
    icon: ScrollText,
    component: lazy(async () => ({ default: (await import('./stream/Stream.tsx')).Stream })),
    tools: lazy(async () => ({ default: (await import('./stream/StreamTools.tsx')).StreamTools })),
    showsMessages: true
  }
]
