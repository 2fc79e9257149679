/** Shapes of what tends buffer files: joining those that belong together, and deleting. */
import { z } from 'zod'
import { method } from './method.ts'

const bufferFile = z.strictObject({
  name: z.string(),
  sizeBytes: z.number(),
  lines: z.number().int(),
  /** Its last line is no JSON: whoever wrote it was stopped, or is still writing. */
  isCutShort: z.boolean(),
  /** What tells whose it is: its messages, or its name alone. */
  evidence: z.enum(['messages', 'name'])
})
const unclearFile = z.strictObject({ name: z.string(), why: z.string() })

/** A folder that was chosen or browsed, and the name that Flowcept was given; without one, what its settings say. */
export const findBuffersParams = z.strictObject({ handle: z.string().optional(), name: z.string().min(1).max(200).optional() })
export const bufferRun = z.strictObject({
  /** Stands for this run of this folder, and nothing else; good until the engine ends. */
  plan: z.string(),
  workflowId: z.string(),
  /** Name of the file that they are joined in. */
  target: z.string(),
  /** That file, where it is there already. */
  joined: bufferFile.nullable(),
  files: z.array(bufferFile)
})
export const findBuffersResult = z.strictObject({ path: z.string(), name: z.string(), runs: z.array(bufferRun), unclear: z.array(unclearFile) })

/** `deleting`: names of the plan's files that go once they are joined and verified, as a person has confirmed them. */
export const consolidateParams = z.strictObject({ plan: z.string(), dryRun: z.boolean().default(false), deleting: z.array(z.string()).max(100_000).default([]) })
export const consolidateResult = z.strictObject({
  /** Where the result lies, for people, and its handle, for opening it. */
  path: z.string(),
  handle: z.string(),
  files: z.array(bufferFile.extend({ deleted: z.boolean(), kept: z.string().nullable() })),
  lines: z.number().int(),
  added: z.number().int(),
  already: z.number().int(),
  repeated: z.number().int(),
  written: z.boolean(),
  sum: z.string(),
  unclear: z.array(unclearFile)
})

export const buffersMethods = {
  'buffers.find': method(findBuffersParams, findBuffersResult),
  'buffers.consolidate': method(consolidateParams, consolidateResult)
} as const
