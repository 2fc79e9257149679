/** The last results of each source, for as long as somebody is likely to look at further pages of them. */
import { randomUUID } from 'node:crypto'
import { Refusal } from '#contract/reply'
import type { SourceTable } from '../table/sourceTable.ts'
import type { Ran } from './runStatement.ts'

/** What was asked, for the manifest of an export. */
export type KeptResult = Ran & { readonly resultId: string; readonly sourceId: string; readonly source: SourceTable; readonly text: string; readonly revision: number }

const keptOfSource = 4

export class SqlResults {
  private readonly kept = new Map<string, KeptResult & { users: number; isForgotten: boolean }>()

  add(result: Omit<KeptResult, 'resultId'>): KeptResult {
    const kept = { ...result, resultId: randomUUID(), users: 0, isForgotten: false }
    this.kept.set(kept.resultId, kept)
    const ofSource = [...this.kept.values()].filter(({ sourceId }) => sourceId === result.sourceId)
    for (const oldest of ofSource.slice(0, -keptOfSource)) this.forget(oldest.resultId)
    return kept
  }

  /** It stays for as long as `use` runs. @throws Refusal for one that is gone */
  async use<T>(sourceId: string, resultId: string, use: (result: KeptResult) => Promise<T>): Promise<T> {
    const { release, result } = this.hold(sourceId, resultId)
    try {
      return await use(result)
    } finally {
      release()
    }
  }

  /** It stays until it is released. @throws Refusal for one that is gone */
  hold(sourceId: string, resultId: string): { result: KeptResult; release: () => void } {
    const result = this.kept.get(resultId)
    if (result === undefined || result.sourceId !== sourceId) throw new Refusal('not-found', 'This result is no longer kept: run the statement again.')
    // Looked at last, forgotten last.
    this.kept.delete(resultId)
    this.kept.set(resultId, result)
    result.users++
    const release = (): void => {
      result.users--
      if (result.isForgotten && result.users === 0) this.drop(result)
    }
    return { result, release }
  }

  private forget(resultId: string): void {
    const result = this.kept.get(resultId)
    if (result === undefined) return
    this.kept.delete(resultId)
    result.isForgotten = true
    if (result.users === 0) this.drop(result)
  }

  private drop({ source, table }: KeptResult): void {
    // Fails when the source has been closed, which took the table along.
    source.query({ text: `DROP TABLE IF EXISTS ${table}`, values: [] }).catch(() => undefined)
  }
}
