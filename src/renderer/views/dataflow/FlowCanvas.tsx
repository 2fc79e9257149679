/** The graph as a drawing: panned and zoomed, walked by keys, with what is chosen lit. */
import '@xyflow/react/dist/base.css'
import { Background, BackgroundVariant, type EdgeTypes, MiniMap, type NodeTypes, ReactFlow, ReactFlowProvider, type Viewport, useReactFlow, useStoreApi } from '@xyflow/react'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { MenuAt } from '../../parts/Menu.tsx'
import { type GraphIndex, foldOf, reachOf } from '../../state/graphIndex.ts'
import { edgeLabel, nodeText } from '../../state/graphWords.ts'
import { choose, dataflow, foldBack, unfold, useDataflow } from '../../state/lineage.ts'
import { useWorkbench } from '../../state/workbench.ts'
import { FlowFurniture } from './FlowFurniture.tsx'
import css from './Dataflow.module.css'
import { earlyWords } from './edgeLabels.ts'
import { askPath, chooseNode, nodeMenu, openNode, taskOf } from './graphActions.ts'
import { lit } from './lit.ts'
import { centreOf, nearestNode } from './nearestNode.ts'
import { focusRingPx, sizeOf, stackPx, isFolded } from './nodeSize.ts'
import { type FlowEdge, ProvEdge } from './ProvEdge.tsx'
import { type FlowNode, ProvNode } from './ProvNode.tsx'
import { type Opened, zoomStep } from './semanticZoom.ts'
import { useFlowCommands } from './useFlowCommands.ts'
import type { Drawing } from './useLayout.ts'

const nodeTypes: NodeTypes = { prov: ProvNode }
const edgeTypes: EdgeTypes = { prov: ProvEdge }
const nodeColors: Record<string, string> = { entity: 'var(--entity-line)', agent: 'var(--agent-line)' }
const arrows = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const
/** Words beside edges are no longer legible below it. */
const farZoom = 0.55
/** Names of nodes are not, below this. */
const tinyZoom = 0.22
const leastZoom = 0.05
/** What is larger than a view at this zoom is begun at its focus, or at its top. */
const readableZoom = 0.6
const startZoom = 0.85
/** The legend and the overview stand below. */
const roomAround = { top: '24px', left: '24px', right: '24px', bottom: '56px' } as const
/** With what is around it. */
const overviewPx = { width: 172, height: 156 }
const hoverAfterMs = 90
const mostWorded = 60

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

function flowNodes({ index, places }: Drawing, domIdOf: (key: string) => string): FlowNode[] {
  return [...index.nodes.values()].flatMap((node): FlowNode[] => {
    const position = places.nodes.get(node.key)
    if (!position) return []
    const { width, height } = sizeOf(node)
    const handle = { x: width / 2, width: 1, height: 1 }
    return [
      {
        id: node.key,
        type: 'prov',
        position,
        width,
        height,
        // Told, not measured: what is out of sight has its size too, and all of it can be brought into view.
        measured: { width, height },
        data: { node, domId: domIdOf(node.key) },
        domAttributes: { 'aria-roledescription': undefined },
        handles: [
          { ...handle, type: 'target', position: 'top' as never, y: 0 },
          { ...handle, type: 'source', position: 'bottom' as never, y: height }
        ]
      }
    ]
  })
}

function flowEdges({ index, places, labels }: Drawing, prov: boolean): FlowEdge[] {
  return [...index.edges.values()].flatMap((edge): FlowEdge[] => {
    const [from, to] = [index.nodes.get(edge.from), index.nodes.get(edge.to)]
    if (!from || !to) return []
    const route = places.routes.get(edge.id) ?? null
    const above = to.focus ? focusRingPx : 1
    return [
      {
        id: edge.id,
        type: 'prov',
        source: edge.from,
        target: edge.to,
        ariaLabel: edgeLabel(edge, from, to, prov, earlyWords(edge)),
        data: { edge, route, label: labels.get(edge.id) ?? null, trimStart: from.focus ? focusRingPx : 0, roomy: index.edges.size <= mostWorded, trimEnd: route ? above : above + (isFolded(to) ? stackPx : 0) }
      }
    ]
  })
}

/** Whether the overview lies on a node although everything is in view: then it helps nobody. */
function coversNeedlessly({ index, places }: Drawing, { x, y, zoom }: Viewport, host: HTMLElement): boolean {
  const { width, height } = host.getBoundingClientRect()
  let covers = false
  for (const [key, at] of places.nodes) {
    const node = index.nodes.get(key)
    if (!node) continue
    const size = sizeOf(node)
    const [left, top, right, bottom] = [at.x * zoom + x, at.y * zoom + y, (at.x + size.width) * zoom + x, (at.y + size.height) * zoom + y]
    if (left < 0 || top < 0 || right > width || bottom > height) return false
    covers ||= right > width - overviewPx.width && bottom > height - overviewPx.height
  }
  return covers
}

/** Where the view looks: at everything or, if that is too small to read, at the focus. Later only on demand. */
function useCamera({ index, places }: Drawing, host: React.RefObject<HTMLDivElement | null>, round: string): { show: (key: string) => void; look: () => void } {
  const flow = useReactFlow()
  const store = useStoreApi()
  const seen = useRef<string | null>(null)
  const look = useCallback(() => void flow.fitView({ padding: roomAround, maxZoom: 1, minZoom: leastZoom }), [flow])
  useEffect(() => {
    if (seen.current === round || !host.current) return
    seen.current = round
    const { width, height } = host.current.getBoundingClientRect()
    const bounds = flow.getNodesBounds([...index.nodes.keys()])
    const zoom = Math.min((width - 40) / bounds.width, (height - 90) / bounds.height)
    const focus = [...index.nodes.values()].find((node) => node.focus)
    const at = focus ? centreOf(index, places, focus.key) : { x: bounds.x + bounds.width / 2, y: bounds.y + (height / 2 - 30) / startZoom }
    if (zoom >= readableZoom || !at) look()
    else void flow.setCenter(at.x, at.y, { zoom: startZoom })
  }, [flow, index, places, round, host, look])
  const show = useCallback(
    (key: string) => {
      const at = centreOf(index, places, key)
      const { width, height, transform } = store.getState()
      const [x, y, zoom] = transform
      if (!at) return
      const seenAt = { x: at.x * zoom + x, y: at.y * zoom + y }
      const marginPx = 60
      if (seenAt.x < marginPx || seenAt.y < marginPx || seenAt.x > width - marginPx || seenAt.y > height - marginPx) void flow.setCenter(at.x, at.y, { zoom })
    },
    [flow, store, index, places]
  )
  return { show, look }
}

function useSemanticZoom(host: React.RefObject<HTMLDivElement | null>, index: GraphIndex): { onPointerMove: (event: React.PointerEvent) => void; onMoveEnd: (event: unknown, viewport: Viewport) => void } {
  const pointer = useRef<{ x: number; y: number } | null>(null)
  const state = useRef<{ zoom: number; opened: Opened[] }>({ zoom: 1, opened: [] })
  const onMoveEnd = (event: unknown, { zoom }: Viewport): void => {
    const before = state.current.zoom
    state.current.zoom = zoom
    // Without an event it was the view itself that moved.
    if (!event || before === zoom) return
    const box = host.current?.getBoundingClientRect()
    const at = pointer.current ?? (box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : null)
    const key = at && document.elementFromPoint(at.x, at.y)?.closest('[data-key]')?.getAttribute('data-key')
    const node = key ? index.nodes.get(key) : undefined
    const step = zoomStep({ before, now: zoom, under: node ? foldOf(node) : null, opened: state.current.opened })
    if (step.unfold !== null) {
      state.current.opened.push({ fold: step.unfold, zoom })
      unfold(step.unfold)
    }
    if (step.back.length > 0) {
      state.current.opened = state.current.opened.filter(({ fold }) => !step.back.includes(fold))
      foldBack(step.back)
    }
  }
  return {
    onPointerMove: (event) => {
      pointer.current = { x: event.clientX, y: event.clientY }
    },
    onMoveEnd
  }
}

/** Lights what is pointed at, else what is chosen. Passing over a node on the way to another lights nothing. */
function useLight(index: GraphIndex, chosen: string | null): (key: string | null) => void {
  const [hovered, setHovered] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const at = hovered !== null && index.nodes.has(hovered) ? hovered : chosen !== null && (index.nodes.has(chosen) || index.edges.has(chosen)) ? chosen : null
  useEffect(() => {
    lit.setState({ at, reach: at === null ? null : reachOf(index, at) })
  }, [index, at])
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [])
  return useCallback((key) => {
    clearTimeout(timer.current ?? undefined)
    timer.current = setTimeout(() => setHovered(key), hoverAfterMs)
  }, [])
}

/** What was chosen and is folded or unfolded now leaves its place to what came instead of it. */
function useStillChosen(index: GraphIndex, round: string): void {
  const before = useRef({ index, round })
  useEffect(() => {
    const { index: old, round: oldRound } = before.current
    before.current = { index, round }
    const { chosen } = dataflow.getState()
    if (old === index || oldRound !== round || chosen === null || !old.nodes.has(chosen) || index.nodes.has(chosen)) return
    const instead = [...index.nodes.values()].find(({ key, kind }) => !old.nodes.has(key) && kind === old.nodes.get(chosen)?.kind)
    if (instead) chooseNode(index, instead.key)
    else choose(null)
  }, [index, round])
}

/** Which nodes came out of which fold: those that were not there before it was unfolded. */
function useUnfolded(index: GraphIndex): (key: string) => readonly string[] {
  const unfolded = useDataflow((s) => s.unfolded)
  const memory = useRef<{ keys: ReadonlySet<string>; unfolded: readonly string[]; parents: Map<string, readonly string[]> }>({ keys: new Set(), unfolded: [], parents: new Map() })
  const parents = useMemo(() => {
    const before = memory.current
    const keys = new Set(index.nodes.keys())
    const opened = unfolded.filter((fold) => !before.unfolded.includes(fold))
    const next = new Map([...before.parents].map(([key, folds]): [string, readonly string[]] => [key, folds.filter((fold) => unfolded.includes(fold))]).filter(([, folds]) => folds.length > 0))
    if (opened.length > 0 && ![...keys].every((key) => before.keys.has(key))) {
      for (const key of keys) if (!before.keys.has(key)) next.set(key, opened)
      memory.current = { keys, unfolded, parents: next }
    } else if (opened.length === 0) memory.current = { keys, unfolded, parents: next }
    return next
  }, [index, unfolded])
  return (key) => parents.get(key) ?? []
}

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
