/** Shapes of code that brings the present view into a notebook or a shell. */
import { z } from 'zod'
import { method } from './method.ts'
import { view } from './tables.ts'
import { sortSchema } from './values.ts'

export const snippetLanguages = ['pandas', 'duckdb', 'pymongo', 'mongosh', 'flowcept', 'provscope'] as const
export type SnippetLanguage = (typeof snippetLanguages)[number]

export const snippetParams = view.extend({ sort: sortSchema.default([]), columns: z.array(z.string()).max(100_000), language: z.enum(snippetLanguages) })
export const snippetResult = z.strictObject({
  code: z.string(),
  /** Why there is no such code of this source or view; null if there is. */
  unavailable: z.string().nullable(),
  /** What a reader has to know: packages, what differs. */
  notes: z.array(z.string())
})

export const snippetsMethods = {
  'snippets.code': method(snippetParams, snippetResult)
} as const
