/** Tasks and what ties them, folded into the nodes and edges of a PROV graph; numbers alone, before anything is looked up about the nodes. */
import type { Cell } from '#contract/values'
import type { GraphEdge } from '#contract/graph'
import { eachEdge } from './adjacency.ts'
import type { Block, BlockOf } from './blockOf.ts'
import { edgeKinds, type TaskGraph } from './taskGraph.ts'

export type Subject = {
  readonly tasks: readonly number[]
  /** Numbers of edges between these. */
  readonly edges: readonly number[]
  /** Steps from what was asked about; what is near is drawn first. */
  readonly distance: (task: number) => number
  readonly inferred: boolean
  /** Whether values stand between the tasks. */
  readonly values: boolean
  /** Cells that are drawn though they tie nothing here. */
  readonly cells: readonly OwnCell[]
}
/** A value as one task holds it: `used.x`, `generated.y`. */
export type OwnCell = { readonly task: number; readonly column: string }

export type TaskNode = { readonly block: Block; readonly tasks: number[]; distance: number; more: { up: number; down: number } }
/** Values in one field of the tasks of a node. */
export type ValueNode = { readonly key: string; readonly of: TaskNode; readonly column: string; readonly holders: Set<number>; distance: number; more: { up: number; down: number } }
export type AgentNode = { readonly key: string; readonly id: string; readonly tasks: number[]; distance: number }
export type Tie = Omit<GraphEdge, 'via'> & { readonly vias: Set<string> }
export type Picture = { readonly tasks: readonly TaskNode[]; readonly values: readonly ValueNode[]; readonly agents: readonly AgentNode[]; readonly ties: readonly Tie[]; readonly total: { tasks: number; values: number; captured: number; inferred: number } }

export function pictureOf(graph: TaskGraph, subject: Subject, blockOf: BlockOf): Picture {
  const drawing = new Drawing(graph, subject, blockOf)
  for (const edge of subject.edges) drawing.addEdge(edge)
  for (const cell of subject.cells) drawing.addCell(cell)
  drawing.addAgents()
  drawing.countMore()
  return drawing.picture()
}

class Drawing {
  private readonly nodes = new Map<string, TaskNode>()
  private readonly nodeOf = new Map<number, TaskNode>()
  private readonly values = new Map<string, ValueNode>()
  private readonly agents = new Map<string, AgentNode>()
  private readonly ties = new Map<string, Tie>()
  private captured = 0
  private inferred = 0

  constructor(
    private readonly graph: TaskGraph,
    private readonly subject: Subject,
    blockOf: BlockOf
  ) {
    for (const task of subject.tasks) {
      const block = blockOf(task)
      const node = this.nodes.get(block.key) ?? { block, tasks: [], distance: Infinity, more: { up: 0, down: 0 } }
      node.tasks.push(task)
      node.distance = Math.min(node.distance, subject.distance(task))
      this.nodes.set(block.key, node)
      this.nodeOf.set(task, node)
    }
  }

  addEdge(edge: number): void {
    const { edges, ids, vias, viaFields } = this.graph
    const [from, to, kind, via] = [edges.from[edge] as number, edges.to[edge] as number, edges.kind[edge], vias[edges.via[edge] as number] as string]
    const [maker, user] = [this.nodeOf.get(from), this.nodeOf.get(to)]
    if (!maker || !user) return
    if (kind !== edgeKinds.value) {
      this.captured++
      this.tie({ from: maker.block.key, to: user.block.key, relation: 'wasInformedBy', evidence: 'captured', value: ids[from] as string, producers: null, earlySeconds: null }, via)
      return
    }
    this.inferred++
    const tie = { evidence: 'inferred', to: user.block.key, value: this.graph.values[edges.value[edge] as number] ?? null, producers: edges.producers[edge] as number, earlySeconds: earlySeconds(this.graph, from, to) } as const
    if (!this.subject.values) return this.tie({ ...tie, from: maker.block.key, relation: 'wasInformedBy' }, via)
    const value = this.valueOf({ task: from, column: viaFields[edges.via[edge] as number]?.generated ?? '' })
    value.distance = Math.min(value.distance, Math.max(maker.distance, user.distance))
    this.tie({ ...tie, from: value.key, relation: 'used' }, via)
  }

  addCell(cell: OwnCell): void {
    const value = this.valueOf(cell)
    value.distance = Math.min(value.distance, value.of.distance)
  }

  /** The node of a cell, tied to the task that holds it. */
  private valueOf({ column, task }: OwnCell): ValueNode {
    const of = this.nodeOf.get(task) as TaskNode
    const key = `value:${of.block.key}:${column}`
    const node = this.values.get(key) ?? { key, of, column, holders: new Set<number>(), distance: Infinity, more: { up: 0, down: 0 } }
    this.values.set(key, node)
    if (!node.holders.has(task)) {
      node.holders.add(task)
      this.captured++
      const isUsed = column === 'used' || column.startsWith('used.')
      const ends = isUsed ? ({ from: key, to: of.block.key, relation: 'used' } as const) : ({ from: of.block.key, to: key, relation: 'wasGeneratedBy' } as const)
      this.tie({ ...ends, evidence: 'captured', value: null, producers: null, earlySeconds: null }, column)
    }
    return node
  }

  addAgents(): void {
    const { agent, agents, sourceAgent } = this.graph
    for (const node of this.nodes.values()) {
      for (const task of node.tasks) {
        const [own, source] = [agents[agent[task] as number], agents[sourceAgent[task] as number]]
        for (const id of [own, source]) if (id !== undefined) this.agentOf(id, node, id === own ? task : null)
        if (own !== undefined) this.captureOnce({ from: `agent:${own}`, to: node.block.key, relation: 'wasAssociatedWith', value: own }, 'agent_id')
        if (own !== undefined && source !== undefined) this.captureOnce({ from: `agent:${source}`, to: `agent:${own}`, relation: 'actedOnBehalfOf', value: source }, 'source_agent_id')
      }
    }
  }

  private captureOnce(tie: Pick<Tie, 'from' | 'to' | 'relation' | 'value'>, via: string): void {
    this.captured++
    this.tie({ ...tie, evidence: 'captured', producers: null, earlySeconds: null }, via)
  }

  private agentOf(id: string, node: TaskNode, task: number | null): void {
    const agent = this.agents.get(id) ?? { key: `agent:${id}`, id, tasks: [], distance: Infinity }
    if (task !== null) agent.tasks.push(task)
    agent.distance = Math.min(agent.distance, node.distance)
    this.agents.set(id, agent)
  }

  private tie(tie: Omit<Tie, 'vias' | 'count'>, via: string): void {
    const key = JSON.stringify([tie.from, tie.to, tie.relation, tie.evidence])
    const known = this.ties.get(key)
    if (!known) this.ties.set(key, { ...tie, vias: new Set([via]), count: 1 })
    else {
      known.vias.add(via)
      known.count++
      known.value = sameCell(known.value, tie.value) ? known.value : null
      known.producers = known.producers === tie.producers ? known.producers : null
      known.earlySeconds = tie.earlySeconds === null ? known.earlySeconds : Math.max(tie.earlySeconds, known.earlySeconds ?? 0)
    }
  }

  /** Neighbours that are not in the picture. */
  countMore(): void {
    const ways = { count: this.graph.ids.length, edges: this.graph.edges }
    const { inferred } = this.subject
    for (const node of this.nodes.values()) {
      for (const direction of ['up', 'down'] as const) {
        const others = new Set<number>()
        for (const task of node.tasks) eachEdge(ways, { task, direction, inferred }, (_, other) => this.nodeOf.has(other) || others.add(other))
        node.more[direction] = others.size
      }
    }
    for (const value of this.values.values()) {
      const users = new Set<number>()
      for (const task of value.holders) {
        eachEdge(ways, { task, direction: 'down', inferred }, (edge, other) => {
          if (!this.nodeOf.has(other) && this.graph.edges.kind[edge] === edgeKinds.value && this.graph.viaFields[this.graph.edges.via[edge] as number]?.generated === value.column) users.add(other)
        })
      }
      value.more.down = users.size
    }
  }

  picture(): Picture {
    const values = [...this.values.values()]
    const held = values.reduce((sum, { holders }) => sum + holders.size, 0)
    return { tasks: [...this.nodes.values()], values, agents: [...this.agents.values()], ties: [...this.ties.values()], total: { tasks: this.subject.tasks.length, values: held, captured: this.captured, inferred: this.inferred } }
  }
}

/** By how many seconds a value was used before the task that generated it ended; null if it was not, or if that cannot be told. */
export function earlySeconds({ end, start }: Pick<TaskGraph, 'start' | 'end'>, maker: number, user: number): number | null {
  const seconds = (end[maker] as number) - (start[user] as number)
  return seconds > 0 ? seconds : null
}

function sameCell(a: Cell, b: Cell): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
