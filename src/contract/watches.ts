/** Shapes of watch expressions: tasks of a source with a condition that marks it. */
import { z } from 'zod'
import { method } from './method.ts'
import { scopeSchema } from './values.ts'

const column = z.string().min(1).max(1000)

export const watchCondition = z.discriminatedUnion('kind', [
  /** Any task matches. */
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('count'), than: z.enum(['above', 'below']), tasks: z.number().int().min(0) }),
  /** Of the tasks within, more than this share (0–1) matches. */
  z.strictObject({ kind: z.literal('share'), above: z.number().min(0).max(1) }),
  /** Nothing of a task that matches has arrived for so long. Of live sources only. */
  z.strictObject({ kind: z.literal('stalled'), seconds: z.number().min(1).max(31_536_000) }),
  /** A number of the tasks that match: of the last that came, their mean, or the least or greatest. */
  z.strictObject({ kind: z.literal('metric'), column, of: z.enum(['latest', 'mean', 'max', 'min']), than: z.enum(['above', 'below']), value: z.number() })
])
export type WatchCondition = z.infer<typeof watchCondition>

const wholeScope = z.strictObject({ filter: z.record(z.string(), z.unknown()), search: z.string().max(10_000) })
const watchFields = {
  name: z.string().trim().min(1).max(200),
  /** `path` of a source, which stays when it is opened again; null: every source. */
  source: z.string().max(4000).nullable(),
  /** Which tasks the run is made of, and which of them match. */
  within: wholeScope,
  match: wholeScope,
  condition: watchCondition,
  /** Whether the desktop is to be notified too. */
  notify: z.boolean()
}
const everything = { filter: {}, search: '' }
export const draftWatch = z.strictObject({ ...watchFields, within: scopeSchema.default(everything), match: scopeSchema.default(everything), notify: z.boolean().default(false) })
export type DraftWatch = z.infer<typeof draftWatch>
export const watch = z.strictObject({ watchId: z.string().min(1).max(100), ...watchFields })
export type Watch = z.infer<typeof watch>

export const watchState = z.strictObject({
  sourceId: z.string(),
  state: z.enum(['ok', 'firing', 'not-applicable']),
  /** When it began to fire; null if it does not. */
  since: z.number().nullable(),
  /** Why it is so, as a sentence. */
  why: z.string(),
  /** Tasks that match, of those within. */
  matching: z.number().int(),
  tasks: z.number().int(),
  /** What a metric came to; null without one. */
  value: z.number().nullable(),
  /** Of the first tasks that make it fire; at most five. */
  taskIds: z.array(z.string()),
  /** Somebody has seen that it fires. What matches more since takes that back. */
  acknowledged: z.boolean()
})
export type WatchState = z.infer<typeof watchState>

export const watchesResult = z.strictObject({ watches: z.array(watch.extend({ states: z.array(watchState) })) })
export type Watched = z.infer<typeof watchesResult>['watches'][number]

const nothing = z.strictObject({})
export const watchesMethods = {
  'watches.list': method(nothing, watchesResult),
  /** Without an id a new one. */
  'watches.set': method(draftWatch.extend({ watchId: z.string().max(100).optional() }), z.strictObject({ watchId: z.string() })),
  'watches.remove': method(z.strictObject({ watchId: z.string() }), nothing),
  /** Of one source, or of all where it fires. */
  'watches.acknowledge': method(z.strictObject({ watchId: z.string(), sourceId: z.string().optional() }), nothing),
  /** What it would say of a source now. */
  'watches.preview': method(z.strictObject({ sourceId: z.string(), watch: draftWatch }), watchState)
} as const
