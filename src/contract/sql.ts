/** Shapes of the read-only SQL console: schema, a statement's result page by page, its plan, its export. */
import { z } from 'zod'
import { exportStarted, tableFormats } from './exports.ts'
import { method } from './method.ts'
import { cellSchema, scopeSchema } from './values.ts'

/** What a statement may select from. `gaps`: the ledger of a live source, empty for others. */
export const sqlTables = ['tasks', 'workflows', 'agents', 'objects', 'messages', 'gaps'] as const
export const sqlTable = z.enum(sqlTables)
export type SqlTable = z.infer<typeof sqlTable>

export const sqlSchemaParams = z.strictObject({ sourceId: z.string() })
export const sqlSchemaResult = z.strictObject({ revision: z.number().int(), tables: z.array(z.strictObject({ name: sqlTable, rows: z.number().int(), columns: z.number().int() })) })

export const sqlColumnsParams = z.strictObject({ sourceId: z.string(), table: sqlTable, search: z.string().max(1000).default(''), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(10_000).default(2000) })
export const sqlColumn = z.strictObject({
  /** As a statement names it: dotted, unique without regard to case. */
  name: z.string(),
  /** The field it is read from, where that is another name. */
  field: z.string(),
  /** DuckDB's. */
  type: z.string(),
  /** `epoch s`: a time. */
  unit: z.string().nullable(),
  /** Computed, not captured. */
  derived: z.boolean(),
  /** Null while what is computed has not been counted. */
  nulls: z.number().int().nullable()
})
export type SqlColumn = z.infer<typeof sqlColumn>
export const sqlColumnsResult = z.strictObject({ revision: z.number().int(), total: z.number().int(), columns: z.array(sqlColumn) })

const statement = {
  sourceId: z.string(),
  /** One SELECT. A mistake is refused with `bad-request`, a sentence, and the path `["text", from, to]` in UTF-16 units of the text. */
  text: z.string().max(200_000),
  /** Restricts `tasks` and `messages`; the other tables stay whole. */
  scope: scopeSchema.default({ filter: {}, search: '' })
}
const page = {
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(0).max(10_000).default(200),
  /** Longer texts and lists are cut to it and say their length; 0 = never cut. */
  cellLength: z.number().int().min(0).default(256)
}
/** By columns of the result, counted from 0. */
export const sqlSort = z.array(z.strictObject({ column: z.number().int().min(0), descending: z.boolean().default(false) })).max(16)
export type SqlSort = z.infer<typeof sqlSort>

export const sqlRunParams = z.strictObject({ ...statement, ...page })
/** A column of a result: its name as DuckDB gives it (not always unique) and its type in DuckDB's words. */
export const sqlResultColumn = z.strictObject({ name: z.string(), type: z.string() })
export type SqlResultColumn = z.infer<typeof sqlResultColumn>
export const sqlRunResult = z.strictObject({
  /** For further pages and exports. Of a source the last few results are kept. */
  resultId: z.string(),
  /** Of the source, when it was run. */
  revision: z.number().int(),
  columns: z.array(sqlResultColumn),
  total: z.number().int(),
  rows: z.array(z.array(cellSchema)),
  elapsedMs: z.number(),
  /** Rows that the conditions on a single table left, of all that its tables have; null where that cannot be told. */
  scanned: z.strictObject({ table: sqlTable, rows: z.number().int(), of: z.number().int() }).nullable()
})
export const sqlPageParams = z.strictObject({ sourceId: z.string(), resultId: z.string(), sort: sqlSort.default([]), ...page })
export const sqlPageResult = z.strictObject({ rows: z.array(z.array(cellSchema)) })

/** `analyze` runs the statement and says what each step took. */
export const sqlExplainParams = z.strictObject({ ...statement, analyze: z.boolean().default(false) })
/** A step of the plan. Steps stand in the order of a tree that is read downwards; `depth` says how far in. */
export const sqlStep = z.strictObject({
  depth: z.number().int(),
  name: z.string(),
  details: z.array(z.strictObject({ key: z.string(), values: z.array(z.string()) })),
  estimatedRows: z.number().nullable(),
  /** Null without `analyze`, as the next. */
  rows: z.number().nullable(),
  seconds: z.number().nullable()
})
export type SqlStep = z.infer<typeof sqlStep>
export const sqlExplainResult = z.strictObject({ elapsedMs: z.number().nullable(), steps: z.array(sqlStep) })

export const sqlExportParams = z.strictObject({
  sourceId: z.string(),
  resultId: z.string(),
  sort: sqlSort.default([]),
  format: z.enum(tableFormats),
  handle: z.string().optional(),
  name: z.string().max(200),
  manifest: z.boolean().default(true),
  verify: z.boolean().default(true),
  guardFormulas: z.boolean().default(false)
})

export const sqlMethods = {
  'sql.schema': method(sqlSchemaParams, sqlSchemaResult),
  'sql.columns': method(sqlColumnsParams, sqlColumnsResult),
  'sql.run': method(sqlRunParams, sqlRunResult),
  'sql.page': method(sqlPageParams, sqlPageResult),
  'sql.explain': method(sqlExplainParams, sqlExplainResult),
  'sql.export': method(sqlExportParams, exportStarted)
} as const
