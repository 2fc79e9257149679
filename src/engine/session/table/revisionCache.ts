/** Answers kept for as long as nothing of their source has changed. */
import type { SourceTable } from './sourceTable.ts'

/** One cache of a kind of answer, for all sources; the least recently used of a source goes first. */
export class RevisionCache<T> {
  private readonly sources = new WeakMap<SourceTable, { revision: number; answers: Map<string, Promise<T>> }>()

  constructor(private readonly size: number) {}

  has(table: SourceTable, key: string): boolean {
    return this.answers(table).has(key)
  }

  /**
   * What is kept under `key`, or what `compute` answers. Callers that come meanwhile share it; should it fail (the first
   * caller went away), each of them computes anew.
   */
  get(table: SourceTable, key: string, compute: () => Promise<T>): Promise<T> {
    const answers = this.answers(table)
    const kept = answers.get(key)
    answers.delete(key)
    const answer = kept ? kept.catch(compute) : compute()
    answers.set(key, answer)
    answer.catch(() => answers.get(key) === answer && answers.delete(key))
    for (const oldest of answers.keys()) if (answers.size > this.size) answers.delete(oldest)
    return answer
  }

  private answers(table: SourceTable): Map<string, Promise<T>> {
    const kept = this.sources.get(table)
    if (kept?.revision === table.revision) return kept.answers
    const fresh = { revision: table.revision, answers: new Map<string, Promise<T>>() }
    this.sources.set(table, fresh)
    return fresh.answers
  }
}
