/** The small buffers that the specs open, and what stands in them, by plain reading. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './hosts.ts'

export type Message = Record<string, unknown>

export const fixture = (name: string): string => join(root, 'src', 'testing', 'fixtures', 'jsonl', `${name}.jsonl`)
export const splitFolder = join(root, 'src', 'testing', 'fixtures', 'split')
export const linesOf = (name: string): string[] => readFileSync(fixture(name), 'utf8').split('\n').filter((line) => line !== '')
export const messagesOf = (name: string): Message[] => linesOf(name).map((line) => JSON.parse(line) as Message)
/** For buffers with one message a task. */
export const tasksOf = (name: string): Message[] => messagesOf(name).filter(({ type }) => type === 'task')

export const countBy = (values: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1
  return counts
}
