/** Ids of tasks by their numbers: only bars that stand alone need them, so they are read apart, a stretch of tasks at a time. */
import type { SourceTable } from '../table/sourceTable.ts'

/** Tasks read at once. */
const stretchLength = 32_768
type Stretch = readonly (string | null)[]
/** Tasks by number: the line of each, in order. */
export type TaskLines = { readonly lines: Float64Array }
const kept = new WeakMap<TaskLines, Map<number, Promise<Stretch>>>()

/** Null for a task whose record changed since, so that another row has it now. */
export type TaskIds = (task: number) => string | null

/** Of all these tasks. */
export async function taskIds(table: SourceTable, of: TaskLines, tasks: Iterable<number>, signal: AbortSignal): Promise<TaskIds> {
  const known = kept.get(of) ?? new Map<number, Promise<Stretch>>()
  kept.set(of, known)
  const needed = new Set<number>()
  for (const task of tasks) needed.add(Math.floor(task / stretchLength))
  const read = new Map<number, Stretch>()
  for (const number of needed) read.set(number, await stretchIn(known, number, () => readStretch(table, of, number, signal)))
  return (task) => read.get(Math.floor(task / stretchLength))?.[task % stretchLength] ?? null
}

/** Whoever asks while it is being read shares it; if that one went away, it is read anew. */
async function stretchIn(known: Map<number, Promise<Stretch>>, number: number, read: () => Promise<Stretch>): Promise<Stretch> {
  const present = known.get(number)
  const stretch = present ? present.catch(read) : read()
  known.set(number, stretch)
  try {
    return await stretch
  } catch (error) {
    if (known.get(number) === stretch) known.delete(number)
    throw error
  }
}

async function readStretch(table: SourceTable, { lines }: TaskLines, number: number, signal: AbortSignal): Promise<Stretch> {
  const wanted = lines.subarray(number * stretchLength, (number + 1) * stretchLength)
  const [first = 0, last = 0] = [wanted[0], wanted.at(-1)]
  // Where most tasks of the stretch are wanted, it is faster to read them all.
  const isSparse = last - first > 4 * wanted.length
  const [row] = await table.query(
    {
      text: `${isSparse ? `WITH wanted AS (SELECT unnest(from_json(?, '["BIGINT"]')) AS line)` : ''}
        SELECT to_json(list(r.line))::VARCHAR, to_json(list(r.record_id))::VARCHAR FROM ${table.rows} r ${isSparse ? 'JOIN wanted USING (line)' : ''}
        WHERE r.line BETWEEN ${first} AND ${last} AND ${table.recordsPredicate('tasks')}`,
      values: isSparse ? [JSON.stringify(Array.from(wanted))] : []
    },
    signal
  )
  // Lists of one group are filled row by row together, so that the same place in both is the same row.
  const [found, ids] = [row?.[0], row?.[1]].map((text) => (typeof text === 'string' ? (JSON.parse(text) as unknown[]) : [])) as [number[], string[]]
  const byLine = new Map(found.map((line, at) => [line, ids[at] as string]))
  return Array.from(wanted, (line) => byLine.get(line) ?? null)
}

/** Number of a task in a scope; −1 if it is not in it. */
export async function taskNumber(table: SourceTable, { lines }: TaskLines, taskId: string, signal: AbortSignal): Promise<number> {
  const [row] = await table.query({ text: `SELECT r.line::DOUBLE FROM ${table.rows} r WHERE ${table.recordsPredicate('tasks')} AND r.record_id = ?`, values: [taskId] }, signal)
  return row === undefined ? -1 : lines.indexOf(Number(row[0]))
}
