/** What one node of a picture stands for: a task, or tasks folded into one. */
import type { GraphNode } from '#contract/graph'
import type { Looks } from './foldTasks.ts'
import type { TaskGraph } from './taskGraph.ts'

/** `name` null: tasks that have none. */
export type Block = { readonly key: string; readonly kind: Extract<GraphNode['kind'], 'campaign' | 'workflow' | 'activity'>; readonly name: string | null; readonly fold: string | null }
export type BlockOf = (task: number) => Block

export function taskBlock({ activities, activity, ids }: TaskGraph, task: number): Block {
  return { key: `task:${ids[task]}`, kind: 'activity', name: activities[activity[task] as number] ?? (ids[task] as string), fold: null }
}

/** Folds that are no longer one task each: those that stand alike, named after their first. */
export function alikeBlocks(graph: TaskGraph, looks: Looks, unfolded: ReadonlySet<string>): BlockOf {
  const blocks = Array.from(looks.first, (first, look): Block | null => {
    const key = `alike:${graph.ids[first]}`
    return looks.count[look] === 1 || unfolded.has(key) ? null : { key, kind: 'activity', name: graph.activities[graph.activity[first] as number] ?? null, fold: key }
  })
  return (task) => blocks[looks.of(task)] ?? taskBlock(graph, task)
}

const levels = ['campaign', 'workflow', 'activity', 'task'] as const
export type Level = (typeof levels)[number]

/** The outermost of campaign, workflow, activity and task, beginning at `level`, that is not unfolded. */
export function levelBlocks(graph: TaskGraph, level: Level, unfolded: ReadonlySet<string>): BlockOf {
  const { activities, activity, campaign, campaigns, workflow, workflows } = graph
  const outer = levels.slice(levels.indexOf(level), -1) as Exclude<Level, 'task'>[]
  // Within a workflow that was unfolded, activities are its own.
  const areOfWorkflow = level !== 'activity'
  const made = new Map<number, Block>()
  const blockAt = (at: Exclude<Level, 'task'>, task: number): Block => {
    const [of, w, a] = [campaign[task] as number, workflow[task] as number, activity[task] as number]
    const code = at === 'campaign' ? of : at === 'workflow' ? w : areOfWorkflow ? (w + 1) * (activities.length + 1) + a : a
    const key = levels.indexOf(at) + levels.length * (code + 1)
    const known = made.get(key)
    if (known) return known
    const name = { campaign: campaigns[of], workflow: workflows[w], activity: activities[a] }[at] ?? null
    const found = block(at, name, at === 'activity' ? (areOfWorkflow ? [workflows[w] ?? null, name] : [name]) : name)
    made.set(key, found)
    return found
  }
  return (task) => {
    for (const at of outer) {
      const found = blockAt(at, task)
      if (!unfolded.has(found.key)) return found
    }
    return taskBlock(graph, task)
  }
}

function block(kind: Block['kind'], name: string | null, id: unknown): Block {
  const key = `${kind}:${JSON.stringify(id)}`
  return { key, kind, name, fold: key }
}
