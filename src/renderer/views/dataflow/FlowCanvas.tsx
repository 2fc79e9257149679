/** The graph as a drawing: panned and zoomed, walked by keys, with what is chosen lit. */
import '@xyflow/react/dist/base.css'
import { Background, BackgroundVariant, type EdgeTypes, MiniMap, type NodeTypes, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { type KeyboardEvent, type ReactNode, useCallback, useId, useMemo, useRef, useState } from 'react'
import { MenuAt } from '../../parts/Menu.tsx'
import type { GraphIndex } from '../../state/graphIndex.ts'
import { nodeText } from '../../state/graphWords.ts'
import { choose, useDataflow } from '../../state/lineage.ts'
import { useWorkbench } from '../../state/workbench.ts'
import css from './Dataflow.module.css'
import { flowEdges, flowNodes } from './flowElements.ts'
import { FlowFurniture } from './FlowFurniture.tsx'
import { askPath, chooseNode, nodeMenu, openNode, taskOf } from './graphActions.ts'
import { centreOf, nearestNode } from './nearestNode.ts'
import { type FlowEdge, ProvEdge } from './ProvEdge.tsx'
import { type FlowNode, ProvNode } from './ProvNode.tsx'
import { coversNeedlessly, leastZoom, useCamera } from './useCamera.ts'
import { useFlowCommands } from './useFlowCommands.ts'
import type { Drawing } from './useLayout.ts'
import { useLight } from './useLight.ts'
import { useSemanticZoom } from './useSemanticZoom.ts'
import { useStillChosen, useUnfolded } from './useUnfolded.ts'

const nodeTypes: NodeTypes = { prov: ProvNode }
const edgeTypes: EdgeTypes = { prov: ProvEdge }
const nodeColors: Record<string, string> = { entity: 'var(--entity-line)', agent: 'var(--agent-line)' }
const arrows = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const
/** Words beside edges are no longer legible below it. */
const farZoom = 0.55
/** Names of nodes are not, below this. */
const tinyZoom = 0.22

type Props = { drawing: Drawing; label: string; onAgain: () => void }

export function FlowCanvas(props: Props): ReactNode {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas({ drawing, label, onAgain }: Props): ReactNode {
  const { index, places, round } = drawing
  const domPrefix = useId()
  const host = useRef<HTMLDivElement>(null)
  const flow = useReactFlow()
  const prov = useDataflow((s) => s.prov)
  const chosen = useDataflow((s) => s.chosen)
  const chosenNode = chosen !== null && index.nodes.has(chosen) ? chosen : null
  const domIdOf = useCallback((key: string) => `${domPrefix}${encodeURIComponent(key)}`, [domPrefix])
  const nodes = useMemo(() => flowNodes(drawing, domIdOf), [drawing, domIdOf])
  const edges = useMemo(() => flowEdges(drawing, prov), [drawing, prov])
  const { show, look } = useCamera(drawing, host, round)
  const zoom = useSemanticZoom(host, index)
  const setHovered = useLight(index, chosen)
  const back = useUnfolded(index)
  useStillChosen(index, round)
  const [menu, setMenu] = useState<{ x: number; y: number; key: string } | null>(null)
  const chosenTask = useWorkbench((s) => (s.records === 'tasks' ? (s.selection?.id ?? null) : null))
  const goTo = (key: string | null): void => {
    if (key === null) return
    chooseNode(index, key)
    show(key)
  }
  useFlowCommands({ index, centreXOf: (key) => centreOf(index, places, key)?.x ?? 0, goTo, look, onAgain, foldsOf: back, isInside: () => host.current?.contains(document.activeElement) ?? false })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const direction = Object.hasOwn(arrows, event.key) ? arrows[event.key as keyof typeof arrows] : null
    if (direction) goTo(chosenNode === null ? firstKey(index) : nearestNode(index, places, chosenNode, direction))
    else if (event.key === 'Enter' && chosenNode !== null) openNode(index, chosenNode)
    else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && chosenNode !== null) openMenuAt(chosenNode)
    else if (event.key === 'Escape' && chosen !== null) choose(null)
    else return
    event.preventDefault()
  }
  const openMenuAt = (key: string): void => {
    const box = document.getElementById(domIdOf(key))?.getBoundingClientRect()
    if (box) setMenu({ x: box.left + box.width / 2, y: box.bottom, key })
  }
  const menuNode = menu === null ? undefined : index.nodes.get(menu.key)
  return (
    <div ref={host} className={css['canvas']} onPointerMove={zoom.onPointerMove} onFocus={(event) => {
      // Whoever comes by key begins somewhere.
      if (event.target.matches('[role=application]:focus-visible') && chosen === null) goTo(firstKey(index))
    }}>
      <ReactFlow<FlowNode, FlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        aria-label={label}
        aria-roledescription="graph"
        aria-activedescendant={chosenNode === null ? undefined : domIdOf(chosenNode)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        minZoom={leastZoom}
        maxZoom={3}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(event, node) => {
          const taskId = taskOf(index.nodes.get(node.id))
          if (event.shiftKey && taskId !== null && chosenTask !== null) askPath(chosenTask, taskId)
          else chooseNode(index, node.id)
        }}
        onNodeDoubleClick={(_, node) => openNode(index, node.id)}
        onNodeContextMenu={(event, node) => {
          event.preventDefault()
          setMenu({ x: event.clientX, y: event.clientY, key: node.id })
        }}
        onNodeMouseEnter={(_, node) => setHovered(node.id)}
        onNodeMouseLeave={() => setHovered(null)}
        onEdgeClick={(_, edge) => choose(edge.id)}
        onPaneClick={() => choose(null)}
        onMoveStart={() => host.current?.toggleAttribute('data-moving', true)}
        onMove={(_, viewport) => {
          host.current?.toggleAttribute('data-far', viewport.zoom < farZoom)
          host.current?.toggleAttribute('data-tiny', viewport.zoom < tinyZoom)
        }}
        onMoveEnd={(event, viewport) => {
          host.current?.toggleAttribute('data-moving', false)
          host.current?.toggleAttribute('data-whole', coversNeedlessly(drawing, viewport, host.current))
          zoom.onMoveEnd(event, viewport)
        }}
      >
        <Arrows />
        <Background variant={BackgroundVariant.Dots} gap={22} size={2} color="var(--grid)" />
        <MiniMap className={css['minimap'] ?? ''} style={{ width: 148, height: 132 }} pannable zoomable ariaLabel="Overview of the graph" nodeColor={(node) => nodeColors[String(index.nodes.get(node.id)?.kind)] ?? 'var(--activity-line)'} nodeBorderRadius={8} nodeStrokeWidth={0} maskColor="transparent" maskStrokeColor="var(--accent)" maskStrokeWidth={2} />
      </ReactFlow>
      <FlowFurniture onZoom={(by) => void (by > 0 ? flow.zoomIn() : flow.zoomOut())} onFit={look} onAgain={drawing.patched ? onAgain : null} />
      {menuNode && <MenuAt at={menu} name={nodeText(menuNode)} items={nodeMenu({ index, node: menuNode, chosenTask, folds: back(menuNode.key) })} onClose={() => setMenu(null)} />}
    </div>
  )
}

const firstKey = (index: GraphIndex): string | null => [...index.nodes.values()].find(({ focus }) => focus)?.key ?? [...index.nodes.keys()][0] ?? null

/** Heads of the edges, in the tone of what they are lit as; turned round at the beginning of an edge. */
function Arrows(): ReactNode {
  return (
    <svg className={css['defs']} aria-hidden="true">
      <defs>
        {(['prov-arrow', 'prov-arrow-lit', 'prov-arrow-dim'] as const).map((id) => (
          <marker key={id} id={id} viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse">
            <path d="M0 .5L7 4 0 7.5z" className={css[id]} />
          </marker>
        ))}
      </defs>
    </svg>
  )
}
