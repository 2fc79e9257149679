/** Shapes of the methods about stores: opening one, transfer between them, objects and their versions. */
import { z } from 'zod'

/** A handle names a path; passwords are given apart, so that a URI can be shown. */
export const storeRef = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('lmdb'), handle: z.string() }),
  z.strictObject({ type: z.literal('mongodb'), uri: z.string().min(1).max(2000), password: z.string().max(10_000).optional() }),
  z.strictObject({ type: z.literal('jsonl'), handle: z.string() })
])
export type StoreRef = z.infer<typeof storeRef>
/** Opens an LMDB folder or a MongoDB database as a source, for reading. */
export const openStoreParams = z.strictObject({ store: storeRef, keepPassword: z.boolean().default(false) })

export const recordCounts = z.strictObject({ task: z.number().int(), workflow: z.number().int(), agent: z.number().int(), object: z.number().int() })
export const transferParams = z.strictObject({ from: storeRef, to: storeRef, dryRun: z.boolean().default(false) })
export const transferStarted = z.strictObject({ transferId: z.string() })
export const transferJob = z.strictObject({
  transferId: z.string(),
  from: z.string(),
  to: z.string(),
  dryRun: z.boolean(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** Records read, new in the target, changed there, equal already, and different when read back. */
  read: recordCounts,
  created: recordCounts,
  changed: recordCounts,
  equal: recordCounts,
  different: recordCounts,
  total: recordCounts,
  /** Values that could not be kept as they are: how many, and the first hundred. */
  problemCount: z.number().int(),
  problems: z.array(z.strictObject({ kind: z.string(), id: z.string().nullable(), field: z.string(), reason: z.string() })),
  /** Where it went on after an interruption. */
  resumed: z.boolean(),
  error: z.string().nullable()
})
export const transfersResult = z.strictObject({ total: z.number().int(), transfers: z.array(transferJob) })

/** Versions of a stored object (a model, a dataset), newest first. */
export const objectParams = z.strictObject({ sourceId: z.string(), objectId: z.string() })
export const objectResult = z.strictObject({
  /** Why there are no bytes to have: LMDB and buffer files hold metadata only. Null if there are. */
  withoutBytes: z.string().nullable(),
  versions: z.array(
    z.strictObject({
      version: z.number().int(),
      /** Null where it is not known. */
      sizeBytes: z.number().nullable(),
      sha256: z.string().nullable(),
      createdAt: z.number().nullable(),
      storage: z.enum(['in-document', 'gridfs', 'none']),
      type: z.string().nullable(),
      /** The version's document as JSON text, without its bytes. */
      document: z.string()
    })
  )
})
/** Writes the bytes of one version as they are; never unpickled. With the handle of a save dialog, or for the browser to download. */
export const downloadParams = z.strictObject({ sourceId: z.string(), objectId: z.string(), version: z.number().int(), handle: z.string().optional(), name: z.string().max(200) })
export const downloadStarted = z.strictObject({ exportId: z.string() })
