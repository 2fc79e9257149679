/** Attaching to message queues: what is asked for, in whose settings, to which stores, and where the frames are kept. */
import { createHash } from 'node:crypto'
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '#contract/reply'
import type { FlowceptSettings } from '#engine/inserter/flowceptSettings'
import type { RecordingTargets, StartRecording } from '#engine/inserter/recordingState'
import type { QueueAddress, StartIntake } from '#engine/sources/queue/intakeState'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import type { OpenReader } from '../load/openReader.ts'
import type { EntryChange, EntryRead, OpenEntry } from '../openEntry.ts'
import type { SourceList } from '../sourceList.ts'
import type { Database } from '../table/database.ts'
import { SourceEntry } from '../sourceEntry.ts'
import { fillFrom, workflowsOf } from './fill.ts'
import { gapsStamp } from './gapsStamp.ts'
import { LiveEntry } from './liveEntry.ts'
import type { RecordRole } from './liveOptions.ts'

export type QueuesOptions = {
  readonly sources: SourceList
  /** Where the state of recordings outlives the process. */
  readonly stateFolder: string
  readonly tempFolder: string
  readonly database: Database
  readonly openReader: OpenReader
  readonly startIntake: StartIntake
  readonly startRecording: StartRecording
  readonly flowcept: () => FlowceptSettings
  readonly onChange: EntryChange
  readonly onRead: EntryRead
  readonly onDetached: (entry: LiveEntry) => void
}

export type Attaching = {
  /** May hold a password, which one beside it overrides. */
  readonly url: string
  readonly password?: string | undefined
  readonly record: { readonly targets: RecordingTargets; readonly asInserter: boolean } | null
}

const queueScheme = /^(?:rediss?|amqps?|kafka):\/\//i
export const isQueueUrl = (name: string): boolean => queueScheme.test(name)

/** A broker that has not answered by then is attached to all the same, and tried again. */
const answerMs = 3000
const spillShare = 0.5
const leastSpillBytes = 256 << 20

export class Queues {
  constructor(private readonly options: QueuesOptions) {}

  /** Waits a moment for the broker. @throws Refusal if it cannot be attached to at all */
  async attach(attaching: Attaching): Promise<string> {
    const { entry, isNew } = await this.entryOf(attaching)
    try {
      await within(entry.attached, answerMs)
    } catch (error) {
      // Whoever attached is told; what never was open need not stand in the list as well.
      if (isNew) await this.options.sources.close(entry.sourceId)
      throw error
    }
    return entry.sourceId
  }

  /** Watches, and answers at once: what becomes of it is seen in the list. */
  async watch(url: string): Promise<string> {
    return (await this.entryOf({ url, record: null })).entry.sourceId
  }

  /** The address, and its password: given, in the URL, or in Flowcept's settings if they name the same server. */
  resolve(url: string, given: string | undefined): { address: QueueAddress; password: string | null } {
    const { address, password } = parseQueueUrl(url)
    return { address, password: given ?? password ?? this.knownPassword(address) }
  }

  liveEntry(sourceId: string): LiveEntry {
    const entry = this.options.sources.entry(sourceId)
    if (entry instanceof LiveEntry) return entry
    throw new Refusal('bad-request', 'This source is no message queue.')
  }

  /** What is laid beside an export of this source; null for sources of another kind, and where nothing is known to be missing. */
  async gapsOf(sourceId: string): Promise<string | null> {
    const entry = this.options.sources.entries().find((one) => one.sourceId === sourceId)
    return entry instanceof LiveEntry ? await gapsStamp(entry) : null
  }

  /** Files of the run of a queue fill what the queue has lost: asked whenever one has been read, or a queue is detached. */
  async heal(read: OpenEntry): Promise<void> {
    const entries = this.options.sources.entries()
    const queues = (read instanceof LiveEntry ? [read] : entries).filter((entry): entry is LiveEntry => entry instanceof LiveEntry && !entry.failed)
    const files = (read instanceof LiveEntry ? entries : [read]).filter((entry): entry is SourceEntry => entry instanceof SourceEntry && entry.describe().state === 'ready')
    for (const queue of queues) for (const file of files) await this.healFrom(queue, file)
  }

  private async healFrom(queue: LiveEntry, file: SourceEntry): Promise<void> {
    try {
      const [live, there] = [await workflowsOf(await queue.table()), await workflowsOf(await file.table())]
      if (![...there].some((id) => live.has(id))) return
      await queue.fill(async () => await fillFrom(queue, file.named, queue.closing))
    } catch (error) {
      // One of the two was closed meanwhile.
      const open = this.options.sources.entries()
      if (open.includes(queue) && open.includes(file)) throw error
    }
  }

  /** In which all frames of such a recording are, whichever process records. */
  recordingFolder(address: QueueAddress, targets: RecordingTargets): string {
    const key = JSON.stringify([address.url, targets.lmdb, withoutPassword(targets.mongodb), targets.jsonl])
    return join(this.options.stateFolder, 'recordings', createHash('sha256').update(key).digest('hex').slice(0, 24))
  }

  /** What may be kept for readers that are behind. */
  async spillLimitBytes(folder: string): Promise<number> {
    // At a first start there is no folder for settings yet.
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const { bavail, bsize } = await statfs(folder)
    return Math.max(leastSpillBytes, Math.floor(bavail * bsize * spillShare))
  }

  private async entryOf({ password: given, record, url }: Attaching): Promise<{ entry: LiveEntry; isNew: boolean }> {
    const { address, password } = this.resolve(url, given)
    const limitBytes = await this.spillLimitBytes(record === null ? this.options.tempFolder : this.options.stateFolder)
    const known = this.known(address, record)
    if (known) return { entry: known, isNew: false }
    const role = record === null ? null : this.role(record, address, password)
    const entry = this.options.sources.add((place) => {
      const log = role === null ? join(place.folder, 'frames') : this.recordingFolder(address, role.targets)
      return new LiveEntry({ ...this.options, ...place, address, password, record: role, log, limitBytes })
    })
    return { entry, isNew: true }
  }

  /** The source that is attached to it already; one that was detached goes on. */
  private known(address: QueueAddress, record: Attaching['record']): LiveEntry | null {
    const same = this.options.sources.entries().filter((entry): entry is LiveEntry => entry instanceof LiveEntry && !entry.failed && entry.options.address.url === address.url)
    const role = roleKey(record)
    const match = same.find((entry) => roleKey(entry.options.record && { targets: entry.options.record.targets, asInserter: entry.options.record.asInserter !== null }) === role)
    if (match) {
      match.readOn()
      return match
    }
    const attached = same.find((entry) => !entry.detached)
    if (!attached) return null
    const doing = attached.options.record === null ? 'watched' : 'recorded to other stores'
    throw new Refusal('bad-request', `${address.url} is being ${doing} already. Detach that first.`)
  }

  private role({ asInserter, targets }: NonNullable<Attaching['record']>, address: QueueAddress, password: string | null): RecordRole {
    if (targets.lmdb === null && targets.mongodb === null && targets.jsonl === null) throw new Refusal('bad-request', 'There is nothing to record to: choose a folder for LMDB, a MongoDB or a file.')
    const { inserter, kv } = this.options.flowcept()
    return { targets, asInserter: asInserter ? { kvUrl: kv.enabled ? kv.url : kvOfQueue(address, password), bundleExecId: null } : null, settings: inserter }
  }

  private knownPassword(address: QueueAddress): string | null {
    const { queue } = this.options.flowcept()
    if (queue === null || queue.password === null) return null
    const own = parseQueueUrl(queue.url).address
    const isSame = own.broker === address.broker && own.host === address.host && own.port === address.port && (address.user ?? own.user) === own.user
    return isSame ? queue.password : null
  }
}

/** Flowcept keeps its key-value store on the Redis of its queue unless told otherwise. */
function kvOfQueue({ broker, database, host, port, tls, user }: QueueAddress, password: string | null): string {
  if (broker !== 'redis') throw new Refusal('bad-request', 'To answer control messages a key-value store is needed, and Flowcept’s settings name none (kv_db).')
  const login = user === null && password === null ? '' : `${encodeURIComponent(user ?? '')}${password === null ? '' : `:${encodeURIComponent(password)}`}@`
  return `${tls ? 'rediss' : 'redis'}://${login}${host.includes(':') ? `[${host}]` : host}:${port}/${database ?? 0}`
}

function roleKey(record: Attaching['record']): string {
  return record === null ? '' : JSON.stringify([record.targets.lmdb, withoutPassword(record.targets.mongodb), record.targets.jsonl, record.asInserter])
}

/** The same database, whatever password opens it. */
function withoutPassword(uri: string | null): string | null {
  return uri === null ? null : uri.replace(/^([a-z+]+:\/\/[^:@/]*):[^@/]*@/i, '$1@')
}

/** Whatever has not come by then is not waited for. */
async function within(promise: Promise<void>, waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const later = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)))
  await Promise.race([promise, later]).finally(() => clearTimeout(timer))
}
