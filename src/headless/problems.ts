/** Problems as the command line tells them, and what they mean for its exit code. */
import type { Problem } from '#contract/overview'
import type { Ask } from './openSession.ts'
import { printable } from './terminalText.ts'

const pageSize = 1000

/** Everything that went wrong. Notes (a blank line, a NaN token) are not problems: nothing was lost by them. */
export async function listProblems(ask: Ask, sourceId: string): Promise<Problem[]> {
  const found: Problem[] = []
  for (let offset = 0; ; offset += pageSize) {
    const { problems, total } = await ask('problems.list', { sourceId, offset, limit: pageSize })
    found.push(...problems.filter(({ level }) => level !== 'note'))
    if (offset + pageSize >= total) return found
  }
}

export function problemLine({ source, line, byte, title, message, count }: Problem): string {
  const place = line === null ? source : `${source}:${line} (byte ${byte})`
  return printable(`${place}: ${title}${count > 1 ? ` (${count.toLocaleString('en')} times, first here)` : ''}: ${message}`)
}
