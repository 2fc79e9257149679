/** Shapes of what takes records out: tables as files, records into stores, and documents made of them. */
import { z } from 'zod'
import { method } from './method.ts'
import * as sources from './sources.ts'
import { storeRef } from './stores.ts'
import { view } from './tables.ts'
import { recordsSchema, sortSchema } from './values.ts'

/**
 * `csv`, `tsv`, `parquet`, `arrow` (IPC file) hold the columns asked for; `jsonl` whole records in the form of Flowcept's buffer
 * (of `messages`: their lines as they were read), one a line.
 */
export const tableFormats = ['csv', 'tsv', 'jsonl', 'parquet', 'arrow'] as const
export type TableFormat = (typeof tableFormats)[number]

/** W3C PROV as JSON and in its notation, a Workflow Run RO-Crate (a .zip), Flowcept's Workflow Card (Markdown), one HTML page that needs no network. */
export const documentFormats = ['prov-json', 'prov-n', 'ro-crate', 'workflow-card', 'html-report'] as const
export type DocumentFormat = (typeof documentFormats)[number]

/** What is done with values that look like secrets. `replace` puts a mark in their place, `leave-out` takes the field away (null in a table). */
export const secretTreatment = z.enum(['keep', 'replace', 'leave-out'])
export type SecretTreatment = z.infer<typeof secretTreatment>

const place = {
  /** From a save dialog; without one the host keeps the file for the browser to download. */
  handle: z.string().optional(),
  name: z.string().max(200)
}
const leaving = {
  secrets: secretTreatment.default('keep'),
  /** Lays `<name>.manifest.json` beside it. */
  manifest: z.boolean().default(true)
}

export const exportParams = view.extend({
  format: z.enum(tableFormats),
  sort: sortSchema.default([]),
  /** None: all that this kind of record has. Without meaning for jsonl. */
  columns: z.array(z.string()).max(100_000),
  ...place,
  ...leaving,
  /** Reads the whole result back and compares it before it says `done`. */
  verify: z.boolean().default(true),
  /** csv and tsv: prefix cells that a spreadsheet would run as a formula with an apostrophe. */
  guardFormulas: z.boolean().default(false)
})

/** Whole records go into a store: the tasks the scope leaves, and the workflows, agents and objects they belong to unless `related` is false. */
export const storeExportParams = view.extend({ to: storeRef, dryRun: z.boolean().default(false), related: z.boolean().default(true), ...leaving })

/** What a document is about. `lineage`: a task with what it came from and what was made of it. */
export const documentSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shown') }),
  z.strictObject({ kind: z.literal('workflow'), id: z.string() }),
  z.strictObject({ kind: z.literal('campaign'), id: z.string() }),
  z.strictObject({ kind: z.literal('lineage'), taskId: z.string(), direction: z.enum(['up', 'down', 'both']).default('both') })
])
export type DocumentSubject = z.infer<typeof documentSubject>
export const documentParams = view.omit({ records: true }).extend({
  format: z.enum(documentFormats),
  subject: documentSubject.default({ kind: 'shown' }),
  /** Edges that the run did not record but equal values suggest, marked as inferred. */
  inferred: z.boolean().default(true),
  ...place,
  ...leaving
})
export const exportStarted = z.strictObject({ exportId: z.string() })

/** What was compared when the result was read back. */
export const exportCheck = z.strictObject({ what: z.string(), expected: z.string(), found: z.string(), ok: z.boolean() })
export type ExportCheck = z.infer<typeof exportCheck>
const countsByKind = z.strictObject({ task: z.number().int(), workflow: z.number().int(), agent: z.number().int(), object: z.number().int() })
/** What an export to a store finds there: by kind of record, and of changed tasks by field with a value from either side as text. */
export const storeFigures = z.strictObject({
  total: countsByKind,
  created: countsByKind,
  changed: countsByKind,
  equal: countsByKind,
  /** Read back and not what was written. */
  different: countsByKind,
  fields: z.array(z.strictObject({ field: z.string(), records: z.number().int(), there: z.string(), after: z.string() })),
  /** Values that the store cannot keep as they are: all, and the first hundred. */
  problemCount: z.number().int(),
  problems: z.array(z.strictObject({ kind: z.string(), id: z.string().nullable(), field: z.string(), reason: z.string() })),
  /** It went on where an earlier try ended. */
  resumed: z.boolean()
})

export const exportJob = z.strictObject({
  exportId: z.string(),
  name: z.string(),
  /** `bytes`: an object's, or lines of a queue. */
  kind: z.enum([...tableFormats, ...documentFormats, 'mongodb', 'lmdb', 'bytes']),
  /** Counts what would be written, and writes nothing. */
  dryRun: z.boolean(),
  state: z.enum(['writing', 'checking', 'done', 'cancelled', 'failed']),
  rows: z.number().int(),
  totalRows: z.number().int(),
  bytes: z.number(),
  secondsLeft: z.number().nullable(),
  error: z.string().nullable(),
  /** Whether the browser has to fetch it (served mode), or it lies where it was asked to. */
  download: z.boolean(),
  path: z.string().nullable(),
  /** Name of the file beside it, `<name>.gaps.json`, that says what is known to be missing of the source; null if nothing is. */
  gaps: z.string().nullable().optional(),
  /** The manifest's text, once there is one; it lies beside the export as `<name>.manifest.json`. */
  manifest: z.string().nullable(),
  /** Empty if nothing was read back. */
  checks: z.array(exportCheck),
  store: storeFigures.nullable()
})
export type ExportJob = z.infer<typeof exportJob>
/** The export itself, or a file beside it. */
export const exportPart = z.enum(['file', 'gaps', 'manifest']).default('file')
export type ExportPart = z.infer<typeof exportPart>
export const exportsResult = z.strictObject({ total: z.number().int(), exports: z.array(exportJob) })

/** What looks like a secret in the records that would leave: in these columns, or, without columns, in whole records. */
export const secretsParams = view.extend({ columns: z.array(z.string()).max(100_000).optional(), limit: z.number().int().min(1).max(1000).default(100) })
export const secretsResult = z.strictObject({
  /** Fields with such values. */
  total: z.number().int(),
  /** Values. */
  values: z.number().int(),
  fields: z.array(
    z.strictObject({
      records: recordsSchema,
      /** Dotted name of the field. */
      field: z.string(),
      values: z.number().int(),
      /** One of them, masked so that it cannot be used. */
      masked: z.string(),
      /** Why, in a few words: `name`, `password in URL`, `token of GitHub`. */
      why: z.string()
    })
  )
})

export const exportsMethods = {
  'exports.start': method(exportParams, exportStarted),
  'exports.store': method(storeExportParams, exportStarted),
  'exports.document': method(documentParams, exportStarted),
  'exports.secrets': method(secretsParams, secretsResult),
  'exports.list': method(sources.page, exportsResult),
  'exports.cancel': method(z.strictObject({ exportId: z.string() }), z.strictObject({})),
  'exports.path': method(z.strictObject({ exportId: z.string(), part: exportPart }), z.strictObject({ path: z.string(), name: z.string() }), 'host')
} as const
