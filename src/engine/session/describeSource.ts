/** What is told of a source while its files are still being found, or could not be opened. */
import { basename } from 'node:path'
import type { Source } from '#contract/sources'
import type { Expansion } from '#engine/sources/expand'
import type { OpenSourceState } from './load/openSource.ts'

/** Its name and place: as it was named until its files are known. */
export function titleOf(named: readonly string[], expansion: Expansion | null): Pick<Source, 'name' | 'path' | 'kind' | 'files'> {
  if (expansion !== null) return { name: expansion.name, path: expansion.path, kind: expansion.kind, files: expansion.kind === 'stdin' ? 1 : expansion.files.length }
  const [first = ''] = named
  return { name: first === '-' ? 'standard input' : basename(first), path: first, kind: first === '-' ? 'stdin' : named.length > 1 ? 'files' : 'file', files: 0 }
}

export function unreadState(named: readonly string[], expansion: Expansion | null, error: string | null): OpenSourceState {
  const totalBytes = named[0] === '-' ? null : (expansion?.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0)
  const counts = { messages: 0, tasks: 0, workflows: 0, agents: 0, objects: 0 }
  return { state: error === null ? 'reading' : 'failed', error, readBytes: 0, totalBytes, secondsLeft: null, loadSeconds: null, stage: 'first', counts, errors: 0, problems: 0, revision: 0 }
}
