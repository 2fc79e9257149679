/** `provscope critical-path`: the chain of tasks that a workflow took longest for, and how much slack the others have. */
import type { Result } from '#contract/methods'
import { Refusal } from '#contract/reply'
import { timeText } from './cellText.ts'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import { printable } from './terminalText.ts'
import { textTable } from './textTable.ts'
import type { CriticalPathFlags } from './viewCommandLine.ts'
import { secondsText } from './secondsText.ts'

type Path = Result<'critical.path'>
type Step = Path['path'][number]
type Asked = { session: Session; scope: { filter: Record<string, unknown>; search: string }; workflow: string; inferred: boolean }

const stepsAtOnce = 1000

export async function criticalPathCommand(session: Session, { workflow, capturedOnly, json }: CriticalPathFlags, { output }: { output: Output; note: (text: string) => void }): Promise<void> {
  const asked = { session, scope: { filter: { workflow_id: workflow }, search: '' }, workflow, inferred: capturedOnly !== true }
  await refuseUnknown(asked)
  const path = await wholePath(asked)
  if (json === true) await writeJson(asked, path, output)
  else await output.write(`${textLines(asked, path, process.stdout.isTTY ? process.stdout.columns : null).join('\n')}\n`)
}

async function refuseUnknown({ session: { ask, source }, scope, workflow }: Asked): Promise<void> {
  for (const records of ['tasks', 'workflows'] as const) {
    if ((await ask('rows.page', { sourceId: source.sourceId, records, scope, columns: [], limit: 1 })).total > 0) return
  }
  throw new Refusal('not-found', `There is no workflow ${printable(workflow)} in ${printable(source.name)}.`)
}

async function wholePath({ session: { ask, source }, scope, inferred }: Asked): Promise<Path> {
  const page = (offset: number): Promise<Path> => ask('critical.path', { sourceId: source.sourceId, scope, inferred, offset, limit: stepsAtOnce })
  const first = await page(0)
  const path = [...first.path]
  while (path.length < first.steps) path.push(...(await page(path.length)).path)
  return { ...first, path }
}

function textLines({ workflow, inferred }: Asked, found: Path, terminalColumns: number | null): string[] {
  const { captured, cycles, next, path, seconds, tasks, waitSeconds, waitingFor } = found
  if (tasks === 0) return [`No task of workflow ${printable(workflow)} says when it ran, so there is no path.`]
  const lines = [
    `Workflow ${printable(workflow)}: ${count(path.length, 'task')}, ${secondsText(seconds)} of work and ${secondsText(waitSeconds)} between`,
    `${count(tasks, 'task')} with times; ${captured.toLocaleString('en')} captured and ${found.inferred.toLocaleString('en')} inferred links between them`
  ]
  if (captured + found.inferred === 0) lines.push(`Nothing says that any task needed another${inferred ? '' : ', of what the run recorded'}: the longest task alone is the path.`)
  if (cycles > 0) lines.push(`${count(cycles, 'link')} left out, since tasks would need each other in a circle.`)
  lines.push('', ...pathTable(path, terminalColumns))
  if (waitingFor) lines.push('', waitingText(waitingFor))
  if (next.length > 0) lines.push('', 'Least slack off the path', ...slackTable(next, terminalColumns))
  return lines
}

function pathTable(path: readonly Step[], terminalColumns: number | null): string[] {
  const columns = [left('task'), left('activity'), left('host'), left('start'), right('duration'), right('wait'), left('because of')]
  const rows = path.map((step) => [
    ...namesOf(step),
    timeText(step.start),
    secondsText(step.seconds),
    step.waitSeconds === null ? '' : secondsText(step.waitSeconds),
    step.evidence === null ? '' : `${step.evidence}: ${printable(step.via ?? '')}`
  ])
  return textTable(columns, rows, terminalColumns).lines
}

function slackTable(next: Path['next'], terminalColumns: number | null): string[] {
  const columns = [left('task'), left('activity'), left('host'), right('duration'), right('slack')]
  return textTable(columns, next.map((task) => [...namesOf(task), secondsText(task.seconds), secondsText(task.slackSeconds)]), terminalColumns).lines
}

function waitingText({ activity, medianSeconds, seconds, holdsUp, taskId }: NonNullable<Path['waitingFor']>): string {
  const usual = medianSeconds === null ? '' : ` (usually ${secondsText(medianSeconds)})`
  const held = holdsUp.map((one) => `${one.tasks.toLocaleString('en')} × ${printable(one.activity ?? 'no activity')}`)
  return `Waiting for ${printable(activity ?? 'no activity')} ${printable(taskId)}, running for ${secondsText(seconds)}${usual}${held.length === 0 ? '' : `; it holds up ${held.join(', ')}`}`
}

async function writeJson(asked: Asked, found: Path, output: Output): Promise<void> {
  const { captured, cycles, from, inferred, path, seconds, tasks, to, waitSeconds, waitingFor } = found
  const head = {
    workflow_id: asked.workflow,
    seconds,
    wait_seconds: waitSeconds,
    from,
    to,
    tasks,
    captured,
    inferred,
    cycles,
    path: path.map((step) => ({ ...fieldsOf(step), status: step.status, started_at: step.start, ended_at: step.end, seconds: step.seconds, wait_seconds: step.waitSeconds, kind: step.evidence, via: step.via })),
    waiting_for: waitingFor && { ...fieldsOf(waitingFor), seconds: waitingFor.seconds, median_seconds: waitingFor.medianSeconds, holds_up: waitingFor.holdsUp.map(({ activity, tasks: held }) => ({ activity_id: activity, tasks: held })) }
  }
  await output.write(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "slack": [`)
  let isFirst = true
  for await (const lines of slackLines(asked)) {
    if (lines.length === 0) continue
    await output.write(`${isFirst ? '' : ','}\n    ${lines.join(',\n    ')}`)
    isFirst = false
  }
  await output.write(isFirst ? ']\n}\n' : '\n  ]\n}\n')
}

/** Every task that has times, in the order of their messages. */
async function* slackLines({ session: { ask, source }, scope, inferred }: Asked): AsyncGenerator<string[]> {
  for (let offset = 0, total = 1; offset < total; offset += stepsAtOnce) {
    const page = await ask('rows.page', { sourceId: source.sourceId, scope, columns: ['task_id'], offset, limit: stepsAtOnce, cellLength: 0 })
    total = page.total
    const taskIds = page.rows.map(({ cells }) => String(cells[0]))
    if (taskIds.length === 0) return
    const { slack } = await ask('critical.slack', { sourceId: source.sourceId, scope, inferred, taskIds })
    yield taskIds.flatMap((taskId, at) => (slack[at] === null ? [] : [JSON.stringify({ task_id: taskId, slack_seconds: slack[at] })]))
  }
}

type Named = { taskId: string; activity: string | null; hostname: string | null }
const fieldsOf = ({ taskId, activity, hostname }: Named): object => ({ task_id: taskId, activity_id: activity, hostname })
const namesOf = ({ taskId, activity, hostname }: Named): string[] => [taskId, activity ?? '', hostname ?? ''].map(printable)
const left = (title: string) => ({ title, align: 'left' }) as const
const right = (title: string) => ({ title, align: 'right' }) as const
const count = (value: number, what: string): string => `${value.toLocaleString('en')} ${value === 1 ? what : `${what}s`}`
