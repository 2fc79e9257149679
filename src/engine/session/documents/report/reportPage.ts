/** The report as one page: facts first, then what was done, how long it took, what failed, and how sure all of this is. */
import { stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { treatSecrets } from '../../export/secrets.ts'
import { missingSentences, type DocumentFacts } from '../documentFacts.ts'
import { html, type Html } from '../html.ts'
import { htmlPage } from '../htmlPage.ts'
import type { SubjectRecords } from '../subjectRecords.ts'
import type { ReportFigures } from './reportFigures.ts'
import { graphHtml } from './reportGraph.ts'
import { telemetryHtml } from './reportTelemetry.ts'
import { bytesText, counted, named, number, secondsText, shareText, statusClass, statusTag, timeText } from './reportText.ts'
import { timelineHtml } from './reportTimeline.ts'
import { treeHtml } from './reportTree.ts'

export function reportPage(subject: SubjectRecords, facts: DocumentFacts, figures: ReportFigures): string {
  const { activities, errors, graph, quality, slowest, timeline, tree } = figures
  const missing = missingSentences(facts)
  return htmlPage(
    `${subject.heading} · report`,
    html`<header><p class="sub">${kinds[subject.subject.kind]} · ${facts.source}</p><h1>${subject.heading}</h1></header>
${missing.length > 0 ? html`<div class="warn">${missing.map((sentence) => html`<p>${sentence}</p>`)}</div>` : null}
${section('The run', factsHtml(figures))}
${section('Status', statusHtml(figures))}
${section('Workflows', workflowsHtml(figures.workflows, subject.counts.workflows))}
${section('Structure', treeHtml(tree))}
${section('Timeline', timeline === null ? html`<p class="note">No task has a time that it could be drawn by.</p>` : timelineHtml(timeline))}
${section('Activities', activitiesHtml(activities))}
${section('Slowest tasks', slowestHtml(slowest))}
${section('Errors', errorsHtml(errors))}
${section('Telemetry', telemetryHtml(figures.series, activities))}
${section(subject.subject.kind === 'lineage' ? 'Lineage' : 'Dataflow', graph === null ? html`<p class="note">There are too many tasks to be tied in a report. Their ties are in the PROV documents.</p>` : graph.edges.length === 0 ? html`<p class="note">Nothing ties these tasks.</p>` : graphHtml(graph))}
${section('Data quality', qualityHtml(quality))}
${section('How this was made', madeHtml(subject, facts, figures))}`
  )
}

const kinds = { shown: 'Report', workflow: 'Workflow', campaign: 'Campaign', lineage: 'Lineage of a task' } as const

function section(title: string, body: Html): Html {
  return html`<section><h2>${title}</h2>${body}</section>`
}

/** `n`: numbers, to the right. `long`: texts that may have no place to break. */
type Column = string | { readonly n: string } | { readonly long: string }

function tableHtml(columns: readonly Column[], rows: readonly (readonly (string | Html)[])[]): Html {
  const parts = columns.map((column) => (typeof column === 'string' ? { name: column, kind: '' } : 'n' in column ? { name: column.n, kind: 'n' } : { name: column.long, kind: 'long' }))
  return html`<div class="wide"><table><thead><tr>${parts.map(({ kind, name }) => html`<th scope="col" class="${kind}">${name}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((cell, at) => html`<td class="${parts[at]?.kind ?? ''}">${cell}</td>`)}</tr>`)}</tbody></table></div>`
}

function leftHtml(shown: number, total: number, one: string, many: string): Html | null {
  return total > shown ? html`<p class="note">${counted(total - shown, `more ${one}`, `more ${many}`)} not shown.</p>` : null
}

function factsHtml({ summary }: ReportFigures): Html {
  const { activities, agents, busySeconds, campaigns, firstStart, flowceptVersions, hosts, lastEnd, llmTokens, tasks, tasksPerSecond, users, wallSeconds, workflows } = summary
  const counts: [string, string][] = [
    ['Tasks', number(tasks)],
    ['Workflows', number(workflows)],
    ['Campaigns', number(campaigns)],
    ['Activities', number(activities)],
    ['Hosts', number(hosts)],
    ['Agents', number(agents)],
    ['From first start to last end', secondsText(wallSeconds)],
    ['Sum of all tasks', secondsText(busySeconds)],
    ['Tasks a second', tasksPerSecond === null ? '–' : number(tasksPerSecond)],
    ...(llmTokens === null ? [] : [['Tokens of models', number(llmTokens)] as [string, string]])
  ]
  const words: [string, string][] = [
    ['First start', timeText(firstStart)],
    ['Last end', timeText(lastEnd)],
    ['Users', users.join(', ') || '–'],
    ['Flowcept', flowceptVersions.join(', ') || 'not recorded']
  ]
  return html`<dl class="facts">${counts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}${words.map(([label, value]) => html`<div><dt>${label}</dt><dd class="small">${value}</dd></div>`)}</dl>`
}

function statusHtml({ summary: { statuses, tasks } }: ReportFigures): Html {
  const all = Object.entries(statuses).filter(([, count]) => count > 0).toSorted((a, b) => b[1] - a[1])
  return html`<div class="strip" aria-hidden="true">${all.map(([status, count]) => html`<span class="${statusClass(status)}" style="flex:${count} 0 0"></span>`)}</div><ul class="legend">${all.map(([status, count]) => html`<li>${statusTag(status)} ${number(count)} <span class="sub">${shareText(count / tasks)}</span></li>`)}</ul>`
}

function workflowsHtml(workflows: readonly JsonObject[], total: number): Html {
  if (total === 0) return html`<p class="note">No record of a workflow came with these tasks.</p>`
  const rows = workflows.map((one) => [
    html`${text(one['name'])}<br><code class="sub">${text(one['workflow_id'])}</code>`,
    text(one['workflow_description']),
    text(one['campaign_id']),
    statusTag(typeof one['status'] === 'string' ? one['status'] : null),
    text(one['user']),
    text(one['code'])
  ])
  return html`${tableHtml(['Workflow', 'Description', 'Campaign', 'Status', 'User', 'Code'], rows)}${leftHtml(workflows.length, total, 'workflow', 'workflows')}`
}

function activitiesHtml({ activities, total }: ReportFigures['activities']): Html {
  const rows = activities.map(({ activity, busySeconds, busyShare, cpuSeconds, errors, quantiles, tasks, writeBytes }) => [
    named(activity),
    number(tasks),
    errors > 0 ? html`<span class="err">${number(errors)}</span>` : '0',
    secondsText(quantiles?.p50 ?? null),
    secondsText(quantiles?.p95 ?? null),
    secondsText(quantiles?.max ?? null),
    quantiles === null ? '–' : secondsText(busySeconds),
    quantiles === null ? '–' : shareText(busyShare),
    secondsText(cpuSeconds),
    bytesText(writeBytes)
  ])
  const columns: Column[] = ['Activity', ...['Tasks', 'Errors', 'p50', 'p95', 'Longest', 'In all', 'Share', 'CPU, mean', 'Written, mean'].map((n) => ({ n }))]
  return html`${tableHtml(columns, rows)}${leftHtml(activities.length, total, 'activity', 'activities')}`
}

function slowestHtml({ tasks, total }: ReportFigures['slowest']): Html {
  if (tasks.length === 0) return html`<p class="note">No task has both a start and an end.</p>`
  const rows = tasks.map(({ activity, hostname, seconds, status, taskId, timesMedian }) => [html`<code>${taskId}</code>`, named(activity), named(hostname), statusTag(status), secondsText(seconds), timesMedian === null ? '–' : `${number(timesMedian)} ×`])
  return html`${tableHtml(['Task', 'Activity', 'Host', 'Status', { n: 'Took' }, { n: 'Of its activity’s median' }], rows)}${total > tasks.length ? html`<p class="note">Of ${counted(total, 'task')} with both times.</p>` : null}`
}

function errorsHtml({ activities, errors, messages, totalMessages }: ReportFigures['errors']): Html {
  if (errors === 0) return html`<p class="note">No task failed.</p>`
  const byMessage = tableHtml([{ long: 'What the tasks said last' }, { n: 'Tasks' }], messages.map(({ tasks, text: said }) => [html`<code>${said ?? '(nothing)'}</code>`, number(tasks)]))
  const byActivity = tableHtml(['Activity', { n: 'Failed' }, { n: 'Of its tasks' }], activities.slice(0, 20).map(({ activity, share, tasks }) => [named(activity), number(tasks), shareText(share)]))
  return html`<p>${counted(errors, 'task')} failed.</p>${byMessage}${leftHtml(messages.length, totalMessages, 'message', 'messages')}<h3>By activity</h3>${byActivity}${leftHtml(Math.min(20, activities.length), activities.length, 'activity', 'activities')}`
}

const levels = { warning: 'Warning', note: 'Note', ok: 'Fine' } as const

function qualityHtml({ checks }: ReportFigures['quality']): Html {
  return tableHtml(['', 'What was looked at', 'What was found', { n: 'Count' }], checks.map(({ count, detail, level, title }) => [level === 'warning' ? html`<span class="err">${levels[level]}</span>` : levels[level], title, detail, level === 'ok' ? '' : number(count)]))
}

function madeHtml({ counts, subject, title, treated }: SubjectRecords, facts: DocumentFacts, { scope }: ReportFigures): Html {
  const filter = subject.kind === 'lineage' ? '' : stringifyJson(treatSecrets(scope.filter as JsonObject, facts.secrets).document)
  const secrets = { keep: 'left as they are', replace: 'replaced by a mark', 'leave-out': 'left out' }[facts.secrets]
  const rows: [string, string | Html][] = [
    ['Of', title],
    ['Source', html`<code>${facts.path}</code>`],
    ['Records', `${counted(counts.tasks, 'task')}, ${counted(counts.workflows, 'workflow')}, ${counted(counts.agents, 'agent')}, ${counted(counts.objects, 'object')}`],
    ...(filter === '' || filter === '{}' ? [] : [['Filter', html`<code>${filter}</code>`] as [string, Html]]),
    ...(scope.search === '' ? [] : [['Search', html`<code>${scope.search}</code>`] as [string, Html]]),
    ['Inferred ties', facts.inferred ? 'shown, dashed: equal values that the run did not record as ties' : 'left out'],
    ['Values that look like secrets', `${secrets}${treated() > 0 ? `: ${counted(treated(), 'value')}` : ''}`],
    ['Made', `${timeText(facts.madeAt.getTime() / 1000)} by Provscope ${facts.version}`]
  ]
  return html`<div class="wide"><table><tbody>${rows.map(([label, value]) => html`<tr><th scope="row">${label}</th><td class="long">${value}</td></tr>`)}</tbody></table></div><p class="note">This page needs no network and runs no scripts. Lists are bounded and say what they leave out; the figures are of all tasks.</p>`
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' && value !== '' ? value : '–'
}
