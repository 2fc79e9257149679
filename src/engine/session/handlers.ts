/** Every method of the contract and who answers it. */
import type { Handlers } from '#contract/dispatch'
import type { Result } from '#contract/methods'
import { ownId } from '#contract/momentId'
import { Refusal } from '#contract/reply'
import { aboutHandlers } from './about/aboutHandlers.ts'
import { agentsHandlers } from './agents/agentsHandlers.ts'
import { askTable } from './askTable.ts'
import { buffersHandlers } from './buffers/buffersHandlers.ts'
import { browseFolder } from './services/browse.ts'
import type { ChangeLog } from './services/changes.ts'
import { columnStats, columnValues, columnsList } from './query/columnStats.ts'
import { compareHandlers } from './compare/compareHandlers.ts'
import { filterCheck, filterCounts } from './filter/filterQueries.ts'
import { exportHandlers } from './export/exportHandlers.ts'
import type { Exports } from './export/exports.ts'
import type { Grants } from './services/grants.ts'
import { groupPage } from './query/groups.ts'
import { graphHandlers } from './lineage/graphHandlers.ts'
import { momentsHandlers } from './moments/momentsHandlers.ts'
import { recordLinks } from './query/links.ts'
import { overviewActivities } from './overview/overviewActivities.ts'
import { overviewErrors } from './overview/overviewErrors.ts'
import { overviewQuality } from './overview/overviewQuality.ts'
import { overviewSeries } from './overview/overviewSeries.ts'
import { overviewSlowest } from './overview/overviewSlowest.ts'
import { overviewSummary } from './overview/overviewSummary.ts'
import { findRow, pageRows, rowMarks } from './query/pages.ts'
import type { Database } from './table/database.ts'
import type { Prefs } from './services/prefs.ts'
import { problemsContext, problemsList } from './services/problems.ts'
import type { Recents } from './services/recents.ts'
import { getRecord } from './query/record.ts'
import { type LiveServices, liveHandlers } from './live/liveHandlers.ts'
import { isQueueUrl } from './live/queues.ts'
import { streamPage } from './live/streamPage.ts'
import type { BroughtViews } from './savedViews/broughtViews.ts'
import type { SavedViews } from './savedViews/savedViews.ts'
import { savedViewsHandlers } from './savedViews/savedViewsHandlers.ts'
import type { Session } from './restore/session.ts'
import { settingsHandlers } from './settings/settingsHandlers.ts'
import { snippetsHandlers } from './snippets/snippetsHandlers.ts'
import { sqlHandlers } from './sql/sqlHandlers.ts'
import { pushedFirst } from './stores/pushedFirst.ts'
import { storeHandlers } from './stores/storeHandlers.ts'
import type { Transfers } from './stores/transfers.ts'
import type { SettingsProblems } from './services/settingsProblems.ts'
import type { SourceList } from './sourceList.ts'
import { csvRows, rowDocuments } from './export/textPages.ts'
import { timeHistogram } from './overview/timeHistogram.ts'
import { telemetryHandlers } from './telemetry/telemetryHandlers.ts'
import { timelineHandlers } from './timeline/timelineHandlers.ts'
import { treeChildren } from './query/tree.ts'
import { treeHandlers } from './runtree/treeHandlers.ts'
import type { Watches } from './watches/watches.ts'
import { watchesHandlers } from './watches/watchesHandlers.ts'

export type Services = {
  readonly database: Database
  readonly sources: SourceList
  readonly changes: ChangeLog
  readonly grants: Grants
  readonly recents: Recents
  readonly prefs: Prefs
  readonly settings: SettingsProblems
  readonly exports: Exports
  readonly transfers: Transfers
  readonly watches: Watches
  readonly savedViews: SavedViews
  readonly brought: BroughtViews
  readonly session: Session
  readonly info: () => Result<'host.info'>
  readonly samplePath: () => string
  readonly startFolder: string
  /** What is kept on disk while the engine runs. */
  readonly tempFolder: string
  readonly live: LiveServices
}

export function createHandlers(services: Services): Handlers {
  return { ...hostHandlers(services), ...sourceHandlers(services), ...tableHandlers(services), ...viewHandlers(services), ...problemHandlers(services), ...exportHandlers(services), ...buffersHandlers(services), ...settingsHandlers(services), ...savedViewsHandlers(services), ...aboutHandlers(services), ...liveHandlers(services.live), ...storeHandlers(services) }
}

function hostHandlers({ changes, grants, info, recents, startFolder }: Services) {
  return {
    'host.info': () => info(),
    'files.browse': (params) => browseFolder(params, grants, startFolder),
    'paths.grant': ({ path, use }) => ({ handle: grants.grant(path, use) }),
    'paths.resolve': ({ handle }) => ({ path: grants.path(handle) }),
    'recents.list': (params) => recents.list(params),
    'recents.forget': async ({ handle }) => {
      await recents.forget(handle)
      return {}
    },
    'changes.next': (params, { signal }) => changes.next(params, signal)
  } satisfies Partial<Handlers>
}

function sourceHandlers({ grants, live, prefs, samplePath, sources }: Services) {
  const open = async (named: readonly string[], follow: boolean): Promise<{ sourceId: string }> => {
    const queue = named.find(isQueueUrl)
    if (queue === undefined) return { sourceId: sources.open(named, { follow }) }
    if (named.length > 1) throw new Refusal('bad-request', 'A message queue is opened by itself, not together with other sources.')
    return { sourceId: await live.queues.watch(queue) }
  }
  return {
    'sources.open': async ({ handles }) => open(handles.flatMap((handle) => grants.paths(handle, 'read')), await prefs.setting('open.follow')),
    'sources.openPaths': async ({ follow, paths }) => open(paths, follow ?? (await prefs.setting('open.follow'))),
    'sources.openSample': () => ({ sourceId: sources.open([samplePath()], { follow: false }) }),
    'sources.list': () => ({ sources: sources.list() }),
    'sources.close': async ({ sourceId }) => {
      await sources.close(sourceId)
      return {}
    },
    'sources.stop': async ({ sourceId }) => {
      await sources.entry(sourceId).stop()
      return {}
    },
    'sources.readOn': ({ sourceId }) => {
      sources.entry(sourceId).readOn()
      return {}
    },
    'sources.follow': ({ on, sourceId }) => {
      sources.entry(sourceId).follow(on)
      return {}
    }
  } satisfies Partial<Handlers>
}

function viewHandlers(services: Services) {
  const of = askTable(services.sources)
  return { ...treeHandlers(of), ...timelineHandlers(of), ...graphHandlers(of), ...telemetryHandlers(of, services), ...agentsHandlers(of), ...compareHandlers(of, services), ...momentsHandlers(of, services.sources), ...watchesHandlers(services), ...sqlHandlers(of, services), ...snippetsHandlers(of, services) }
}

function problemHandlers({ settings, sources }: Services) {
  const all = () => [...sources.problemSources(), settings]
  return {
    'problems.list': (params) => problemsList(all(), params),
    'problems.context': (params) => problemsContext(all(), params)
  } satisfies Partial<Handlers>
}

function tableHandlers({ sources }: Services) {
  const { first, second } = pushedFirst(sources)
  const of = askTable(sources)
  return {
    'tree.children': of<'tree.children'>(treeChildren),
    'columns.list': of<'columns.list'>(columnsList),
    'columns.stats': of<'columns.stats'>(columnStats),
    'columns.values': of<'columns.values'>(columnValues),
    'rows.page': first<'rows.page'>((pushed, params, signal) => pushed.page(params, signal), of<'rows.page'>(pageRows)),
    'rows.find': first<'rows.find'>((pushed, params, signal) => pushed.find(params, signal), of<'rows.find'>(findRow)),
    'stream.page': of<'stream.page'>(streamPage),
    'rows.marks': of<'rows.marks'>(rowMarks),
    'rows.documents': of<'rows.documents'>(rowDocuments),
    'rows.csv': of<'rows.csv'>(csvRows),
    'groups.page': of<'groups.page'>(groupPage),
    'filter.check': first<'filter.check'>((pushed, params, signal) => pushed.check(params, signal), of<'filter.check'>(filterCheck)),
    'filter.counts': first<'filter.counts'>((pushed, params, signal) => pushed.counts(params, signal), of<'filter.counts'>(filterCounts)),
    'records.get': second<'records.get'>((pushed, params) => pushed.record(params), of<'records.get'>(getRecord)),
    'records.links': of<'records.links'>(recordLinks),
    'overview.summary': of<'overview.summary'>(overviewSummary),
    'overview.activities': of<'overview.activities'>(overviewActivities),
    'overview.slowest': of<'overview.slowest'>(overviewSlowest),
    'overview.errors': of<'overview.errors'>(overviewErrors),
    'overview.series': of<'overview.series'>(overviewSeries),
    'overview.quality': of<'overview.quality'>((table, params, signal) => overviewQuality(table, params, signal, { rejectedLines: sources.entry(ownId(params.sourceId)).rejectedLines })),
    'time.histogram': of<'time.histogram'>(timeHistogram)
  } satisfies Partial<Handlers>
}
