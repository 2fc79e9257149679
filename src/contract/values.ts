/** What a table cell is once it has crossed a border: JSON-safe, exact, and bounded in length unless asked otherwise. */
import { z } from 'zod'

/**
 * One cell of a flattened record. Plain JSON scalars stand for themselves; what JSON cannot hold is tagged:
 * `int` an integer beyond ±2^53, `float` one of NaN, Infinity, -Infinity, -0, `json` a list or dict as JSON text.
 * `text` and a `json` with `length` are cut: the head of a value of `length` UTF-16 units.
 * `null` is an explicit null or a field that the record does not have.
 */
export const cellSchema = z.union([
  z.null(),
  z.boolean(),
  z.number(),
  z.string(),
  z.strictObject({ int: z.string() }),
  z.strictObject({ float: z.enum(['NaN', 'Infinity', '-Infinity', '-0']) }),
  z.strictObject({ text: z.string(), length: z.number().int() }),
  z.strictObject({ json: z.string(), length: z.number().int().optional() })
])
export type Cell = z.infer<typeof cellSchema>

/** The kinds of record a session shows. A message is a line as it was read; the others are merged from messages. */
export const recordsSchema = z.enum(['tasks', 'workflows', 'agents', 'objects', 'messages'])
export type Records = z.infer<typeof recordsSchema>

/** Task statuses, in the order in which they may replace each other (ERROR and FINISHED are both final). */
export const statuses = ['SUBMITTED', 'WAITING', 'RUNNING', 'ERROR', 'FINISHED', 'UNKNOWN'] as const
export const statusSchema = z.enum(statuses)
export type Status = z.infer<typeof statusSchema>

/** What a filter restricts: Flowcept's Mongo-style JSON (see filter.ts) and text to be found in any field. */
export const scopeSchema = z.strictObject({
  filter: z.record(z.string(), z.unknown()).default({}),
  search: z.string().max(10_000).default('')
})
export type Scope = z.infer<typeof scopeSchema>

export const sortSchema = z.array(z.strictObject({ column: z.string(), descending: z.boolean().default(false) })).max(16)
export type Sort = z.infer<typeof sortSchema>
