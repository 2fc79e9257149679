/** The calls of a scope, and of those the ones that a question leaves, as positions in the index. */
import type { CallKind } from '#contract/agents'
import type { Scope } from '#contract/values'
import { isWhole, tasksIn } from '../overview/taskColumns.ts'
import { queryColumns } from '../table/queryColumns.ts'
import { RevisionCache } from '../table/revisionCache.ts'
import type { SourceTable } from '../table/sourceTable.ts'
import { callColumns, kindNumbers } from './callColumns.ts'
import { type CallIndex, callIndex } from './callIndex.ts'

export type ScopedCalls = { readonly index: CallIndex; /** Positions in the index, in its order. */ readonly at: Int32Array }

const scopes = new RevisionCache<ScopedCalls>(4)

export function scopedCalls(table: SourceTable, scope: Scope, signal: AbortSignal): Promise<ScopedCalls> {
  return scopes.get(table, JSON.stringify(scope), async () => {
    const index = await callIndex(table, signal)
    if (isWhole(scope)) return { index, at: Int32Array.from({ length: index.size }, (_, at) => at) }
    const tasks = tasksIn(table, scope, { id: 'r.record_id', kind: callColumns(table).kind })
    const [ids = []] = await queryColumns(table, { text: `SELECT id FROM (${tasks.text}) WHERE kind IS NOT NULL`, values: tasks.values }, [true], signal)
    const at = Array.from(ids as readonly (string | null)[], (id) => (id === null ? undefined : index.numberOf(id))).filter((position) => position !== undefined)
    return { index, at: Int32Array.from(at).sort() }
  })
}

/** Positions within `at` of the calls of these kinds that touch none of the lifelines. */
export function leftOf({ index, at }: ScopedCalls, { kinds, without }: { kinds: readonly CallKind[]; without: readonly string[] }): Int32Array {
  const asked = new Set<number>(kinds.map((kind) => kindNumbers[kind]))
  const hidden = new Set(without)
  const isHidden = index.parties.map(({ key }) => hidden.has(key))
  const left: number[] = []
  for (const [position, call] of at.entries()) {
    const from = index.from[call] as number
    const isShown = asked.has(index.kind[call] as number) && !isHidden[index.to[call] as number] && !(from !== -1 && isHidden[from])
    if (isShown) left.push(position)
  }
  return Int32Array.from(left)
}
