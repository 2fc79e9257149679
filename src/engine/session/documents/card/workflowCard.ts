/** The card of one workflow in Markdown: Flowcept's sections, in its order. */
import { field, isJsonObject, type JsonObject, type JsonValue } from '#contract/json'
import { asFloat, timeText } from './asFloat.ts'
import { boundsOf, type CardActivity, cardActivities, commonest, groupedBy, structureText, summedCounts, timingInsights } from './cardActivities.ts'
import { activityHead, FieldInsights, fieldLines, hostCounts, tagLines } from './cardFields.ts'
import { objectLines } from './cardObjects.ts'
import { activityResourceInsights, activityResources, activityResourceTable, type ActivityResources, ioOf, runResourceLines, runResourceObservations, RunResources } from './cardResources.ts'
import { bytesText, entryLines, fieldValueText, isEmptyMetric, largest, markdownTable, secondsText } from './cardText.ts'
import { byStart, type CardTask, textOr } from './cardTasks.ts'
import { pyCounts, pyStr } from './pythonText.ts'

export type WorkflowRun = { readonly workflow: JsonObject; readonly tasks: readonly CardTask[]; readonly objects: readonly JsonObject[] }

/** Without the line that says who made it. */
export function workflowCard({ objects, tasks, workflow }: WorkflowRun): string[] {
  const [activities, sorted] = [cardActivities(tasks), byStart(tasks)]
  const [run, resources] = [new RunResources(sorted), activityResources(sorted)]
  const name = textOr(field(workflow, 'name'), 'unknown').trim() || 'unknown'
  return [
    name === 'unknown' ? '# Workflow Card' : `# Workflow Card: ${name}`,
    '',
    '## 1. Workflow',
    '',
    `- **name:** \`${name}\``,
    `- **description:** \`${descriptionOf(workflow, name, activities.length)}\``,
    '',
    ...titled('## 2. Summary', summaryLines(workflow, tasks)),
    ...titled('## 3. Infrastructure', infrastructureLines(workflow)),
    '## 4. Workflow Overview',
    '',
    ...runSummary(workflow, tasks, activities),
    '### 4.2 Workflow Structure',
    '',
    structureText(activities),
    '',
    '### 4.3 Resource Usage',
    '',
    ...(run.samples.length > 0 ? runResourceLines(run) : ['*Resource telemetry was not captured.*', '']),
    '### 4.4 Observations',
    '',
    ...observations(workflow, activities, resources, run),
    '',
    ...activitySection(activities, sorted),
    ...(run.samples.length > 0 ? resourceSection(resources) : []),
    '## 6. Significant Workflow Artifacts',
    '',
    ...objectLines(objects),
    ...(activities.some((one) => one.tasks > 1) ? ['## Aggregation Method', '- Grouping key: `activity_id`.', '- Each grouped row may aggregate multiple task records (`n_tasks`).', '- Aggregated metrics currently include count/status/timing.', ''] : []),
    '---'
  ]
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [title, '', ...lines, ''] : []
}

const truthy = (value: JsonValue | undefined): JsonValue | null => (value === undefined || value === null || value === '' || value === 0 || value === false ? null : value)

function descriptionOf(workflow: JsonObject, name: string, activities: number): string {
  const own = truthy(field(workflow, 'workflow_description')) ?? truthy(field(workflow, 'description'))
  return own === null ? `ML workflow run identified as '${name}', consisting of ${activities} ${activities === 1 ? 'sub-activity' : 'sub-activities'}.` : pyStr(own)
}

function lineOf(label: string, value: string): string[] {
  return isEmptyMetric(value) ? [] : [`- **${label}:** \`${value}\``]
}

function summaryLines(workflow: JsonObject, tasks: readonly CardTask[]): string[] {
  const { end, start } = boundsOf(tasks)
  const [own, code] = [(key: string): string => textOr(field(workflow, key), '~'), field(workflow, 'code_repository')]
  const ofCode = (key: string): string => textOr(isJsonObject(code) ? field(code, key) : null, '~')
  return [
    ...lineOf('execution_id', own('workflow_id')),
    ...lineOf('campaign_id', own('campaign_id')),
    ...lineOf('version', own('version')),
    ...lineOf('started_at (UTC)', timeText(start)),
    ...lineOf('ended_at (UTC)', timeText(end)),
    ...lineOf('duration', secondsText(start === null || end === null ? null : end - start)),
    ...lineOf('status', own('status')),
    ...lineOf('location', own('sys_name')),
    ...lineOf('user', own('user')),
    ...lineOf('Workflow Subtype', own('subtype')),
    ...lineOf('entrypoint.repository', ofCode('remote')),
    ...lineOf('entrypoint.branch', ofCode('branch')),
    ...lineOf('entrypoint.short_sha', ofCode('short_sha')),
    ...lineOf('entrypoint.dirty', ofCode('dirty'))
  ]
}

function infrastructureLines(workflow: JsonObject): string[] {
  const machine = firstMachine(field(workflow, 'machine_info'))
  const own = (key: string): JsonValue | null => truthy(field(workflow, key))
  const version = own('flowcept_version')
  const values: Record<string, JsonValue | null> = {
    host_os: own('host_os') ?? hostSystem(machine),
    compute_hardware: own('compute_hardware') ?? hardware(machine),
    runtime_environment: own('runtime_environment') ?? own('environment_id'),
    resource_manager: own('resource_manager'),
    // Which version it was is only known if it was recorded.
    primary_software: own('primary_software') ?? (version === null ? 'Flowcept' : `Flowcept ${pyStr(version)}`),
    environment_snapshot: own('environment_snapshot')
  }
  return Object.entries(values).flatMap(([label, value]) => lineOf(label, value === null ? '~' : pyStr(value)))
}

/** Machines by the id of what recorded them, or one machine. */
function firstMachine(info: JsonValue | undefined): JsonObject {
  if (!isJsonObject(info)) return {}
  if (['platform', 'cpu', 'memory'].every((key) => Object.hasOwn(info, key))) return info
  return Object.values(info).find((one) => isJsonObject(one)) ?? {}
}

function hostSystem(machine: JsonObject): string | null {
  const platform = field(machine, 'platform')
  if (!isJsonObject(platform)) return null
  return ['system', 'release', 'machine'].flatMap((key) => { const part = truthy(field(platform, key)); return part === null ? [] : [pyStr(part)] }).join(' ') || null
}

function hardware(machine: JsonObject): string | null {
  const [cpu, memory, gpu] = [field(machine, 'cpu'), field(machine, 'memory'), field(machine, 'gpu')]
  const parts: string[] = []
  if (isJsonObject(cpu)) {
    const [brand, count] = [truthy(field(cpu, 'brand_raw')) ?? truthy(field(cpu, 'brand')) ?? truthy(field(cpu, 'arch')), truthy(field(cpu, 'count'))]
    if (brand !== null) parts.push(count === null ? pyStr(brand) : `${pyStr(count)} CPU cores (${pyStr(brand)})`)
  }
  const virtual = isJsonObject(memory) ? field(memory, 'virtual') : null
  const total = isJsonObject(virtual ?? null) ? asFloat(field(virtual as JsonObject, 'total')) : null
  if (total !== null) parts.push(`${bytesText(total)} RAM`)
  if (isJsonObject(gpu) && Object.keys(gpu).length > 0) parts.push(`${Object.keys(gpu).length} GPU device(s)`)
  return parts.join('; ') || null
}

function runSummary(workflow: JsonObject, tasks: readonly CardTask[], activities: readonly CardActivity[]): string[] {
  const { end, start } = boundsOf(tasks)
  const counts = pyCounts(summedCounts(activities))
  const observations = truthy(field(workflow, 'observations'))
  return [
    '### 4.1 Run Summary',
    '',
    `- **total_activities:** \`${activities.length}\``,
    `- **status_counts:** \`${counts}\``,
    `- **Total Activities:** \`${activities.length}\``,
    `- **Status Counts:** \`${counts}\``,
    `- **Total Elapsed Workflow Time (s):** \`${secondsText(start === null || end === null ? null : end - start)}\``,
    ...entryLines('arguments', truthy(field(workflow, 'arguments')) ?? field(workflow, 'custom_metadata')),
    ...entryLines('significant inputs', field(workflow, 'used')),
    ...entryLines('significant outputs', field(workflow, 'generated')),
    ...(observations === null ? [] : [`- **observations:** \`${fieldValueText(observations)}\``]),
    ''
  ]
}

function observations(workflow: JsonObject, activities: readonly CardActivity[], resources: readonly ActivityResources[], run: RunResources): string[] {
  const own = truthy(field(workflow, 'observations'))
  const [slowest] = largest(activities.filter(({ median }) => median !== null), ({ median }) => median ?? 0, 1)
  const [io] = largest(resources, ioOf, 1)
  const lines = [
    ...(own === null ? [] : [`- ${fieldValueText(own)}`]),
    ...(slowest ? [`- Slowest activity: \`${slowest.name}\` at \`${secondsText(slowest.median)} s\`.`] : []),
    ...(io && ioOf(io) > 0 ? [`- Largest IO activity: \`${io.name}\` with read \`${bytesText(io.sums.readBytes)}\` and write \`${bytesText(io.sums.writeBytes)}\`.`] : []),
    ...(run.samples.length > 0 ? runResourceObservations(run) : [])
  ]
  return lines.length > 0 ? lines : ['~']
}

function activitySection(activities: readonly CardActivity[], sorted: readonly CardTask[]): string[] {
  const [members, insights] = [groupedBy(sorted, ({ activity }) => activity), new FieldInsights()]
  const rows = activities.map(({ end, median, name, start, statuses }) => [name, pyCounts(statuses), timeText(start), timeText(end), secondsText(median)])
  const details = activities.flatMap((activity) => activityDetails(activity, members.get(activity.name) ?? [], insights))
  const insightLines = insights.lines()
  return [
    '## 5. Activities',
    '',
    ...(rows.length > 0
      ? ['### Timing Report', 'Rows are sorted by **First Started At** (ascending).', '', markdownTable(['Activity', 'Status Counts', 'First Started At', 'Last Ended At', 'Median Elapsed (s)'], rows), '', ...timingInsights(activities), '']
      : []),
    '### Per Activity Details',
    '',
    ...details,
    ...(insightLines.length > 0 ? ['### Per Activity Details Interpretation', ...insightLines, ''] : [])
  ]
}

function activityDetails({ end, median, name, start, statuses, tasks }: CardActivity, members: readonly CardTask[], insights: FieldInsights): string[] {
  const hosts = commonest(hostCounts(members))
  const side = (label: string, key: 'used' | 'generated'): string[] => {
    const lines = fieldLines(members, key, { activity: name, insights, pad: '  ' })
    return lines.length > 0 ? [`- **${label}:**`, ...lines] : []
  }
  return [
    `### Activity: \`${name}\``,
    '',
    `- **name:** \`${name}\``,
    `- **task_count:** \`${tasks}\``,
    `- **started_at (UTC):** \`${timeText(start)}\``,
    `- **ended_at (UTC):** \`${timeText(end)}\``,
    `- **duration:** \`${secondsText(median)}\``,
    `- **status:** \`${pyCounts(statuses)}\``,
    activityHead(name, members),
    ...tagLines(members),
    ...(hosts.length > 0 ? ['- **hosts:**', ...hosts.map(([host, count]) => `  - \`${host}\`: ${count} task(s)`)] : []),
    ...side('inputs', 'used'),
    ...side('outputs', 'generated'),
    ''
  ]
}

function resourceSection(resources: readonly ActivityResources[]): string[] {
  const [table, insights] = [activityResourceTable(resources), activityResourceInsights(resources)]
  return [...(table === null ? [] : ['### Per-activity Resource Usage', table, '']), ...(insights.length > 0 ? ['### Per-activity Resource Interpretation', ...insights, ''] : [])]
}
