/** Nodes and edges for tests, with as little in them as the contract allows. */
import type { GraphEdge, GraphNode } from '#contract/graph'

export const nodeOf = (key: string, more: Partial<GraphNode> = {}): GraphNode => ({
  key,
  kind: 'activity',
  name: key,
  taskId: key,
  column: null,
  value: null,
  count: 1,
  statuses: {},
  seconds: null,
  start: null,
  end: null,
  workflow: null,
  filter: null,
  fold: null,
  focus: false,
  more: { up: 0, down: 0 },
  ...more
})

export const edgeOf = (from: string, to: string, more: Partial<GraphEdge> = {}): GraphEdge => ({ from, to, relation: 'wasInformedBy', evidence: 'captured', via: 'dependencies', value: null, producers: null, count: 1, earlySeconds: null, ...more })
