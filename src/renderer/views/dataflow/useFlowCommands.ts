/** The keys and commands of the drawing. */
import { type Command, useCommands } from '../../state/commands.ts'
import { type GraphIndex, type Way, foldOf } from '../../state/graphIndex.ts'
import { dataflow, foldBack, unfold, useDataflow } from '../../state/lineage.ts'
import { announce } from '../../state/live.ts'
import { walk } from './graphActions.ts'
import { useReactFlow } from '@xyflow/react'

type Asked = {
  index: GraphIndex
  centreXOf: (key: string) => number
  goTo: (key: string | null) => void
  /** Shows all of it. */
  look: () => void
  onAgain: () => void
  foldsOf: (key: string) => readonly string[]
  /** Whether the focus is in the drawing, where + and − mean the chosen node before they mean the zoom. */
  isInside: () => boolean
}

export function useFlowCommands({ index, centreXOf, goTo, look, onAgain, foldsOf, isInside }: Asked): void {
  const flow = useReactFlow()
  const chosen = useDataflow((s) => s.chosen)
  const node = chosen === null ? undefined : index.nodes.get(chosen)
  useCommands(() => {
    const step = (way: Way) => (): void => {
      if (!node) return
      const to = walk(index, node.key, way, centreXOf)
      if (to === null) announce(way === 'up' ? 'Nothing upstream of this' : 'Nothing downstream of this')
      else goTo(to)
    }
    const unavailable = node ? undefined : 'no node is chosen'
    const fold = node ? foldOf(node) : null
    const folds = node ? foldsOf(node.key) : []
    const commands: Command[] = [
      { id: 'dataflow.up', group: 'Views', title: 'Go upstream', detail: 'in the Dataflow', keys: '[', unavailable, run: step('up') },
      { id: 'dataflow.down', group: 'Views', title: 'Go downstream', detail: 'in the Dataflow', keys: ']', unavailable, run: step('down') },
      { id: 'dataflow.zoomIn', group: 'Views', title: 'Zoom in, or unfold', keys: '+', keyOnly: true, run: () => (isInside() && fold !== null ? unfold(fold) : void flow.zoomIn()) },
      { id: 'dataflow.zoomOut', group: 'Views', title: 'Zoom out, or fold back', keys: '-', keyOnly: true, run: () => (isInside() && folds.length > 0 ? foldBack(folds) : void flow.zoomOut()) },
      { id: 'dataflow.fit', group: 'Views', title: 'Show the whole graph', keys: '0', run: look },
      { id: 'dataflow.again', group: 'Views', title: 'Lay the graph out again', run: onAgain },
      { id: 'dataflow.foldAll', group: 'Views', title: 'Fold everything back', unavailable: dataflow.getState().unfolded.length > 0 ? undefined : 'nothing is unfolded', run: () => foldBack(dataflow.getState().unfolded) }
    ]
    return commands
    // What is called is of the same drawing.
  }, [index, node, flow, look])
}
