/** Methods about saved views, about views and links that came from outside, and about the session that was open before. */
import { z } from 'zod'
import { method } from './method.ts'
import { page } from './sources.ts'
import { viewSchema } from './viewFile.ts'

const viewName = z.string().trim().min(1).max(200)

export const savedView = z.strictObject({ viewId: z.string(), name: viewName, changedAt: z.number(), view: viewSchema })
export type SavedView = z.output<typeof savedView>

/** What somebody brought along for a page to show: a view, or why what was brought is none. */
export const broughtView = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('view'), from: z.string(), name: viewName, view: viewSchema, unknown: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('mistake'), from: z.string(), message: z.string() })
])
export type BroughtView = z.output<typeof broughtView>

/** A source that was open and is not now. `why` it was not opened by itself again. */
export const leftSource = z.strictObject({
  handle: z.string(),
  name: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'files', 'folder', 'queue', 'lmdb', 'mongodb']),
  why: z.enum(['setting', 'failed', 'network', 'other-start'])
})
export type LeftSource = z.infer<typeof leftSource>

export const savedViewsMethods = {
  'savedViews.list': method(page, z.strictObject({ total: z.number().int(), views: z.array(savedView) })),
  /** Without an id a new one; with one, that one changes. Refused for a name that another one has. */
  'savedViews.set': method(z.strictObject({ viewId: z.string().optional(), name: viewName, view: viewSchema }), z.strictObject({ viewId: z.string() })),
  'savedViews.remove': method(z.strictObject({ viewId: z.string() }), z.strictObject({})),
  /** As a file, where a save dialog said. */
  'savedViews.write': method(z.strictObject({ handle: z.string(), name: viewName, view: viewSchema }), z.strictObject({})),
  /** For hosts: a file, or a link, whose view a page is to show. */
  'savedViews.bring': method(z.union([z.strictObject({ path: z.string() }), z.strictObject({ link: z.string() })]), z.strictObject({}), 'host'),
  /** What was brought since, once: the page that asks first shows it. */
  'savedViews.take': method(z.strictObject({}), z.strictObject({ brought: z.array(broughtView) })),

  /** What a page shows, by its address, so that it comes back to it; `pageId` tells windows apart. */
  'session.keep': method(z.strictObject({ pageId: z.string().max(100), address: z.string().max(100_000) }), z.strictObject({})),
  /** The address that this page, or else the last one, had when the session was closed or broke off; and the sources that were open then and are not now. */
  'session.left': method(z.strictObject({ pageId: z.string().max(100) }), z.strictObject({ address: z.string().nullable(), brokeOff: z.boolean(), restored: z.number().int(), sources: z.array(leftSource) })),
  'session.forget': method(z.strictObject({ handle: z.string().optional() }), z.strictObject({}))
} as const
