/** Answers about two runs, kept for as long as nothing of either source has changed. */
import type { Run } from '#contract/compare'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'

export type Side = { readonly table: SourceTable; readonly run: Run }
export type Sides = { readonly a: Side; readonly b: Side }

const numbers = new WeakMap<SourceTable, number>()
let numbered = 0

export class PairCache<T> {
  private readonly answers: RevisionCache<T>

  constructor(size: number) {
    this.answers = new RevisionCache<T>(size)
  }

  get({ a, b }: Sides, key: string, compute: () => Promise<T>): Promise<T> {
    return this.answers.get(a.table, JSON.stringify([key, a.run.kind, a.run.id, numberOf(b.table), b.table.revision, b.run.kind, b.run.id]), compute)
  }
}

/** Tables of one id may be of different moments. */
function numberOf(table: SourceTable): number {
  const known = numbers.get(table) ?? ++numbered
  numbers.set(table, known)
  return known
}
