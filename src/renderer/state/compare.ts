/** Choosing the runs to compare from anywhere: marks A and B, the key C, and showing a task of either run. */
import type { Run } from '#contract/compare'
import { field, isJsonObject, parseJson } from '#contract/json'
import { call } from '../connection/call.ts'
import type { Comparing } from './comparing.ts'
import { useCommands } from './commands.ts'
import { announce } from './live.ts'
import type { Node } from './scope.ts'
import { useSource } from './sources.ts'
import { toast } from './toasts.ts'
import { useWorkbench, workbench } from './workbench.ts'

export type Side = 'a' | 'b'

export const sameRun = (one: Run | null, other: Run | null): boolean => one !== null && other !== null && one.sourceId === other.sourceId && one.kind === other.kind && one.id === other.id

/** The run that a node of the navigator stands for: of an activity, its workflow. Null where tasks have no workflow. */
export function runOfNode(sourceId: string, { kind, key }: Pick<Node, 'kind' | 'key'>): Run | null {
  const parts = keyParts(key)
  const id = parts[kind === 'campaign' ? 0 : 1]
  return typeof id === 'string' ? { sourceId, kind: kind === 'campaign' ? 'campaign' : 'workflow', id } : null
}

/** Changes how runs are compared, and shows them so. */
export function compareAs(change: Partial<Comparing>): void {
  workbench.getState().setCompare(change)
  workbench.getState().openView('compare')
}

/** Makes the run one side of the comparison; once both are there, they are shown. */
export function markRun(run: Run, side: Side = freeSide(run)): void {
  const { pair, setPair, setCompare, openView } = workbench.getState()
  const other = side === 'a' ? 'b' : 'a'
  // Taken over to the other side, it leaves its own.
  setPair({ [side]: run, ...(sameRun(pair[other], run) && { [other]: null }) })
  const { a, b } = workbench.getState().pair
  announce(`Marked as ${side.toUpperCase()}.`)
  if (!a || !b) return
  setCompare({ as: 'pair' })
  openView('compare')
}

export function swapRuns(): void {
  const { pair, setPair } = workbench.getState()
  setPair({ a: pair.b, b: pair.a })
}

/** Chooses a task of one of the runs, in whichever source it lies, and opens the inspector on it. */
export function showTask(sourceId: string, taskId: string): void {
  const state = workbench.getState()
  state.openSource(sourceId)
  state.selectTask(taskId)
  state.setInspectorOpen(true)
}

/** C marks what is chosen: the navigator's node, or else the workflow of the selected task. */
export function useCompareCommands(): void {
  const source = useSource()
  const node = useWorkbench((s) => s.node)
  const selected = useWorkbench((s) => (s.records === 'tasks' || s.records === 'workflows' ? (s.selection?.id ?? null) : null))
  const both = useWorkbench((s) => s.pair.a !== null && s.pair.b !== null)
  const sourceId = source?.sourceId
  useCommands(() => {
    if (sourceId === undefined) return []
    const nothing = node === null && selected === null ? { unavailable: 'choose a workflow, a campaign or a task first' } : {}
    return [
      { id: 'compare.mark', group: 'Views', title: 'Mark for comparison', detail: node?.name ?? selected ?? '', keys: 'C', ...nothing, run: () => void markChosen(sourceId, node, selected) },
      { id: 'compare.sweep', group: 'Views', title: 'Compare as a sweep', detail: 'all workflows in scope', run: () => compareAs({ as: 'sweep', runs: null }) },
      { id: 'compare.swap', group: 'Views', title: 'Swap runs A and B', ...(!both && { unavailable: 'two runs are not chosen' }), run: swapRuns },
      { id: 'compare.forget', group: 'Views', title: 'Forget the marks A and B', ...(!both && { unavailable: 'two runs are not chosen' }), run: () => workbench.getState().setPair({ a: null, b: null }) }
    ]
  }, [sourceId, node, selected, both])
}

async function markChosen(sourceId: string, node: Node | null, selected: string | null): Promise<void> {
  const run = node ? runOfNode(sourceId, node) : selected === null ? null : await runOfRecord(sourceId, selected)
  if (!run) return toast({ tone: 'note', title: 'There is no run to mark', detail: 'What is chosen has no workflow.' })
  const { a, b } = workbench.getState().pair
  if (sameRun(run, a) || sameRun(run, b)) return toast({ tone: 'note', title: `This run is marked as ${sameRun(run, a) ? 'A' : 'B'}`, detail: 'Choose another one and press C.' })
  markRun(run)
  if (workbench.getState().view !== 'compare') toast({ tone: 'note', title: 'Marked as run A', detail: 'Choose another run and press C: then the two are compared.' })
}

async function runOfRecord(sourceId: string, id: string): Promise<Run | null> {
  const { records } = workbench.getState()
  if (records === 'workflows') return { sourceId, kind: 'workflow', id }
  const reply = await call('records.get', { sourceId, records: 'tasks', id, messagesLimit: 1 })
  const document = reply.ok ? parseJson(reply.value.document) : undefined
  const workflow = isJsonObject(document) ? field(document, 'workflow_id') : null
  return typeof workflow === 'string' ? { sourceId, kind: 'workflow', id: workflow } : null
}

/** The side that a new mark takes: the empty one; with both taken, the comparison begins anew. */
function freeSide(run: Run): Side {
  const { pair, setPair } = workbench.getState()
  if (pair.a !== null && pair.b !== null && !sameRun(pair.a, run) && !sameRun(pair.b, run)) setPair({ a: null, b: null })
  return workbench.getState().pair.a === null ? 'a' : 'b'
}

function keyParts(key: string): unknown[] {
  const value: unknown = JSON.parse(key)
  return Array.isArray(value) ? value : []
}
