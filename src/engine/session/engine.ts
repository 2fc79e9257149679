/** The engine as a host sees it: made once, asked through `call`, closed at the end. */
import { hostname, platform, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Call, type Handlers, dispatch } from '#contract/dispatch'
import type { Audience } from '#contract/methods'
import { Refusal, type Reply } from '#contract/reply'
import { startRecording } from '#engine/inserter/startRecording'
import { startIntake } from '#engine/sources/queue/startIntake'
import { ChangeLog } from './services/changes.ts'
import { configDir as defaultConfigDir } from './services/configDir.ts'
import { Database } from './table/database.ts'
import { Exports } from './export/exports.ts'
import { Grants } from './services/grants.ts'
import { createHandlers } from './handlers.ts'
import { dumpDetached } from './live/dumpDetached.ts'
import { flowceptSettings } from './live/liveSettings.ts'
import { Queues } from './live/queues.ts'
import { type OpenReader, openReader as defaultReader } from './load/openReader.ts'
import { Prefs } from './services/prefs.ts'
import { Recents } from './services/recents.ts'
import { Session, type SessionMode } from './restore/session.ts'
import { BroughtViews } from './savedViews/broughtViews.ts'
import { SavedViews } from './savedViews/savedViews.ts'
import { findSample } from './services/sample.ts'
import { SettingsProblems } from './services/settingsProblems.ts'
import type { OpenEntry } from './openEntry.ts'
import { SourceList } from './sourceList.ts'
import { Transfers } from './stores/transfers.ts'
import { Watches } from './watches/watches.ts'
import { createTempFolder, type TempFolder } from './services/tempFolder.ts'
import type { SettingsNote } from './services/jsonFile.ts'
import { chosenDatabases, withDatabases } from './settings/databases.ts'

export type EngineOptions = {
  readonly host: 'desktop' | 'served'
  readonly version: string
  /** Where recents and preferences are kept; after the platform's habit by default. */
  readonly configDir?: string
  /** Where tables and spools are kept while sources are open; the system's folder for temporary files by default. */
  readonly tempDir?: string
  /** What relative names and browsing start from. */
  readonly startFolder?: string
  readonly samplePath?: string
  /** Whether what is opened becomes a recent source. */
  readonly remember?: boolean
  /** What becomes of the sources that were open before; nothing is kept by default. */
  readonly session?: SessionMode
  /** What the engine aims to stay under, DuckDB included. */
  readonly memoryLimitBytes?: number
  readonly openReader?: OpenReader
  /** Told of every error that is not a refusal. */
  readonly onBug?: (error: unknown, method: string) => void
}

export type Engine = {
  readonly handlers: Handlers
  call(audience: Audience): Call
  close(): Promise<void>
}

/** DuckDB's part of the memory; the rest is for segments, answers and JavaScript itself. */
const databaseShare = 0.36

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { host, version, remember = true, startFolder = process.cwd(), openReader = defaultReader, onBug = throwLater } = options
  const folder = options.configDir ?? defaultConfigDir()
  const changes = new ChangeLog()
  const grants = new Grants()
  const settings = new SettingsProblems(() => changes.add('problems', 'settings'))
  const onNote = settings.add.bind(settings)
  const prefs = new Prefs({ folder, onNote, onStanding: settings.stand.bind(settings), onSettings: () => changes.add('settings', '') })
  const { memoryLimitBytes, temp } = await room(prefs, options, onNote)
  const database = await Database.create({ folder: temp.path, memoryBytes: memoryLimitBytes * databaseShare })
  const recents = new Recents({ folder, grants, onNote, onChange: () => changes.add('recents', '') })
  const onRead = (entry: OpenEntry, times: 'first' | 'again'): void => {
    queues.heal(entry).catch((error: unknown) => error instanceof Refusal || onBug(error, 'live.fill'))
    const recent = remember ? entry.recent() : null
    if (recent === null) return
    if (times === 'first' && !prefs.known('open.remember')) return
    const kept = times === 'first' ? recents.remember(recent) : recents.amend(recent)
    kept.catch((error: unknown) => onBug(error, 'recents'))
  }
  const onChange = (id: string, what: 'source' | 'records' | 'problems'): void => {
    changes.add(what, id)
    if (what === 'source') session.changed()
    if (what !== 'problems') watches.touch(id)
  }
  const session = new Session({ folder, host, mode: options.session ?? 'off', wanted: (await prefs.get('session.restore')) !== false, grants, onNote })
  const told = { onRead, onChange }
  const sources = new SourceList({ ...told, tempDir: temp.path, startFolder, database, openReader })
  const queues = new Queues({ ...told, sources, stateFolder: folder, tempFolder: temp.path, database, openReader, startIntake, startRecording, flowcept: flowceptSettings, onDetached: (entry) => void dumpDetached(entry, { flowcept: flowceptSettings(), exports, grants, startFolder }).catch((error: unknown) => onBug(error, 'live.dump')) })
  const watches = new Watches({ sources, prefs, changes, onBug })
  const exports = new Exports({
    pathOf: (handle) => grants.path(handle, 'write'),
    folder: join(temp.path, 'downloads'),
    onChange: (exportId) => changes.add('export', exportId)
  })
  const transfers = new Transfers({ grants, configFolder: folder, onChange: (transferId) => changes.add('transfer', transferId) })
  const info = () => ({ host, version, platform: platform(), hostname: hostname(), memory: { usedBytes: process.memoryUsage.rss(), limitBytes: memoryLimitBytes } })
  const samplePath = (): string => options.samplePath ?? findSample()
  const databases = async () => withDatabases(flowceptSettings(), await chosenDatabases(prefs))
  const savedViews = new SavedViews({ folder, onNote, onChange: () => changes.add('views', '') })
  const brought = new BroughtViews(() => changes.add('brought', ''))
  prefs.follow()
  const handlers = createHandlers({ database, sources, changes, grants, recents, prefs, settings, exports, transfers, watches, savedViews, brought, session, info, samplePath, startFolder, tempFolder: temp.path, live: { queues, exports, grants, flowcept: flowceptSettings, databases, spillFolder: temp.path, startFolder } })
  session.restore(sources)
  return {
    handlers,
    call: (audience) => callWith(handlers, audience, onBug),
    close: once(async () => {
      changes.close()
      session.close()
      prefs.close()
      await watches.close()
      await transfers.close()
      await exports.close()
      await sources.closeAll()
      await recents.idle()
      await database.close()
      await temp.remove()
    })
  }
}

function callWith(handlers: Handlers, audience: Audience, onBug: (error: unknown, method: string) => void): Call {
  return async (method, params, callOptions) => {
    const signal = callOptions?.signal ?? new AbortController().signal
    return (await dispatch(handlers, method, params, { audience, signal, onBug })) as Reply<never>
  }
}

/** How much memory, and where temporary files go: as the settings say, where the host does not. */
async function room(prefs: Prefs, options: EngineOptions, onNote: (note: SettingsNote) => void): Promise<{ memoryLimitBytes: number; temp: TempFolder }> {
  const limitMb = await prefs.setting('memory.limitMb')
  const chosen = await prefs.setting('temp.folder')
  const memoryLimitBytes = options.memoryLimitBytes ?? (limitMb === null ? defaultMemoryLimit() : limitMb * 1e6)
  if (options.tempDir !== undefined || chosen === null) return { memoryLimitBytes, temp: await createTempFolder(options.tempDir ?? tmpdir()) }
  const temp = await createTempFolder(chosen).catch(async (error: unknown) => {
    onNote({ file: 'preferences.json', message: `The folder for temporary files, ${chosen}, cannot be used: ${error instanceof Error ? error.message : String(error)}`, did: 'The system’s is used until the next start' })
    return createTempFolder(tmpdir())
  })
  return { memoryLimitBytes, temp }
}

/** At most half of the machine, or of what a container leaves of it. */
function defaultMemoryLimit(): number {
  const constrained = process.constrainedMemory()
  const total = constrained > 0 && constrained < totalmem() ? constrained : totalmem()
  return Math.round(Math.min(1.5e9, total / 2))
}

/** A host that does not care to be told should at least not hide it. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}

function once(job: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | null = null
  return () => (result ??= job())
}
