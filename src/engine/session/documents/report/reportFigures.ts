/** All that a report shows, gathered: bounded lists, each with how many there are. */
import { field, isJsonObject, type JsonObject } from '#contract/json'
import { ownId } from '#contract/momentId'
import type { Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import type { Cell, Scope } from '#contract/values'
import { treatSecrets } from '../../export/secrets.ts'
import { dataflowGraph } from '../../lineage/dataflowGraph.ts'
import { lineageGraph } from '../../lineage/lineageGraph.ts'
import { overviewActivities } from '../../overview/overviewActivities.ts'
import { overviewErrors } from '../../overview/overviewErrors.ts'
import { overviewQuality } from '../../overview/overviewQuality.ts'
import { overviewSeries } from '../../overview/overviewSeries.ts'
import { overviewSlowest } from '../../overview/overviewSlowest.ts'
import { overviewSummary } from '../../overview/overviewSummary.ts'
import { cellText } from '../../table/cells.ts'
import type { Made } from '../documentWriting.ts'
import { reportTimeline, type ReportTimeline } from './reportTimeline.ts'
import { reportTree, type ReportTree } from './reportTree.ts'

const [mostActivities, mostSlowest, mostMessages, mostNodes, mostWorkflows] = [100, 20, 20, 60, 50]
/** A lineage can only be named by its ids; of more tasks the values that tie them are not drawn. */
const [mostLineageTasks, mostTiedTasks] = [20_000, 100_000]

export type ReportFigures = {
  readonly scope: Scope
  readonly summary: Result<'overview.summary'>
  readonly activities: Result<'overview.activities'>
  readonly slowest: Result<'overview.slowest'>
  readonly errors: Result<'overview.errors'>
  readonly series: Result<'overview.series'>
  readonly quality: Result<'overview.quality'>
  readonly tree: ReportTree
  readonly timeline: ReportTimeline | null
  /** Null where there are too many tasks to tie. */
  readonly graph: Result<'dataflow.graph'> | null
  readonly workflows: readonly JsonObject[]
}

/** @throws Refusal if the subject is too large for a report */
export async function reportFigures({ params, services, subject }: Made, signal: AbortSignal): Promise<ReportFigures> {
  const { sourceId } = params
  const { table } = subject
  const scope = await scopeOf(subject, signal)
  const asked = { sourceId, scope }
  const rejectedLines = services.sources.entry(ownId(sourceId)).rejectedLines
  return {
    scope,
    summary: await overviewSummary(table, asked, signal),
    activities: await overviewActivities(table, { ...asked, sort: 'busy', offset: 0, limit: mostActivities }, signal),
    slowest: await overviewSlowest(table, { ...asked, offset: 0, limit: mostSlowest }, signal),
    errors: withoutSecrets(await overviewErrors(table, { ...asked, bins: 24, offset: 0, limit: mostMessages }, signal), params.secrets),
    series: await overviewSeries(table, { ...asked, points: 60, hosts: 1 }, signal),
    quality: await overviewQuality(table, asked, signal, { rejectedLines }),
    tree: await reportTree(table, asked, signal),
    timeline: await reportTimeline(table, asked, signal),
    graph: withoutSecretValues(await graphOf({ params, subject, scope }, signal), params.secrets),
    workflows: await workflowsOf(subject, signal)
  }
}

async function scopeOf(subject: Made['subject'], signal: AbortSignal): Promise<Scope> {
  if (subject.scope !== null) return subject.scope
  const { tasks } = subject.counts
  if (tasks > mostLineageTasks) throw new Refusal('bad-request', `${subject.title} has ${tasks.toLocaleString('en-US')} tasks, and a report takes a lineage of ${mostLineageTasks.toLocaleString('en-US')}. Make it of the workflow, or take the lineage out as PROV.`)
  const ids: string[] = []
  for await (const { id } of subject.each('tasks', signal)) ids.push(id)
  return { filter: { task_id: { $in: ids } }, search: '' }
}

async function graphOf({ params, scope, subject }: Pick<Made, 'params' | 'subject'> & { scope: Scope }, signal: AbortSignal): Promise<ReportFigures['graph']> {
  const drawn = { sourceId: params.sourceId, inferred: params.inferred, fold: true, unfolded: [], limit: mostNodes }
  if (params.subject.kind === 'lineage') return await lineageGraph(subject.table, { ...drawn, taskId: params.subject.taskId, column: null, direction: params.subject.direction, depth: 100_000 }, signal)
  if (subject.counts.tasks > mostTiedTasks) return null
  return await dataflowGraph(subject.table, { ...drawn, scope, level: 'activity', values: true }, signal)
}

/** What failed tasks said may hold addresses with passwords. */
function withoutSecrets(errors: ReportFigures['errors'], secrets: Made['params']['secrets']): ReportFigures['errors'] {
  const treated = (text: string | null): string | null => {
    if (text === null) return null
    const left = field(treatSecrets({ stderr: text }, secrets).document, 'stderr')
    return typeof left === 'string' ? left : '(left out)'
  }
  return { ...errors, messages: errors.messages.map((message) => ({ ...message, text: treated(message.text) })) }
}

/** Values are shown in their boxes. */
function withoutSecretValues(graph: ReportFigures['graph'], secrets: Made['params']['secrets']): ReportFigures['graph'] {
  if (graph === null || secrets === 'keep') return graph
  const treated = (name: string, value: Cell): Cell => {
    if (value === null) return null
    const { count, document } = treatSecrets({ [name]: cellText(value) }, secrets)
    return count === 0 ? value : ((field(document, name) ?? null) as Cell)
  }
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, value: treated(node.name.split('.').at(-1) ?? '', node.value) })) }
}

async function workflowsOf(subject: Made['subject'], signal: AbortSignal): Promise<JsonObject[]> {
  const found: JsonObject[] = []
  for await (const { document } of subject.each('workflows', signal)) {
    // Of each only what is shown: a workflow carries the whole description of its machines.
    const code = field(document, 'code_repository')
    const shown: JsonObject = {}
    for (const key of ['workflow_id', 'name', 'workflow_description', 'campaign_id', 'user', 'status', 'started_at', 'ended_at', 'flowcept_version']) shown[key] = field(document, key) ?? null
    found.push({ ...shown, code: isJsonObject(code) ? ['remote', 'branch', 'short_sha'].map((key) => field(code, key)).filter((part) => typeof part === 'string').join(' · ') : '' })
    if (found.length === mostWorkflows) break
  }
  return found
}
