/** The session: which sources are open and what each page shows, kept as it changes; and what was left of the one before. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Result } from '#contract/methods'
import type { OpenEntry } from '../openEntry.ts'
import type { Grants } from '../services/grants.ts'
import type { SettingsNote } from '../services/jsonFile.ts'
import type { SourceList } from '../sourceList.ts'
import { beat, type KeptSession, type KeptSource, takeLastSession, writeSession } from './sessionFile.ts'

/**
 * `open`: as the setting says; `again`: the engine ended while its host ran on, so in any case; `fresh`: something else was asked for, and
 * what was open is only offered; `off`: nothing is kept.
 */
export type SessionMode = 'open' | 'again' | 'fresh' | 'off'

/** A source at whose opening the engine ended so often in a row is not opened by itself again. */
const mostFailures = 2
const mostPages = 20
const mostLeft = 50

export type SessionOptions = {
  readonly folder: string
  readonly host: 'desktop' | 'served'
  readonly mode: SessionMode
  /** What the person has set: whether the last session comes back. */
  readonly wanted: boolean
  readonly grants: Grants
  readonly onNote: (note: SettingsNote) => void
}

type Left = KeptSource & { why: Result<'session.left'>['sources'][number]['why'] }

export class Session {
  readonly #options: SessionOptions
  readonly #folder: string
  readonly #name: string
  readonly #last: KeptSession | null
  readonly #failures = new Map<string, number>()
  readonly #startedAt = Date.now() / 1000
  #sources: SourceList | null = null
  #left: Left[] = []
  #pages: KeptSession['pages']
  #restored = 0
  #written = ''
  #beat: NodeJS.Timeout | null = null
  #closed = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#folder = join(options.folder, 'sessions')
    this.#name = `session-${options.host}-${process.pid}-${randomBytes(3).toString('hex')}.json`
    this.#last = options.mode === 'off' ? null : this.#guard(() => takeLastSession(this.#folder, options.host))
    this.#pages = this.#last?.pages ?? []
  }

  /** Opens what was open, under the ids it had, so that pages and addresses that outlived the engine still mean the same. */
  restore(sources: SourceList): void {
    this.#sources = sources
    if (this.#options.mode === 'off') return
    const { mode, wanted } = this.#options
    const was = this.#last?.sources ?? []
    const verdicts = was.map((source) => ({ source: blamed(source, this.#last), why: reasonNot(blamed(source, this.#last), mode, wanted) }))
    const earlier = (this.#last?.left ?? []).map((source): Left => ({ ...source, why: isNetwork(source) ? 'network' : source.failures >= mostFailures ? 'failed' : 'other-start' }))
    this.#left = [...verdicts.flatMap(({ source, why }) => (why === null ? [] : [{ ...source, why }])), ...earlier].slice(0, mostLeft)
    // Kept before anything is opened: what ends the engine now is counted the next time.
    const opening = verdicts.flatMap(({ source, why }) => (why === null ? [{ ...source, settled: false }] : []))
    for (const { sourceId, failures } of opening) this.#failures.set(sourceId, failures)
    this.#write(opening)
    for (const { sourceId, named, follow } of opening) {
      sources.open(named, { follow, sourceId })
      this.#restored++
    }
    this.#beat = beat(this.#folder, this.#name)
  }

  /** To be told of every change of a source. */
  changed(): void {
    if (this.#sources !== null && !this.#closed && this.#options.mode !== 'off') this.#write(this.#sources.entries().flatMap((entry) => this.#kept(entry) ?? []))
  }

  keepPage(pageId: string, address: string): void {
    if (this.#closed || this.#options.mode === 'off') return
    this.#pages = [...this.#pages.filter((page) => page.pageId !== pageId), { pageId, address }].slice(-mostPages)
    this.changed()
  }

  left(pageId: string): Result<'session.left'> {
    const page = this.#last?.pages.find((one) => one.pageId === pageId) ?? this.#last?.pages.at(-1)
    const open = new Set(this.#sources?.entries().map(({ named }) => JSON.stringify(named)))
    const sources = this.#left.filter(({ named }) => !open.has(JSON.stringify(named)))
    return {
      address: this.#restored > 0 || this.#options.mode === 'again' ? (page?.address ?? null) : null,
      brokeOff: this.#last !== null && this.#last.endedAt === null,
      restored: this.#restored,
      sources: sources.map(({ named, name, path, kind, why }) => ({ handle: this.#options.grants.grantAll(named, 'read'), name, path, kind, why }))
    }
  }

  /** @param named null: all of what was left */
  forget(named: readonly string[] | null): void {
    this.#left = named === null ? [] : this.#left.filter((source) => JSON.stringify(source.named) !== JSON.stringify(named))
    this.changed()
  }

  /** Before the sources are closed: they are what the next start opens. */
  close(): void {
    if (this.#closed || this.#options.mode === 'off') return
    this.changed()
    this.#closed = true
    if (this.#beat) clearInterval(this.#beat)
    if (this.#sources !== null) this.#write(this.#sources.entries().flatMap((entry) => this.#kept(entry) ?? []), Date.now() / 1000)
  }

  #kept(entry: OpenEntry): KeptSource | null {
    const { kind, name, path, state, stage, following } = entry.describe()
    if (kind === 'stdin') return null
    const { sourceId } = entry
    const settled = stage === 'tasks' || state !== 'reading'
    if (settled) this.#failures.delete(sourceId)
    return { sourceId, named: [...entry.named], kind, name, path, follow: following, settled, failures: this.#failures.get(sourceId) ?? 0 }
  }

  #write(sources: KeptSource[], endedAt: number | null = null): void {
    const { host } = this.#options
    const left = this.#left.map(({ why: _why, ...source }) => source)
    // There is nothing to come back to as long as nothing was ever there.
    if (this.#written === '' && sources.length + left.length + this.#pages.length === 0) return
    const session: KeptSession = { version: 1, host, hostname: hostname(), pid: process.pid, startedAt: this.#startedAt, endedAt, sources, left, pages: this.#pages }
    const text = JSON.stringify(session)
    if (text === this.#written) return
    this.#written = text
    this.#guard(() => writeSession(this.#folder, this.#name, session))
  }

  /** A folder that cannot be written or read makes no session, and harms nothing else. */
  #guard<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
      this.#options.onNote({ file: this.#name, message: `The session cannot be kept in ${this.#folder}: ${error.message}`, did: 'What is open now will not come back by itself' })
      return null
    }
  }
}

/** It was still being opened when the engine broke off. */
function blamed(source: KeptSource, session: KeptSession | null): KeptSource {
  return session?.endedAt === null && !source.settled ? { ...source, failures: source.failures + 1 } : source
}

function reasonNot(source: KeptSource, mode: SessionMode, wanted: boolean): Left['why'] | null {
  if (source.failures >= mostFailures) return 'failed'
  // Nothing is connected to that nobody asked for now.
  if (isNetwork(source)) return 'network'
  if (mode === 'again') return null
  return mode === 'fresh' ? 'other-start' : wanted ? null : 'setting'
}

const isNetwork = ({ kind }: KeptSource): boolean => kind === 'queue' || kind === 'mongodb'
