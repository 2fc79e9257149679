/**
 * The one table of what may cross a border. Every host supplies one `call(method, params) → Promise<Reply>`.
 * A new method takes two edits: a row here and a handler in the engine; a missing handler does not compile.
 * Every list takes an offset and a limit, every series a maximum number of points. Times are epoch seconds (UTC), sizes
 * bytes, durations seconds unless a name says otherwise. Document fields keep Flowcept's snake_case names.
 */
import { z } from 'zod'
import { aboutMethods } from './about.ts'
import { agentsMethods } from './agents.ts'
import { buffersMethods } from './buffers.ts'
import { compareMethods } from './compare.ts'
import { exportPart, exportsMethods } from './exports.ts'
import { graphMethods } from './graph.ts'
import * as live from './live.ts'
import { method } from './method.ts'
import { momentsMethods } from './moments.ts'
import * as overview from './overview.ts'
import { savedViewsMethods } from './savedViews.ts'
import { settingsMethods } from './settings.ts'
import { snippetsMethods } from './snippets.ts'
import * as sources from './sources.ts'
import { sqlMethods } from './sql.ts'
import * as stores from './stores.ts'
import * as tables from './tables.ts'
import { telemetryMethods } from './telemetry.ts'
import { timelineMethods } from './timeline.ts'
import { treeMethods } from './tree.ts'
import { watchesMethods } from './watches.ts'

export type { Audience } from './method.ts'

const nothing = z.strictObject({})

export const methods = {
  // --- the host and the machine
  'host.info': method(nothing, sources.hostInfo),
  'files.browse': method(sources.browseParams, sources.browseResult),
  /** Something new to write in a folder that was browsed, or to go on with: refused where anything else lies. */
  'files.target': method(sources.targetParams, sources.targetResult),
  'paths.grant': method(z.strictObject({ path: z.string(), use: z.enum(['read', 'write']) }), z.strictObject({ handle: z.string() }), 'host'),
  'paths.resolve': method(z.strictObject({ handle: z.string() }), z.strictObject({ path: z.string() }), 'host'),
  'recents.list': method(sources.page, sources.recentsResult),
  'recents.forget': method(z.strictObject({ handle: z.string() }), nothing),
  'prefs.get': method(z.strictObject({ key: z.string().max(300) }), z.strictObject({ value: z.unknown() })),
  'prefs.set': method(z.strictObject({ key: z.string().max(300), value: z.unknown() }), nothing),
  'changes.next': method(sources.changesParams, sources.changesResult),

  // --- what only some hosts have; the others answer `unavailable` (see hostMethods)
  /** `paths` are for people, in the order of the handles. */
  'dialog.open': method(z.strictObject({ kind: z.enum(['files', 'folder']), use: z.enum(['read', 'write']).default('read') }), z.strictObject({ handles: z.array(z.string()), paths: z.array(z.string()).optional() })),
  'dialog.save': method(z.strictObject({ name: z.string().max(200) }), z.strictObject({ handle: z.string().nullable(), path: z.string().optional() })),
  'exports.reveal': method(z.strictObject({ exportId: z.string() }), nothing),
  /** Passwords by the address they belong to; kept by the system's secret store, where there is one. */
  'secrets.state': method(z.strictObject({ address: z.string().max(2000) }), z.strictObject({ canKeep: z.boolean(), why: z.string().nullable(), kept: z.boolean() })),
  'secrets.forget': method(z.strictObject({ address: z.string().max(2000) }), nothing),
  /** `shown`: whether the desktop shows notifications at all. */
  'host.notify': method(z.strictObject({ title: z.string().max(400), body: z.string().max(2000) }), z.strictObject({ shown: z.boolean() })),
  /** Another window onto the same sources; `address` is a hash of the page's own. */
  'windows.new': method(z.strictObject({ address: z.string().regex(/^#\//).max(100_000).optional() }), nothing),
  'exports.ticket': method(z.strictObject({ exportId: z.string(), part: exportPart }), z.strictObject({ url: z.string() })),

  // --- sources
  'sources.open': method(sources.openParams, sources.sourceResult),
  'sources.openPaths': method(sources.openPathsParams, sources.sourceResult, 'host'),
  'sources.openSample': method(nothing, sources.sourceResult),
  'sources.list': method(nothing, sources.listResult),
  'sources.close': method(sources.one, nothing),
  'sources.stop': method(sources.one, nothing),
  'sources.readOn': method(sources.one, nothing),
  'sources.follow': method(sources.followParams, nothing),

  // --- message queues
  'live.settings': method(nothing, live.settingsResult),
  'live.test': method(live.queueParams, live.testResult),
  'live.target': method(live.targetParams, live.targetResult),
  'live.attach': method(live.attachParams, sources.sourceResult),
  'live.attachPaths': method(live.attachPathsParams, sources.sourceResult, 'host'),
  'live.detach': method(sources.one, nothing),
  'live.pause': method(sources.followParams, nothing),
  'live.gaps': method(live.gapsParams, live.gapsResult),
  'live.fill': method(live.fillParams, live.fillResult),
  'live.dump': method(live.dumpParams, live.dumpResult),
  'stream.page': method(live.streamParams, live.streamResult),

  // --- stores
  'stores.open': method(stores.openStoreParams, sources.sourceResult),
  'transfers.start': method(stores.transferParams, stores.transferStarted),
  'transfers.list': method(sources.page, stores.transfersResult),
  'transfers.cancel': method(z.strictObject({ transferId: z.string() }), nothing),
  'objects.versions': method(stores.objectParams, stores.objectResult),
  'objects.download': method(stores.downloadParams, stores.downloadStarted),

  // --- records as tables
  'tree.children': method(tables.treeParams, tables.treeResult),
  'columns.list': method(tables.columnsParams, tables.columnsResult),
  'columns.stats': method(tables.statsParams, tables.statsResult),
  'columns.values': method(tables.valuesParams, tables.valuesResult),
  'rows.page': method(tables.pageParams, tables.pageResult),
  'rows.find': method(tables.findParams, tables.findResult),
  'rows.marks': method(tables.marksParams, tables.marksResult),
  'rows.documents': method(tables.documentsParams, tables.documentsResult, 'host'),
  'rows.csv': method(tables.csvRowsParams, tables.csvRowsResult, 'host'),
  'groups.page': method(tables.groupsParams, tables.groupsResult),
  'filter.check': method(tables.checkParams, tables.checkResult),
  'filter.counts': method(tables.countsParams, tables.countsResult),
  'records.get': method(tables.recordParams, tables.recordResult),
  'records.links': method(tables.linksParams, tables.linksResult),

  // --- what a run looks like as a whole
  'overview.summary': method(overview.scoped, overview.summaryResult),
  'overview.activities': method(overview.activitiesParams, overview.activitiesResult),
  'overview.slowest': method(overview.listParams, overview.slowestResult),
  'overview.errors': method(overview.errorsParams, overview.errorsResult),
  'overview.series': method(overview.seriesParams, overview.seriesResult),
  'overview.quality': method(overview.scoped, overview.qualityResult),
  'time.histogram': method(overview.histogramParams, overview.histogramResult),

  // --- what a table cannot show
  ...treeMethods,
  ...timelineMethods,
  ...graphMethods,
  ...telemetryMethods,
  ...agentsMethods,
  ...compareMethods,
  ...momentsMethods,
  ...watchesMethods,

  // --- problems
  'problems.list': method(overview.problemsParams, overview.problemsResult),
  'problems.context': method(overview.contextParams, overview.contextResult),

  // --- taking it out
  ...exportsMethods,
  ...snippetsMethods,
  ...sqlMethods,
  ...buffersMethods,

  // --- how the workbench is set up
  ...settingsMethods,
  ...savedViewsMethods,
  ...aboutMethods
} as const

export type Method = keyof typeof methods
/**
 * Answered by the host, not by the engine. The desktop has native dialogs (no handle: the person cancelled) and shows
 * exports in their folder; served mode gives one-time addresses from which a browser downloads an export.
 */
export const hostMethods = ['dialog.open', 'dialog.save', 'exports.reveal', 'exports.ticket', 'secrets.state', 'secrets.forget', 'host.notify', 'windows.new'] as const satisfies Method[]
export type HostMethod = (typeof hostMethods)[number]
/** What a caller gives: defaults may be left out. */
export type Given<M extends Method> = z.input<(typeof methods)[M]['params']>
/** What a handler receives: parsed, defaults filled in. */
export type Params<M extends Method> = z.output<(typeof methods)[M]['params']>
export type Result<M extends Method> = z.input<(typeof methods)[M]['result']>
