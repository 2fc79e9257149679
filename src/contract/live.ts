/** Shapes of the methods about message queues: what Flowcept's settings name, testing and attaching, the state of a live source, its gaps. */
import { z } from 'zod'

/** Without a password: `redis://user@host:6379/0/channel`; a channel with `*`, `?` or `[…]` is a pattern. */
const queueUrl = z.string().min(1).max(2000)

/** Where a value of Flowcept's configuration comes from, the strongest first. */
export const settingOrigin = z.enum(['environment', 'settings file', 'default'])
export const settingValue = z.strictObject({
  /** As the settings file has it: `mq.host`. */
  key: z.string(),
  /** Null where nothing sets it, and for secrets. */
  value: z.string().nullable(),
  isSecret: z.boolean(),
  /** A secret that is set somewhere. */
  isSet: z.boolean(),
  origin: settingOrigin,
  /** The variable's name or the file's path. */
  where: z.string(),
  /** What it won over. */
  over: z.strictObject({ origin: settingOrigin, where: z.string(), value: z.string().nullable() }).nullable()
})
export const settingsResult = z.strictObject({
  settings: z.array(settingValue),
  /** Settings files that were looked for, strongest first; `problem` is a sentence if one could not be read. */
  files: z.array(z.strictObject({ path: z.string(), exists: z.boolean(), problem: z.string().nullable() })),
  /** What they come to; no password in it. */
  url: z.string(),
  /** Where Flowcept would record: handles for writing. */
  lmdb: z.strictObject({ handle: z.string(), /** For reading. */ openHandle: z.string().optional(), path: z.string(), enabled: z.boolean() }),
  mongodb: z.strictObject({ uri: z.string(), enabled: z.boolean() }),
  jsonl: z.strictObject({ handle: z.string(), path: z.string(), enabled: z.boolean() }),
  /** Bytes free where the frames that arrive are kept. */
  freeBytes: z.number()
})

/** A password that is not given is looked for in the host's secret store, then in Flowcept's settings if they name the same address. */
export const queueParams = z.strictObject({ url: queueUrl, password: z.string().max(10_000).optional() })
export const testResult = z.strictObject({
  /** Null if it answers; else why it does not, as a sentence. */
  error: z.string().nullable(),
  /** `Redis 7.0.15` */
  server: z.string().nullable(),
  /** Median of five. */
  roundTripMs: z.number().nullable(),
  /** Others that have subscribed to this channel. */
  subscribers: z.number().int().nullable(),
  /** Counted while listening for `listenedS`. */
  messagesPerSecond: z.number().nullable(),
  meanBytes: z.number().nullable(),
  listenedS: z.number(),
  /** How far behind the broker lets a subscriber fall. */
  bufferLimitBytes: z.number().nullable(),
  testedAt: z.number()
})

export const role = z.discriminatedUnion('kind', [
  /** Subscribes, and nothing else. */
  z.strictObject({ kind: z.literal('watch') }),
  /** Keeps what arrives: handles for writing, and a MongoDB URI. `asInserter` answers control messages in the key-value store. */
  z.strictObject({
    kind: z.literal('record'),
    lmdb: z.string().nullable(),
    mongodb: z.string().max(2000).nullable(),
    mongodbPassword: z.string().max(10_000).optional(),
    jsonl: z.string().nullable(),
    asInserter: z.boolean()
  })
])
export type Role = z.infer<typeof role>
export const attachParams = queueParams.extend({ role: role.default({ kind: 'watch' }), keepPassword: z.boolean().default(false) })
/** For the command line, which may name paths. */
export const attachPathsParams = queueParams.extend({
  record: z.strictObject({ lmdb: z.string().nullable(), mongodb: z.string().nullable(), jsonl: z.string().nullable(), asInserter: z.boolean() }).nullable().default(null)
})
/** What a store would say before it is recorded to: `empty` and `new` can be written, `refused` says why not. */
export const targetParams = z.strictObject({ type: z.enum(['lmdb', 'mongodb', 'jsonl']), handle: z.string().optional(), uri: z.string().max(2000).optional(), password: z.string().max(10_000).optional() })
export const targetResult = z.strictObject({ state: z.enum(['new', 'kept', 'refused']), records: z.number().int().nullable(), message: z.string() })

/** A stretch of time, or a number of messages, of which something is missing. Times are epoch seconds. */
export const gap = z.strictObject({
  gapId: z.string(),
  /** `overflow`: the disk or its share was full; `undecodable`: a frame that is no message. */
  kind: z.enum(['disconnected', 'overflow', 'undecodable']),
  from: z.number(),
  /** Null while it lasts. */
  to: z.number().nullable(),
  /** Messages known to be missing; null where a broker does not say. */
  messages: z.number().int().nullable(),
  reason: z.string(),
  /** Tasks that began before its end and were never seen to end. */
  openTasks: z.number().int().nullable(),
  filled: z.strictObject({ messages: z.number().int(), from: z.string(), at: z.number() }).nullable()
})
export type Gap = z.infer<typeof gap>
export const gapsParams = z.strictObject({ sourceId: z.string(), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(200) })
export const gapsResult = z.strictObject({ total: z.number().int(), gaps: z.array(gap) })

export const linkState = z.strictObject({
  name: z.enum(['connecting', 'live', 'retrying', 'lost', 'detached']),
  reason: z.string().nullable(),
  since: z.number(),
  attempt: z.number().int(),
  /** When it will be tried again; null if it is not waiting for that. */
  retryAt: z.number().nullable()
})
export const storeProgress = z.strictObject({
  type: z.enum(['lmdb', 'mongodb', 'jsonl']),
  /** Path or URI; never a password. */
  name: z.string(),
  state: linkState.extend({ name: z.enum(['connecting', 'live', 'retrying', 'lost', 'closed']) }),
  /** Records that are durable there because of this recording. */
  written: z.number().int(),
  /** Messages that are in those. */
  messages: z.number().int(),
  /** Messages that have arrived and are not there yet. */
  waiting: z.number().int(),
  oldestWaitingAt: z.number().nullable(),
  /** Values that could not be kept as they are. */
  problems: z.number().int()
})
export type StoreProgress = z.infer<typeof storeProgress>
/** What a source from a queue has beyond any other. */
export const liveState = z.strictObject({
  broker: z.enum(['redis', 'rabbitmq', 'kafka']),
  /** As recents keep it: no password. */
  url: z.string(),
  channel: z.string(),
  link: linkState,
  role: z.enum(['watch', 'record']),
  asInserter: z.boolean(),
  attachedAt: z.number(),
  received: z.number().int(),
  receivedBytes: z.number(),
  /** Messages that queries see. */
  shown: z.number().int(),
  /** Arrived, and not shown yet: since it was paused, or because showing is behind. */
  waiting: z.number().int(),
  /** When it was paused; null if it goes on. */
  pausedAt: z.number().nullable(),
  /** Messages a second, over the last few seconds. */
  perSecond: z.number(),
  /** Messages received in each of the last 60 seconds, the present one last. */
  rates: z.array(z.number().int()),
  /** How long ago the newest shown message arrived when it was shown; seconds. */
  lagSeconds: z.number().nullable(),
  /** Frames on disk that are not decoded or stored yet, and how many there may be. */
  spillBytes: z.number(),
  spillLimitBytes: z.number(),
  gapCount: z.number().int(),
  /** The latest fifty; `live.gaps` has all. */
  gaps: z.array(gap),
  stores: z.array(storeProgress),
  /** Commands sent to the broker, each once, in order. */
  sent: z.array(z.string())
})
export type LiveState = z.infer<typeof liveState>

/** Messages in order of arrival, the newest first: what a stream shows. */
export const streamParams = z.strictObject({
  sourceId: z.string(),
  scope: z.strictObject({ filter: z.record(z.string(), z.unknown()).default({}), search: z.string().max(10_000).default('') }).default({ filter: {}, search: '' }),
  /** Only messages with a greater, or a smaller, number. */
  after: z.number().int().optional(),
  before: z.number().int().optional(),
  limit: z.number().int().min(1).max(1000).default(200)
})
export const streamResult = z.strictObject({
  /** All that match, and those of them after `after`. */
  total: z.number().int(),
  newer: z.number().int(),
  revision: z.number().int(),
  messages: z.array(
    z.strictObject({
      /** Its number in the session, as rows of `messages` have it for id. */
      line: z.number().int(),
      kind: z.enum(['task', 'workflow', 'agent', 'object', 'control', 'unknown']),
      /** The record it belongs to; null for messages of no record. */
      id: z.string().nullable(),
      activity: z.string().nullable(),
      status: z.string().nullable(),
      workflowId: z.string().nullable(),
      hostname: z.string().nullable(),
      /** The latest of ended_at, started_at, submitted_at, registered_at, utc_timestamp that it has; epoch seconds. */
      time: z.number().nullable(),
      /** The beginning of used and generated, as text. */
      used: z.string(),
      generated: z.string(),
      bytes: z.number().int()
    })
  )
})

/** Copies every message received so far, or from then on too, into a buffer file as Flowcept dumps it. */
export const dumpParams = z.strictObject({ sourceId: z.string(), handle: z.string().optional(), name: z.string().max(200).default('flowcept_buffer.jsonl'), online: z.boolean().default(false) })
export const dumpResult = z.strictObject({ exportId: z.string() })
/** Brings messages that a live source missed from files of the same run; only those it does not have. */
export const fillParams = z.strictObject({ sourceId: z.string(), handles: z.array(z.string()).min(1).max(1000) })
export const fillResult = z.strictObject({ read: z.number().int(), added: z.number().int(), gapsFilled: z.number().int() })
