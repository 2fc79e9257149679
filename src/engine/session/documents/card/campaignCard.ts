/** The card of several workflows in Markdown: replicated runs of one workflow, or stages of a pipeline; Flowcept's sections, in its order. */
import { field, isJsonObject, type JsonObject } from '#contract/json'
import { asFloat, timeText } from './asFloat.ts'
import { boundsOf, cardActivities, countsOf, groupedBy, medianOf, structureText, summedCounts, timingInsights, commonest } from './cardActivities.ts'
import { ioSummary } from './cardFields.ts'
import { objectFigures } from './cardObjects.ts'
import { activityResourceSection } from './cardResources.ts'
import { bytesText, entryLines, largest, markdownTable } from './cardText.ts'
import { byStart, type CardTask, textOr } from './cardTasks.ts'
import { fixed, pyCounts, sortedTexts } from './pythonText.ts'

export type CampaignRun = { readonly campaign: string | null; readonly workflows: readonly JsonObject[]; readonly tasks: readonly CardTask[]; readonly objects: readonly JsonObject[] }
type Kind = 'replicated' | 'pipeline'
const mostHosts = 10

/** Without the line that says who made it. */
export function campaignCard(run: CampaignRun): string[] {
  const workflows = run.workflows.toSorted((a, b) => (asFloat(field(a, 'utc_timestamp')) ?? 0) - (asFloat(field(b, 'utc_timestamp')) ?? 0))
  const names = new Set(workflows.flatMap((one) => textOr(field(one, 'name'), '') || []))
  const sorted = { ...run, workflows }
  return [...(names.size <= 1 ? replicatedLines(sorted) : pipelineLines(sorted)), '---']
}

const idOf = (workflow: JsonObject): string => textOr(field(workflow, 'workflow_id'), 'None')
const nameOf = (workflow: JsonObject | undefined): string => textOr(workflow && field(workflow, 'name'), 'unknown')
const seconds = (value: number | null): string => (value === null ? 'unknown' : `${fixed(value, 3)} s`)

function elapsedOf(tasks: readonly CardTask[]): { start: number | null; end: number | null; elapsed: number | null } {
  const { end, start } = boundsOf(tasks)
  return { start, end, elapsed: start === null || end === null ? null : end - start }
}

function headLines({ campaign, tasks, workflows }: CampaignRun, kind: Kind, extra: readonly string[]): string[] {
  const { elapsed, end, start } = elapsedOf(tasks)
  const count = workflows.length
  return [
    '## 1. Workflow',
    `- **name:** \`${campaign ?? 'unknown'}\``,
    `- **description:** ML workflow run identified as '${campaign ?? 'None'}', consisting of ${count} ${count === 1 ? 'sub-activity' : 'sub-activities'}`,
    '## 2. Summary',
    '- **execution_id:** ~',
    ...(campaign === null ? [] : [`- **campaign_id:** ${campaign}`]),
    '- **version:** ~',
    ...(kind === 'pipeline' ? ['- **Type:** Pipeline'] : []),
    `- **workflow_runs:** ${count}`,
    ...(start ? [`- **started_at:** \`${timeText(start)} (UTC)\``] : []),
    ...(end ? [`- **ended_at:** \`${timeText(end)} (UTC)\``] : []),
    ...(elapsed === null ? [] : [`- **duration:** \`${fixed(elapsed, 3)}\` (s)`]),
    ...['status', 'location', 'user', 'entrypoint.repository', 'entrypoint.branch', 'entrypoint.short_sha'].map((key) => `- **${key}:** ~`),
    ...extra,
    '',
    ...levelLines(workflows, tasks, elapsed),
    structureText(cardActivities(tasks)),
    ''
  ]
}

function levelLines(workflows: readonly JsonObject[], tasks: readonly CardTask[], elapsed: number | null): string[] {
  const activities = cardActivities(tasks)
  const names = new Set(workflows.flatMap((one) => textOr(field(one, 'name'), '') || []))
  const slowest = largest(activities, ({ median }) => median ?? -1, 5).filter(({ median }) => median !== null)
  return [
    '## Campaign-level Summary',
    `- **Total Workflows:** \`${names.size > 0 ? names.size : workflows.length}\``,
    `- **Total Activities:** \`${activities.length}\``,
    `- **Total Tasks:** \`${tasks.length}\``,
    `- **Status Counts:** \`${pyCounts(summedCounts(activities))}\``,
    ...(elapsed === null ? [] : [`- **Total Elapsed (s):** \`${fixed(elapsed, 3)}\``]),
    ...(activities.length > 2 && slowest.length > 0 ? ['- **Top Slowest Activities:**', ...slowest.map(({ median, name }) => `  - \`${name}\`: \`${seconds(median)}\``)] : []),
    ''
  ]
}

function replicatedLines(run: CampaignRun): string[] {
  const { objects, tasks, workflows } = run
  const name = nameOf(workflows[0])
  const byWorkflow = groupedBy(tasks, ({ workflow }) => workflow)
  const runs = workflows.map((workflow) => {
    const own = byWorkflow.get(idOf(workflow)) ?? []
    const statuses = countsOf(own.map(({ status }) => status))
    return { id: idOf(workflow), ...elapsedOf(own), statuses: sortedTexts(statuses.keys()).map((status) => `${status}:${statuses.get(status)}`).join(', ') || '-' }
  })
  const rows = runs.map(({ elapsed, id, start, statuses }, at) => [String(at + 1), `\`${id.slice(0, 8)}\``, start ? timeText(start) : '-', seconds(elapsed), statuses])
  const sorted = byStart(tasks)
  return [
    '# Campaign Workflow Card — Replicated Runs',
    '',
    ...headLines(run, 'replicated', name === 'unknown' ? [] : [`- **Workflow name:** \`${name}\``]),
    '## Run Timing Report',
    'Rows are sorted by **First Started At** (ascending).',
    '',
    markdownTable(['Run #', 'Workflow ID', 'Started (UTC)', 'Elapsed', 'Status counts'], rows),
    '',
    ...timingInsights(cardActivities(tasks)),
    '',
    ...trendLines(runs.flatMap(({ elapsed }) => elapsed ?? [])),
    ...ioSummary(sorted, { heading: '##', hosts: false }),
    ...activityResourceSection(sorted, '##'),
    ...hostSection(workflows),
    ...objectSection(objects)
  ]
}

function trendLines(elapsed: readonly number[]): string[] {
  const [first, last] = [elapsed[0], elapsed.at(-1)]
  if (first === undefined || last === undefined) return []
  const delta = last - first
  return [
    '## Timing Trend',
    '',
    `- **Fastest run:** ${seconds(elapsed.reduce((a, b) => Math.min(a, b)))}`,
    `- **Slowest run:** ${seconds(elapsed.reduce((a, b) => Math.max(a, b)))}`,
    `- **Median run:** ${seconds(medianOf(elapsed))}`,
    ...(elapsed.length > 1 ? [`- **First → last delta:** ${seconds(Math.abs(delta))} ${delta > 0 ? 'slower' : 'faster'}`] : []),
    ''
  ]
}

function hostSection(workflows: readonly JsonObject[]): string[] {
  const hosts = commonest(countsOf(workflows.flatMap(hostsOf)))
  if (hosts.length === 0) return []
  const rows = hosts.slice(0, mostHosts).map(([host, count]) => [host, String(count), `${fixed((100 * count) / workflows.length, 1)}%`])
  return ['## Execution Hosts', '', `- **Unique hosts:** ${hosts.length}`, `- **Total runs:** ${workflows.length}`, '', markdownTable(['Hostname', 'Runs', '% of total'], rows), ...(hosts.length > mostHosts ? [`\n_Showing top ${mostHosts} of ${hosts.length} hosts._`] : []), '']
}

function hostsOf(workflow: JsonObject): string[] {
  const info = field(workflow, 'machine_info')
  const machines = isJsonObject(info) ? Object.values(info).filter(isJsonObject) : []
  const found = machines.flatMap((machine) => textField(machine, 'hostname'))
  return [...new Set(found.length > 0 ? found : textField(workflow, 'hostname'))]
}

function textField(object: JsonObject, key: string): string[] {
  const value = field(object, key)
  return typeof value === 'string' && value !== '' ? [value] : []
}

function pipelineLines(run: CampaignRun): string[] {
  const { objects, tasks, workflows } = run
  const byWorkflow = groupedBy(tasks, ({ workflow }) => workflow)
  return [
    '# Campaign Workflow Card — Pipeline',
    '',
    ...headLines(run, 'pipeline', []),
    '## Per-workflow Details',
    '',
    ...workflows.flatMap((workflow) => stageLines(workflow, byWorkflow.get(idOf(workflow)) ?? [])),
    '## Per-activity Details',
    '',
    ...workflows.flatMap((workflow) => {
      const own = byStart(byWorkflow.get(idOf(workflow)) ?? [])
      const name = nameOf(workflow)
      return own.length === 0 ? [] : [`### ${name === 'unknown' ? `Workflow \`${idOf(workflow).slice(0, 8)}\`` : name}`, '', ...ioSummary(own, { heading: null, hosts: true }), ...activityResourceSection(own, '####'), '']
    }),
    ...objectSection(objects)
  ]
}

function stageLines(workflow: JsonObject, tasks: readonly CardTask[]): string[] {
  const { elapsed, end, start } = elapsedOf(tasks)
  const code = field(workflow, 'code_repository')
  const parts = [['branch', 'branch'], ['sha', 'short_sha'], ['remote', 'remote']].flatMap(([label, key]) => {
    const text = isJsonObject(code) ? textOr(field(code, key as string), '') : ''
    return text === '' ? [] : [`${label}=\`${text}\``]
  })
  return [
    `### ${nameOf(workflow)}`,
    '',
    `- **Workflow ID:** \`${idOf(workflow)}\``,
    `- **Elapsed:** ${seconds(elapsed)}`,
    ...(start ? [`- **Started:** ${timeText(start)} UTC`] : []),
    ...(end ? [`- **Ended:** ${timeText(end)} UTC`] : []),
    ...(parts.length > 0 ? [`- **Code:** ${parts.join(', ')}`] : []),
    ...entryLines('Used', field(workflow, 'used')),
    ...entryLines('Generated', field(workflow, 'generated')),
    ...entryLines('Custom Metadata', field(workflow, 'custom_metadata')),
    ''
  ]
}

function objectSection(objects: readonly JsonObject[]): string[] {
  if (objects.length === 0) return []
  const { byStorage, byType, sizes, total } = objectFigures(objects)
  const list = (counts: ReadonlyMap<string, number>): string => sortedTexts(counts.keys()).map((key) => `${key}: ${counts.get(key)}`).join(', ')
  const sum = sizes.reduce((a, b) => a + b, 0)
  return ['## Object Artifacts Summary', '', `- **Total objects:** ${total}`, `- **By type:** ${list(byType)}`, `- **By storage:** ${list(byStorage)}`, ...(sum > 0 ? [`- **Total size:** ${bytesText(sum)}`] : []), '']
}
