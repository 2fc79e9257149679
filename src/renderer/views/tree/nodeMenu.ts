/** What can be done with a node of the tree. */
import { Download, Filter, GitCompareArrows, Table2, Waypoints } from 'lucide-react'
import type { Run } from '#contract/compare'
import type { RunTreeNode } from '#contract/tree'
import type { MenuItem } from '../../parts/Menu.tsx'
import { markRun } from '../../state/compare.ts'
import { openDocument, openExport, openRunDocument } from '../../state/exports.ts'
import { workbench } from '../../state/workbench.ts'

export function menuOf(sourceId: string, node: RunTreeNode): MenuItem[] {
  const { addChips, openLineage, openView } = workbench.getState()
  const items: MenuItem[] = []
  const { filter, id } = node
  if (node.kind === 'task' && id !== null) {
    items.push({ label: 'Lineage', detail: 'in Dataflow', icon: Waypoints, keys: 'L', run: () => openLineage({ taskId: id, column: null, direction: 'both', to: null }) })
  }
  if (node.kind === 'task' && id !== null) items.push({ label: 'Save its lineage…', detail: 'as provenance or a report', icon: Download, run: () => openDocument({ about: 'lineage', taskId: id }) })
  if (filter === null) items.push({ label: 'Show only these tasks', detail: 'too many to be said by a filter', disabled: true, run: () => undefined })
  else {
    items.push({ label: node.tasks === 1 ? 'Show only this task' : 'Show only these tasks', detail: 'in all views', icon: Filter, run: () => addChips([filter]) })
    items.push({
      label: 'Open in Table',
      icon: Table2,
      run: () => {
        addChips([filter])
        openView('table')
      }
    })
    if (node.kind !== 'task') {
      items.push({
        label: 'Export its tasks…',
        icon: Download,
        run: () => {
          addChips([filter])
          openExport({ about: 'filtered' })
        }
      })
    }
  }
  if (id !== null && (node.kind === 'workflow' || node.kind === 'campaign')) {
    const run: Run = { sourceId, kind: node.kind, id }
    items.push({ kind: 'separator' }, { label: 'Compare: mark as A', icon: GitCompareArrows, run: () => markRun(run, 'a') }, { label: 'Compare: mark as B', icon: GitCompareArrows, run: () => markRun(run, 'b') })
    items.push({ kind: 'separator' }, { label: 'Save its provenance or a report…', icon: Download, run: () => openRunDocument(run) })
  }
  return items
}
