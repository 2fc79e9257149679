/** What can be done with a node: choose it, open it, walk from it, ask for its lineage or for the way to it. */
import { ArrowDown, ArrowUp, ChevronsDownUp, ChevronsUpDown, Copy, Download, Filter, Focus, Spline, Table2 } from 'lucide-react'
import type { GraphNode } from '#contract/graph'
import { count } from '../../parts/format.ts'
import type { MenuItem } from '../../parts/Menu.tsx'
import { openDocument } from '../../state/exports.ts'
import { type GraphIndex, type Way, cellOf, foldOf, neighbours } from '../../state/graphIndex.ts'
import { cellText, kindWords, nodeText } from '../../state/graphWords.ts'
import { choose, foldBack, unfold } from '../../state/lineage.ts'
import { toast } from '../../state/toasts.ts'
import { type Lineage, workbench } from '../../state/workbench.ts'

/** The task that a node is, if it is one task. */
export const taskOf = (node: GraphNode | undefined): string | null => (node?.kind === 'activity' ? node.taskId : null)

/** A chosen task is chosen in every view. */
export function chooseNode(index: GraphIndex, key: string): void {
  choose(key)
  const taskId = taskOf(index.nodes.get(key))
  if (taskId !== null) workbench.getState().selectTask(taskId)
}

/** What a lineage of this node is about; null if it is not of one task or of one value. */
export function subjectOf(index: GraphIndex, node: GraphNode): Pick<Lineage, 'taskId' | 'column'> | null {
  const taskId = taskOf(node)
  return taskId === null ? cellOf(index, node) : { taskId, column: null }
}

export function askLineage(index: GraphIndex, key: string, direction: Lineage['direction']): void {
  const node = index.nodes.get(key)
  const subject = node && subjectOf(index, node)
  if (subject) workbench.getState().openLineage({ ...subject, direction, to: null })
}

/** Enter and double click: unfolds what is folded; else it becomes what the graph is about. */
export function openNode(index: GraphIndex, key: string): void {
  const node = index.nodes.get(key)
  const fold = node ? foldOf(node) : null
  if (fold !== null) unfold(fold)
  else askLineage(index, key, workbench.getState().lineage?.direction ?? 'both')
}

/** The neighbour up or down the data, the one nearest to the side where one is. */
export function walk(index: GraphIndex, from: string, way: Way, centreXOf: (key: string) => number): string | null {
  const at = centreXOf(from)
  return neighbours(index, from, way).toSorted((a, b) => Math.abs(centreXOf(a) - at) - Math.abs(centreXOf(b) - at))[0] ?? null
}

export function askPath(from: string, to: string): void {
  if (from === to) toast({ tone: 'note', title: 'A path needs two tasks', detail: 'This is the one that is chosen.' })
  else workbench.getState().openLineage({ taskId: from, column: null, direction: 'both', to })
}

/** @param folds what the node was unfolded from, if it was */
export function nodeMenu({ index, node, chosenTask, folds }: { index: GraphIndex; node: GraphNode; chosenTask: string | null; folds: readonly string[] }): MenuItem[] {
  const subject = subjectOf(index, node)
  const taskId = taskOf(node)
  const { filter, kind } = node
  const fold = foldOf(node)
  const lineage = (direction: Lineage['direction']) => (): void => askLineage(index, node.key, direction)
  const items: MenuItem[] = [{ kind: 'heading', label: nodeText(node).slice(0, 60) }]
  if (fold !== null) items.push({ label: `Unfold ${count(node.count)} ${kindWords[kind].many}`, icon: ChevronsUpDown, keys: 'Enter', run: () => unfold(fold) })
  if (folds.length > 0) items.push({ label: 'Fold back', icon: ChevronsDownUp, keys: '-', run: () => foldBack(folds) })
  if (subject) {
    items.push(
      { label: 'Lineage of this', detail: 'both ways', icon: Focus, run: lineage('both') },
      { label: kind === 'entity' ? 'Where does this value come from' : 'What led to it', icon: ArrowUp, run: lineage('up') },
      { label: kind === 'entity' ? 'What was made of it' : 'What came of it', icon: ArrowDown, run: lineage('down') }
    )
  }
  if (taskId !== null) items.push({ label: 'Path to here', detail: chosenTask === null ? 'choose another task first' : 'from the chosen task (Shift and click)', icon: Spline, disabled: chosenTask === null || chosenTask === taskId, run: () => chosenTask !== null && askPath(chosenTask, taskId) })
  if (filter) {
    items.push(
      { kind: 'separator' },
      { label: 'Only these tasks', icon: Filter, run: () => workbench.getState().addChips([filter]) },
      { label: 'Show them in the Table', icon: Table2, run: () => showInTable(filter) }
    )
  }
  if (taskId !== null) items.push({ label: 'Save its lineage…', detail: 'as provenance or a report', icon: Download, run: () => openDocument({ about: 'lineage', taskId }) })
  const copied = taskId ?? (node.value === null ? null : cellText(node.value))
  if (copied !== null) items.push({ label: taskId === null ? 'Copy the value' : 'Copy the task id', icon: Copy, run: () => copy(copied) })
  return items
}

function showInTable(filter: Record<string, unknown>): void {
  workbench.getState().setRecords('tasks')
  workbench.getState().addChips([filter])
  workbench.getState().openView('table')
}

function copy(text: string): void {
  void navigator.clipboard.writeText(text).then(
    () => toast({ tone: 'done', title: 'Copied' }),
    (error: unknown) => toast({ tone: 'failed', title: 'Not copied', detail: String(error) })
  )
}
