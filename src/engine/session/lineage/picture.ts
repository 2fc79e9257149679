/** Tasks and what ties them, folded into the nodes and edges of a PROV graph; numbers alone, before anything is looked up about the nodes. */
import type { GraphEdge } from '#contract/graph'
import { eachEdge } from './adjacency.ts'
import { Interned } from './blocks.ts'
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

const relations = ['used', 'wasGeneratedBy', 'wasInformedBy', 'wasAssociatedWith', 'actedOnBehalfOf'] as const
type Relation = (typeof relations)[number]
/** Of an edge before it is folded: numbers, since there may be a million. */
type Thread = { from: number; to: number; relation: Relation; via: string; evidence: Tie['evidence']; value: number; producers: number; early: number | null }
type Folded = Thread & { vias: Set<string>; count: number }
/** More nodes than there can be; pairs of them stay exact numbers. */
const mostNodes = 2 ** 22

class Drawing {
  /** Of task nodes, values and agents, by the numbers that edges know them by. */
  private readonly keys: string[] = []
  private readonly nodes: TaskNode[] = []
  /** By task: the number of its node; −1 for tasks that are not in the picture. */
  private readonly nodeOf: Int32Array
  private readonly values = new Map<number, ValueNode & { readonly number: number }>()
  private readonly agents = new Map<number, AgentNode & { readonly number: number }>()
  private readonly folded = new Map<number, Folded>()
  private readonly columns = new Interned()
  /** By via: the number of the field that the producer holds the value in. */
  private readonly madeIn: Int32Array
  private captured = 0
  private inferred = 0

  constructor(
    private readonly graph: TaskGraph,
    private readonly subject: Subject,
    blockOf: BlockOf
  ) {
    this.nodeOf = new Int32Array(graph.ids.length).fill(-1)
    this.madeIn = Int32Array.from(graph.viaFields, ({ generated }) => this.columns.of(generated))
    const numbers = new Map<string, number>()
    for (const task of subject.tasks) {
      const block = blockOf(task)
      let number = numbers.get(block.key)
      if (number === undefined) {
        number = this.keys.push(block.key) - 1
        numbers.set(block.key, number)
        this.nodes.push({ block, tasks: [], distance: Infinity, more: { up: 0, down: 0 } })
      }
      const node = this.nodes[number] as TaskNode
      node.tasks.push(task)
      node.distance = Math.min(node.distance, subject.distance(task))
      this.nodeOf[task] = number
    }
  }

  addEdge(edge: number): void {
    const { edges, vias } = this.graph
    const [from, to] = [edges.from[edge] as number, edges.to[edge] as number]
    const [maker, user] = [this.nodeOf[from] as number, this.nodeOf[to] as number]
    if (maker === -1 || user === -1) return
    const via = vias[edges.via[edge] as number] as string
    if (edges.kind[edge] !== edgeKinds.value) return this.tie({ from: maker, to: user, relation: 'wasInformedBy', evidence: 'captured', value: from, producers: 0, early: null, via })
    const tie = { to: user, evidence: 'inferred', value: edges.value[edge] as number, producers: edges.producers[edge] as number, early: earlySeconds(this.graph, from, to), via } as const
    if (!this.subject.values) return this.tie({ ...tie, from: maker, relation: 'wasInformedBy' })
    const value = this.valueOf(from, this.madeIn[edges.via[edge] as number] as number)
    value.distance = Math.min(value.distance, Math.max(value.of.distance, (this.nodes[user] as TaskNode).distance))
    this.tie({ ...tie, from: value.number, relation: 'used' })
  }

  addCell({ column, task }: OwnCell): void {
    const value = this.valueOf(task, this.columns.of(column))
    value.distance = Math.min(value.distance, value.of.distance)
  }

  /** The node of a cell, tied to the task that holds it. */
  private valueOf(task: number, column: number): ValueNode & { readonly number: number } {
    const own = this.nodeOf[task] as number
    const place = own * mostNodes + column
    const name = this.columns.texts[column] as string
    let node = this.values.get(place)
    if (!node) {
      const key = `value:${this.keys[own]}:${name}`
      node = { key, number: this.keys.push(key) - 1, of: this.nodes[own] as TaskNode, column: name, holders: new Set(), distance: Infinity, more: { up: 0, down: 0 } }
      this.values.set(place, node)
    }
    if (!node.holders.has(task)) {
      node.holders.add(task)
      const ends = name === 'used' || name.startsWith('used.') ? ({ from: node.number, to: own, relation: 'used' } as const) : ({ from: own, to: node.number, relation: 'wasGeneratedBy' } as const)
      this.tie({ ...ends, evidence: 'captured', value: -1, producers: 0, early: null, via: name })
    }
    return node
  }

  addAgents(): void {
    const { agent, sourceAgent } = this.graph
    for (const [number, node] of this.nodes.entries()) {
      for (const task of node.tasks) {
        const [own, source] = [agent[task] as number, sourceAgent[task] as number]
        const captured = { evidence: 'captured', producers: 0, early: null } as const
        if (own >= 0) this.tie({ ...captured, from: this.agentOf(own, node, task), to: number, relation: 'wasAssociatedWith', value: own, via: 'agent_id' })
        if (own >= 0 && source >= 0) this.tie({ ...captured, from: this.agentOf(source, node, null), to: this.agentOf(own, node, null), relation: 'actedOnBehalfOf', value: source, via: 'source_agent_id' })
      }
    }
  }

  private agentOf(of: number, node: TaskNode, task: number | null): number {
    const id = this.graph.agents[of] as string
    let agent = this.agents.get(of)
    if (!agent) {
      agent = { key: `agent:${id}`, number: this.keys.push(`agent:${id}`) - 1, id, tasks: [], distance: Infinity }
      this.agents.set(of, agent)
    }
    if (task !== null) agent.tasks.push(task)
    agent.distance = Math.min(agent.distance, node.distance)
    return agent.number
  }

  private tie(thread: Thread): void {
    if (thread.evidence === 'captured') this.captured++
    else this.inferred++
    const key = (thread.from * mostNodes + thread.to) * 16 + relations.indexOf(thread.relation) * 2 + (thread.evidence === 'captured' ? 0 : 1)
    const known = this.folded.get(key)
    if (!known) {
      this.folded.set(key, { ...thread, vias: new Set([thread.via]), count: 1 })
      return
    }
    known.vias.add(thread.via)
    known.count++
    if (known.value !== thread.value) known.value = -1
    if (known.producers !== thread.producers) known.producers = -1
    if (thread.early !== null) known.early = Math.max(thread.early, known.early ?? 0)
  }

  /** Neighbours that are not in the picture. */
  countMore(): void {
    const { edges, ids } = this.graph
    if (this.subject.tasks.length === ids.length) return
    const ways = { count: ids.length, edges }
    const { inferred } = this.subject
    for (const node of this.nodes) {
      for (const direction of ['up', 'down'] as const) {
        const others = new Set<number>()
        for (const task of node.tasks) eachEdge(ways, { task, direction, inferred }, (_, other) => this.nodeOf[other] === -1 && others.add(other))
        node.more[direction] = others.size
      }
    }
    for (const [place, value] of this.values) {
      const users = new Set<number>()
      const column = place % mostNodes
      for (const task of value.holders) {
        eachEdge(ways, { task, direction: 'down', inferred }, (edge, other) => {
          if (this.nodeOf[other] === -1 && edges.kind[edge] === edgeKinds.value && this.madeIn[edges.via[edge] as number] === column) users.add(other)
        })
      }
      value.more.down = users.size
    }
  }

  picture(): Picture {
    const values = [...this.values.values()]
    const held = values.reduce((sum, { holders }) => sum + holders.size, 0)
    const ties = [...this.folded.values()].map((folded) => this.tieOf(folded))
    return { tasks: this.nodes, values, agents: [...this.agents.values()], ties, total: { tasks: this.subject.tasks.length, values: held, captured: this.captured, inferred: this.inferred } }
  }

  private tieOf({ count, early, evidence, from, producers, relation, to, value, vias }: Folded): Tie {
    const texts = evidence === 'inferred' ? this.graph.values : relation === 'wasInformedBy' ? this.graph.ids : this.graph.agents
    return { from: this.keys[from] as string, to: this.keys[to] as string, relation, evidence, vias, value: value === -1 ? null : (texts[value] ?? null), producers: evidence === 'inferred' && producers !== -1 ? producers : null, count, earlySeconds: early }
  }
}

/** By how many seconds a value was used before the task that generated it ended; null if it was not, or if that cannot be told. */
export function earlySeconds({ end, start }: Pick<TaskGraph, 'start' | 'end'>, maker: number, user: number): number | null {
  const seconds = (end[maker] as number) - (start[user] as number)
  return seconds > 0 ? seconds : null
}
