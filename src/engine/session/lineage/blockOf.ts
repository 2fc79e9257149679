/** What one node of a picture stands for: a task, or tasks folded into one. */
import type { GraphNode } from '#contract/graph'
import type { TaskGraph } from './taskGraph.ts'

/** `name` null: tasks that have none. */
export type Block = { readonly key: string; readonly kind: Extract<GraphNode['kind'], 'campaign' | 'workflow' | 'activity'>; readonly name: string | null; readonly fold: string | null }
export type BlockOf = (task: number) => Block

export function taskBlock({ activities, activity, ids }: TaskGraph, task: number): Block {
  return { key: `task:${ids[task]}`, kind: 'activity', name: activities[activity[task] as number] ?? (ids[task] as string), fold: null }
}

/** Folds that are no longer one task each: those that stand alike, named after their first. */
export function alikeBlocks(graph: TaskGraph, looks: ReadonlyMap<number, number>, unfolded: ReadonlySet<string>): BlockOf {
  const members = new Map<number, { first: number; count: number }>()
  for (const [task, look] of looks) {
    const known = members.get(look)
    if (known) members.set(look, { first: Math.min(known.first, task), count: known.count + 1 })
    else members.set(look, { first: task, count: 1 })
  }
  return (task) => {
    const fold = members.get(looks.get(task) ?? -1)
    if (!fold || fold.count === 1) return taskBlock(graph, task)
    const key = `alike:${graph.ids[fold.first]}`
    return unfolded.has(key) ? taskBlock(graph, task) : { key, kind: 'activity', name: nameOf(graph.activities, graph.activity, task), fold: key }
  }
}

const levels = ['campaign', 'workflow', 'activity', 'task'] as const
export type Level = (typeof levels)[number]

/** The outermost of campaign, workflow, activity and task, beginning at `level`, that is not unfolded. */
export function levelBlocks(graph: TaskGraph, level: Level, unfolded: ReadonlySet<string>): BlockOf {
  const campaign = (task: number): Block => block('campaign', nameOf(graph.campaigns, graph.campaign, task))
  const workflow = (task: number): Block => block('workflow', nameOf(graph.workflows, graph.workflow, task))
  // Within a workflow that was unfolded, activities are its own.
  const activity = (task: number): Block => {
    const name = nameOf(graph.activities, graph.activity, task)
    return block('activity', name, level === 'activity' ? [name] : [nameOf(graph.workflows, graph.workflow, task), name])
  }
  const outer = { campaign: [campaign, workflow, activity], workflow: [workflow, activity], activity: [activity], task: [] }[level]
  return (task) => {
    for (const at of outer) {
      const found = at(task)
      if (!unfolded.has(found.key)) return found
    }
    return taskBlock(graph, task)
  }
}

function block(kind: Block['kind'], name: string | null, id: unknown = name): Block {
  const key = `${kind}:${JSON.stringify(id)}`
  return { key, kind, name, fold: key }
}

function nameOf(names: readonly string[], of: Int32Array, task: number): string | null {
  return names[of[task] as number] ?? null
}
