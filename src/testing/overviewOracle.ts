/** Tasks of a buffer by plain JavaScript over its parsed lines: what the overview's answers are checked against. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFixture } from './openFixture.ts'

export type Dict = { [key: string]: unknown }
const fixturePath = (name: string): string => join(import.meta.dirname, 'fixtures', 'jsonl', `${name}.jsonl`)

const ranks = ['SUBMITTED', 'WAITING', 'RUNNING', 'FINISHED']
const rank = (status: unknown): number => (status === 'ERROR' ? 3 : ranks.indexOf(String(status)))
const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value)

export function messagesOf(name: string): Dict[] {
  return readFileSync(fixturePath(name), 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Dict)
}

export const isTask = (message: Dict): boolean => message.type === 'task' || (message.type === undefined && (message.task_id !== undefined || message.activity_id !== undefined))

/** Messages of one task_id put together; of times that differ the later message has its say, of statuses the more final one. */
export function tasksOf(messages: readonly Dict[]): Dict[] {
  const tasks = new Map<string, Dict>()
  messages.filter(isTask).forEach((message, index) => {
    const used = message.used as Dict | undefined
    const id = (message.task_id as string | undefined) ?? (message.group_id !== undefined ? `${String(message.group_id)}${String(used?.i)}` : `line ${index}`)
    const task = tasks.get(id) ?? { id }
    tasks.set(id, task)
    for (const [key, value] of Object.entries(message)) {
      if (value === null) continue
      if (key === 'status' && rank(value) < rank(task.status)) continue
      const before = task[key]
      task[key] = isDict(value) && isDict(before) ? { ...before, ...value } : value
    }
  })
  return [...tasks.values()]
}

export const valueAt = (task: Dict, path: string): unknown => path.split('.').reduce<unknown>((value, key) => (isDict(value) ? value[key] : undefined), task)
export const numberAt = (task: Dict, path: string): number | null => {
  const value = valueAt(task, path)
  return typeof value === 'number' ? value : null
}

/** The rule for times, said again: 2000 to 2100, no end before its start, neither of two that are a day or more apart. */
export function timesOf(task: Dict): { start: number | null; end: number | null; seconds: number | null } {
  const possible = (name: string): number | null => {
    const value = numberAt(task, name)
    return value !== null && value >= Date.UTC(2000, 0, 1) / 1000 && value < Date.UTC(2100, 0, 1) / 1000 ? value : null
  }
  const start = possible('started_at')
  const end = possible('ended_at')
  if (start === null || end === null) return { start, end, seconds: null }
  if (end >= start) return { start, end, seconds: end - start }
  return { start: start - end > 86_400 ? null : start, end: null, seconds: null }
}

export const countBy = (values: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1
  return counts
}

export function groupBy<K>(tasks: readonly Dict[], keyOf: (task: Dict) => K): Map<K, Dict[]> {
  const groups = new Map<K, Dict[]>()
  for (const task of tasks) groups.set(keyOf(task), [...(groups.get(keyOf(task)) ?? []), task])
  return groups
}

/** Linear interpolation between the closest ranks, as quantile_cont and numpy do it. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? Number.NaN
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at))
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
export const mean = (values: readonly (number | null)[]): number | null => {
  const there = values.filter((value) => value !== null)
  return there.length === 0 ? null : sum(there) / there.length
}

/** Buffers whose tasks differ most in what they have and lack. */
export const fixtures = ['03_loop', '05_errors', '06_telemetry_full', '07_agents', '08_odd_values', '10_dask', '11_status_updates']
/** Params of everything in a source. */
export const whole = { sourceId: 'fixture', scope: { filter: {}, search: '' } }

/** Opens a buffer of these messages. */
export async function openMessages(messages: readonly Dict[]): Promise<Awaited<ReturnType<typeof openFixture>>> {
  const folder = mkdtempSync(join(tmpdir(), 'provscope-messages-'))
  const path = join(folder, 'messages.jsonl')
  writeFileSync(path, messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  const opened = await openFixture(path)
  return {
    ...opened,
    async close() {
      await opened.close()
      rmSync(folder, { recursive: true })
    }
  }
}
