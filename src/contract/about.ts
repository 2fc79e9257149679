/** Shapes of what Provscope says of itself. */
import { z } from 'zod'
import { method } from './method.ts'

export const aboutMethods = {
  /** `versions` by the name of what has one (DuckDB, Node, Electron …); `folders` of this machine by what is kept in them. */
  'about.info': method(z.strictObject({}), z.strictObject({ versions: z.array(z.strictObject({ name: z.string(), version: z.string() })), folders: z.array(z.strictObject({ what: z.string(), path: z.string() })) }))
} as const
