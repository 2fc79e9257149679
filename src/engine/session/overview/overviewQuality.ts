/** What is wrong with the data, in one list: every check that found something, then one line on those that did not. */
import type { Params, Result } from '#contract/methods'
import { overviewQualityClocks } from './overviewQualityClocks.ts'
import { overviewQualityDrift } from './overviewQualityDrift.ts'
import { counted, type Finding } from './overviewQualityFinding.ts'
import { overviewQualityMessages } from './overviewQualityMessages.ts'
import { overviewQualityParents } from './overviewQualityParents.ts'
import { overviewQualitySecrets } from './overviewQualitySecrets.ts'
import { overviewQualityTasks } from './overviewQualityTasks.ts'
import type { SourceTable } from '../table/sourceTable.ts'

/** What a check that found nothing has made sure of, the most telling first. */
const assurances: [Finding['kind'], string][] = [
  ['orphan-parents', 'parents found'],
  ['duplicates', 'ids unique'],
  ['rejected-lines', 'every line read'],
  ['clock-skew', 'times in order'],
  ['never-ended', 'all tasks ended'],
  ['secrets', 'no secrets seen'],
  ['parent-cycles', 'no parent cycles'],
  ['schema-drift', 'kinds steady'],
  ['late-status', 'statuses in order'],
  ['missing-id', 'no ids missing'],
  ['no-end-recorded', 'every end recorded'],
  ['no-host', 'every host named']
]
const levels = ['warning', 'note', 'ok'] as const

/** @param problems what the reader of the source counted; without it, rejected lines are not spoken of */
export async function overviewQuality(
  table: SourceTable,
  params: Params<'overview.quality'>,
  signal: AbortSignal,
  problems?: { rejectedLines: number }
): Promise<Result<'overview.quality'>> {
  const { scope } = params
  const [own, parents, clocks, messages, drift, secrets] = await Promise.all([
    overviewQualityTasks(table, scope, signal),
    overviewQualityParents(table, scope, signal),
    overviewQualityClocks(table, scope, signal),
    overviewQualityMessages(table, scope, signal),
    overviewQualityDrift(table, scope, signal),
    overviewQualitySecrets(table, scope, signal)
  ])
  const findings = [...(problems ? [rejected(problems.rejectedLines)] : []), ...own.findings, ...parents, clocks, ...messages, drift, secrets]
  const found = findings.filter(({ count }) => count > 0).toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || b.count - a.count)
  return { tasks: own.tasks, checks: [...found, ...passed(findings, own.tasks)] }
}

function rejected(lines: number): Finding {
  return { kind: 'rejected-lines', level: 'warning', title: 'Lines not read', detail: 'each listed with its line and byte in Problems', count: lines, records: 'messages', filter: null }
}

function passed(findings: readonly Finding[], tasks: number): Finding[] {
  const clean = assurances.filter(([kind]) => findings.some((finding) => finding.kind === kind && finding.count === 0))
  const first = clean[0]
  if (first === undefined) return []
  const words = clean.map(([, assurance]) => assurance)
  const title = words.slice(0, 3).join(', ')
  const more = words.slice(3)
  return [
    {
      kind: first[0],
      level: 'ok',
      title: title.charAt(0).toUpperCase() + title.slice(1),
      detail: [`${counted(tasks, 'task')} checked`, ...more].join(', '),
      count: 0,
      records: 'tasks',
      filter: null
    }
  ]
}
