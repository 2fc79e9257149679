/** Shapes of the methods about the host, files, recents, changes and sources. */
import { z } from 'zod'
import { liveState } from './live.ts'

export const page = z.strictObject({ offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(200) })

export const hostInfo = z.strictObject({
  /** `desktop` has native dialogs; `served` browses the server's folders and takes uploads. */
  host: z.enum(['desktop', 'served']),
  version: z.string(),
  platform: z.string(),
  hostname: z.string(),
  memory: z.strictObject({ usedBytes: z.number(), limitBytes: z.number() })
})

/** A folder of the machine the engine runs on, by an opaque handle; without one, the folder the engine was started in. */
export const browseParams = page.extend({ handle: z.string().optional() })
export const browseResult = z.strictObject({
  path: z.string(),
  handle: z.string(),
  parent: z.string().nullable(),
  total: z.number().int(),
  entries: z.array(
    z.strictObject({ handle: z.string(), name: z.string(), kind: z.enum(['folder', 'buffer', 'lmdb', 'other']), sizeBytes: z.number(), modifiedAt: z.number() })
  )
})

/** `name` is one of a file or folder in the folder of `handle`, without separators. */
export const targetParams = z.strictObject({ handle: z.string(), name: z.string().min(1).max(200), type: z.enum(['lmdb', 'jsonl']) })
export const targetResult = z.strictObject({ handle: z.string(), path: z.string() })

export const recentsResult = z.strictObject({
  total: z.number().int(),
  recents: z.array(
    z.strictObject({
      handle: z.string(),
      name: z.string(),
      path: z.string(),
      /** Queues and databases have their address for a path, without a password, and are opened by it. */
      kind: z.enum(['file', 'files', 'folder', 'queue', 'lmdb', 'mongodb']),
      tasks: z.number().int(),
      errors: z.number().int(),
      openedAt: z.number(),
      /** `ready`, `grew` since it was last open (by `grewBytes`), or `missing`. */
      state: z.enum(['ready', 'grew', 'missing']),
      grewBytes: z.number()
    })
  )
})

/** A long poll on the change log: answers at once if there is something after `cursor`, else after `waitMs`. */
export const changesParams = z.strictObject({ cursor: z.string().default(''), limit: z.number().int().min(1).max(1000).default(500), waitMs: z.number().int().min(0).max(30_000).default(0) })
export const changesResult = z.strictObject({
  cursor: z.string(),
  /** The reader fell behind the log's bound or met another engine: everything it holds may be stale. */
  reset: z.boolean(),
  changes: z.array(z.strictObject({ kind: z.enum(['source', 'records', 'problems', 'export', 'recents', 'transfer', 'watch', 'settings', 'views', 'brought']), id: z.string() }))
})

export const one = z.strictObject({ sourceId: z.string() })
export const openParams = z.strictObject({ handles: z.array(z.string()).min(1).max(10_000) })
/** Paths, folders, globs, or `-` for standard input; opened together as one source. */
export const openPathsParams = z.strictObject({ paths: z.array(z.string()).min(1).max(100_000), follow: z.boolean().optional() })
export const sourceResult = z.strictObject({ sourceId: z.string() })
export const followParams = z.strictObject({ sourceId: z.string(), on: z.boolean() })

export const sourceState = z.enum(['reading', 'ready', 'stopped', 'failed'])
export const source = z.strictObject({
  sourceId: z.string(),
  /** File or folder name. */
  name: z.string(),
  /** Where it lies, for people. */
  path: z.string(),
  kind: z.enum(['file', 'files', 'folder', 'stdin', 'queue', 'lmdb', 'mongodb']),
  state: sourceState,
  /** Why it failed, as a sentence. */
  error: z.string().nullable(),
  /** Bytes read of bytes there are, as they lie on disk; `totalBytes` is null for standard input. */
  readBytes: z.number(),
  totalBytes: z.number().nullable(),
  /** Seconds left by the speed so far; null when done or not known yet. */
  secondsLeft: z.number().nullable(),
  /** Seconds from open to the last byte in tables; null while reading. */
  loadSeconds: z.number().nullable(),
  /** `first` rows: the head of the file only; `core`: every message is queryable; `tasks`: merged tasks too. */
  stage: z.enum(['first', 'core', 'tasks']),
  files: z.number().int(),
  counts: z.strictObject({ messages: z.number().int(), tasks: z.number().int(), workflows: z.number().int(), agents: z.number().int(), objects: z.number().int() }),
  errors: z.number().int(),
  problems: z.number().int(),
  following: z.boolean(),
  /** What only a message queue has; null for others. */
  live: liveState.nullable(),
  /** The file changed on disk after it was read and is not being followed. */
  stale: z.strictObject({ grewBytes: z.number(), at: z.number() }).nullable(),
  /** Changes whenever anything that a query could return has changed. */
  revision: z.number().int()
})
export type Source = z.infer<typeof source>
export const listResult = z.strictObject({ sources: z.array(source) })
