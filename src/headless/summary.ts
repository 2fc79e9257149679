/** `provscope summary`: what is in the sources, as one JSON object or as text for people. */
import type { Problem } from '#contract/overview'
import type { Cell } from '#contract/values'
import { cellForPeople } from './cellText.ts'
import type { Session } from './openSession.ts'
import { listProblems } from './problems.ts'
import { printable } from './terminalText.ts'

const pageSize = 10_000

export type Summary = {
  messages: number
  tasks: number
  workflows: number
  agents: number
  objects: number
  /** Tasks by status, and by activity: those that have one. */
  statuses: Record<string, number>
  activities: Record<string, number>
  /** Of the messages, in the order of a DataFrame's. */
  columns: string[]
  problems: Pick<Problem, 'source' | 'line' | 'byte' | 'kind' | 'message' | 'count'>[]
}

export async function summarise(session: Session): Promise<Summary> {
  const { messages, tasks, workflows, agents, objects } = session.source.counts
  const problems = await listProblems(session.ask, session.source.sourceId)
  return {
    messages,
    tasks,
    workflows,
    agents,
    objects,
    statuses: await countBy(session, 'status'),
    activities: await countBy(session, 'activity_id'),
    columns: await messageColumns(session),
    problems: problems.map(({ source, line, byte, kind, message, count }) => ({ source, line, byte, kind, message, count }))
  }
}

export function summaryText({ source }: Session, summary: Summary): string {
  const { messages, tasks, workflows, agents, objects, statuses, activities, columns } = summary
  const counts = { messages, tasks, workflows, agents, objects }
  return [
    printable(source.name),
    ...section(null, counts),
    ...section('Tasks by status', statuses),
    ...section('Tasks by activity', activities),
    '',
    `${columns.length.toLocaleString('en')} columns`,
    ''
  ].join('\n')
}

function section(title: string | null, counts: Record<string, number>): string[] {
  const rows = Object.entries(counts).map(([name, count]): [string, string] => [printable(name), count.toLocaleString('en')])
  if (rows.length === 0) return []
  const widths = [Math.max(...rows.map(([name]) => name.length)), Math.max(...rows.map(([, count]) => count.length))] as const
  return [...(title === null ? [] : ['', title]), ...rows.map(([name, count]) => `  ${name.padEnd(widths[0])}  ${count.padStart(widths[1])}`)]
}

async function countBy({ ask, source: { sourceId } }: Session, by: string): Promise<Record<string, number>> {
  const counts = new Map<string, number>()
  for (let offset = 0; ; offset += pageSize) {
    const { groups, total } = await ask('groups.page', { sourceId, records: 'tasks', by, offset, limit: pageSize })
    for (const { value, count } of groups) if (value !== null) counts.set(nameOf(value), count)
    if (offset + pageSize >= total) return Object.fromEntries(counts)
  }
}

const nameOf = (value: Cell): string => (typeof value === 'string' ? value : cellForPeople(value, 'text'))

async function messageColumns({ ask, source: { sourceId } }: Session): Promise<string[]> {
  const names: string[] = []
  for (let offset = 0; ; offset += pageSize) {
    const { columns, total } = await ask('columns.list', { sourceId, records: 'messages', offset, limit: pageSize })
    names.push(...columns.filter(({ derived }) => !derived).map(({ name }) => name))
    if (offset + pageSize >= total) return names
  }
}
