/** All statements of a subject, some at a time, in the order of its records. */
import { taskGraph, type TaskGraph } from '../../lineage/taskGraph.ts'
import { eachEdge } from '../../lineage/adjacency.ts'
import { literalOf } from './provLiterals.ts'
import type { DocumentFacts } from '../documentFacts.ts'
import type { SubjectRecords } from '../subjectRecords.ts'
import type { Statement } from './provModel.ts'
import { provName } from './provNames.ts'
import { documentStatements, NamedThings, objectStatements } from './relatedStatements.ts'
import { evidence, taskStatements } from './taskStatements.ts'
import { ValueOrigins } from './valueOrigins.ts'

export type Stated = { readonly statements: readonly Statement[]; /** Tasks of which all is stated by now. */ readonly tasks: number }

export async function* subjectStatements(subject: SubjectRecords, facts: DocumentFacts, signal: AbortSignal): AsyncGenerator<Stated> {
  const { table } = subject
  const graph = await taskGraph(table, signal)
  const isIn = membersOf(subject, graph)
  const isBetween = (edge: number): boolean => isIn[graph.edges.from[edge] as number] === 1 && isIn[graph.edges.to[edge] as number] === 1 && (subject.edges?.has(edge) ?? true)
  const origins = facts.inferred ? await ValueOrigins.read(table, graph, isBetween, signal) : null
  const [things, missing] = [new NamedThings(), missingOf(graph)]
  yield { statements: documentStatements(facts, subject), tasks: 0 }
  for await (const workflow of subject.each('workflows', signal)) yield { statements: things.ofWorkflow(workflow), tasks: 0 }
  yield { statements: things.unrecordedParents(), tasks: 0 }
  for await (const agent of subject.each('agents', signal)) yield { statements: things.ofAgent(agent), tasks: 0 }
  let tasks = 0
  for await (const task of subject.each('tasks', signal)) {
    const number = graph.numberAt(task.line)
    const found = number === -1 ? undefined : origins?.of(number)
    const own = taskStatements(task, { of: (leaf) => found?.get(leaf) ?? [], same: (leaf, all) => origins?.same(leaf, all) ?? null, idOf: (one) => graph.ids[one] as string })
    const named = number === -1 ? [] : informedStatements(graph, number, { isIn, isLineage: subject.edges !== null, isBetween })
    yield { statements: [...things.ofTask(task), ...own, ...named, ...(missing.get(number) ?? [])], tasks: ++tasks }
  }
  for await (const object of subject.each('objects', signal)) yield { statements: objectStatements(object), tasks }
}

function membersOf({ lines }: SubjectRecords, graph: TaskGraph): Uint8Array {
  const isIn = new Uint8Array(graph.ids.length)
  for (const line of lines) {
    const task = graph.numberAt(line)
    if (task !== -1) isIn[task] = 1
  }
  return isIn
}

type Between = { readonly isIn: Uint8Array; readonly isLineage: boolean; readonly isBetween: (edge: number) => boolean }

/** Captured edges into a task; those out of it only if they lead out of the subject, so that each is stated once. A lineage has but its own. */
function informedStatements(graph: TaskGraph, task: number, { isBetween, isIn, isLineage }: Between): Statement[] {
  const found: Statement[] = []
  const ways = { count: graph.ids.length, edges: graph.edges }
  const push = (edge: number): void => {
    const [from, to] = [graph.ids[graph.edges.from[edge] as number] as string, graph.ids[graph.edges.to[edge] as number] as string]
    found.push(informed(to, from, graph.vias[graph.edges.via[edge] as number] as string))
  }
  eachEdge(ways, { task, direction: 'up', inferred: false }, (edge) => (isLineage && !isBetween(edge) ? undefined : push(edge)))
  eachEdge(ways, { task, direction: 'down', inferred: false }, (edge, other) => (isLineage || isIn[other] === 1 ? undefined : push(edge)))
  return found
}

/** By the number of the task that names them: ids that no task here has. */
function missingOf({ ids, missing }: TaskGraph): Map<number, Statement[]> {
  const found = new Map<number, Statement[]>()
  for (const { id, tasks, via } of missing) {
    for (const task of tasks) {
      const own = ids[task] as string
      const statement = via === 'dependents' ? informed(id, own, via) : informed(own, id, via)
      found.set(task, [...(found.get(task) ?? []), { ...statement, attributes: [...statement.attributes, [provName('provscope', 'missing'), literalOf(true)]] }])
    }
  }
  return found
}

function informed(task: string, informant: string, via: string): Statement & { kind: 'wasInformedBy' } {
  return { kind: 'wasInformedBy', parts: [provName('task', task), provName('task', informant)], attributes: evidence('captured', via) }
}
