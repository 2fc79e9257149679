/**
 * How each view is arranged, for the palette: what stands at the end of the tab row and in its menus, from anywhere. A component of its
 * own, as what it follows changes with each step of a zoom.
 */
import { laneBy } from '#contract/timeline'
import { type Command, useCommands } from '../state/commands.ts'
import { ask, levels, useDataflow, dataflow } from '../state/lineage.ts'
import { useSource } from '../state/sources.ts'
import { useTelemetryOptions } from '../state/telemetry.ts'
import { laneSorts, useTimelineOptions } from '../state/timeline.ts'
import { useWorkbench, workbench, type ViewId } from '../state/workbench.ts'
import { useCallsAs } from '../views/agents/agentsState.ts'
import { treeActs, useTreeFold, useTreeSort } from '../views/tree/treeState.ts'

export function ViewOptionCommands() {
  return useSource() === null ? null : <Commands />
}

function Commands() {
  useTimelineCommands()
  useDataflowCommands()
  useTreeCommands()
  useOtherCommands()
  return null
}

/** Acts, and shows the view it acts on. */
const within = (view: ViewId, act: () => void) => (): void => {
  workbench.getState().openView(view)
  act()
}
const inView = (view: ViewId, name: string) => (id: string, title: string, act: () => void): Command => ({ id, title, detail: `in ${name}`, group: 'Views', run: within(view, act) })

function useTimelineCommands(): void {
  const [{ by, critical, inferred, asTable }, change] = useTimelineOptions()
  useCommands(() => {
    const command = inView('timeline', 'Timeline')
    return [
      ...laneBy.options.map((kind) => command(`timeline.by.${kind}`, `Lanes by ${kind}`, () => change({ by: kind }))),
      ...laneSorts.map((sort) => command(`timeline.sort.${sort}`, `Order lanes ${laneSortWords[sort]}`, () => change({ sort }))),
      command('timeline.critical', critical ? 'Hide the critical path' : 'Show the critical path', () => change({ critical: !critical })),
      command('timeline.inferred', inferred ? 'Critical path by captured ties alone' : 'Critical path by equal values too', () => change({ inferred: !inferred })),
      command('timeline.table', asTable ? 'Show the timeline as a drawing' : 'Show the timeline as a table', () => change({ asTable: !asTable }))
    ]
  }, [by, critical, inferred, asTable, change])
}
const laneSortWords = { start: 'by first start', tasks: 'by tasks', busy: 'by busy time', errors: 'by errors', name: 'by name' } as const

function useDataflowCommands(): void {
  const { values, fold, inferred, prov } = useDataflow()
  useCommands(() => {
    const command = inView('dataflow', 'Dataflow')
    return [
      ...levels.map((level) => command(`dataflow.level.${level}`, `One node is ${level === 'activity' ? 'an' : 'a'} ${level}`, () => ask({ level }))),
      command('dataflow.values', values ? 'Hide values between tasks' : 'Show values between tasks', () => ask({ values: !values })),
      command('dataflow.fold', fold ? 'Draw alike nodes one by one' : 'Fold alike nodes', () => ask({ fold: !fold })),
      command('dataflow.inferred', inferred ? 'Hide inferred ties' : 'Show inferred ties', () => ask({ inferred: !inferred })),
      command('dataflow.prov', prov ? 'Arrows along the data' : 'Arrows as in W3C PROV', () => dataflow.setState({ prov: !prov }))
    ]
  }, [values, fold, inferred, prov])
}

function useTreeCommands(): void {
  const [sort, setSort] = useTreeSort()
  const [fold, setFold] = useTreeFold()
  useCommands(() => {
    const command = inView('tree', 'Tree')
    return [
      command('tree.sort.errors', 'Order siblings by errors', () => setSort('errors')),
      command('tree.sort.start', 'Order siblings by start', () => setSort('start')),
      command('tree.sort.duration', 'Order siblings by duration', () => setSort('duration')),
      command('tree.sort.name', 'Order siblings by name', () => setSort('name')),
      command('tree.fold', fold ? 'Show each repeated sibling' : 'Fold repeated siblings', () => setFold(!fold)),
      command('tree.close', 'Close all branches', () => treeActs.setState(({ closed }) => ({ closed: closed + 1 })))
    ]
  }, [sort, setSort, fold, setFold])
}

function useOtherCommands(): void {
  const [{ by, asTable }, change] = useTelemetryOptions()
  const [as, setAs] = useCallsAs()
  const match = useWorkbench((s) => s.compare.match)
  useCommands(() => {
    const telemetry = inView('telemetry', 'Telemetry')
    const agents = inView('agents', 'Agents')
    const compare = inView('compare', 'Compare')
    const setMatch = (next: typeof match) => () => workbench.getState().setCompare({ as: 'pair', match: next })
    return [
      telemetry('telemetry.by', by === 'host' ? 'Small multiples by activity' : 'Small multiples by host', () => change({ by: by === 'host' ? 'activity' : 'host' })),
      telemetry('telemetry.table', asTable ? 'Show telemetry as small multiples' : 'Show telemetry as a table', () => change({ asTable: !asTable })),
      agents('agents.as', as === 'list' ? 'Show calls as a sequence' : 'Show calls as a list', () => setAs(as === 'list' ? 'sequence' : 'list')),
      compare('compare.pair', 'Compare two runs', () => workbench.getState().setCompare({ as: 'pair' })),
      compare('compare.match.order', 'Match tasks by activity and order', setMatch('order')),
      compare('compare.match.inputs', 'Match tasks by inputs', setMatch('inputs')),
      compare('compare.match.parent', 'Match tasks by parent', setMatch('parent'))
    ]
  }, [by, asTable, change, as, setAs, match])
}
