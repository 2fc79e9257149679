/**
 * Every command there is, also of views that are not open: what the settings list to give keys to. A command that is offered
 * says what it does now ("Pause", "Resume"); here it has its one name. commandCatalogue.test.ts holds it against the code.
 */
import { snippetLanguages } from '#contract/snippets'
import { destinationIds, exportTitles } from './exportChoice.ts'
import { views } from './viewNames.ts'

/**
 * Where its keys act: `lists` and `drawing` stand for the focus in a table, tree or list, and in the timeline's drawing, where they
 * come before all others.
 */
export type Where = 'anywhere' | 'lists' | 'drawing' | 'table' | 'timeline' | 'dataflow' | 'agents' | 'sql' | 'stream'
export type KnownCommand = { readonly id: string; readonly title: string; readonly group: CommandGroup; readonly where: Where; readonly keys?: string }
export const commandGroups = ['General', 'Sources', 'Filter', 'Views', 'Table'] as const
export type CommandGroup = (typeof commandGroups)[number]

/** The first nine views have a number. */
export const viewKeys = (index: number): string | undefined => (index < 9 ? `Ctrl+${index + 1}` : undefined)

const of = (group: CommandGroup, where: Where, commands: readonly (readonly [id: string, title: string, keys?: string | undefined])[]): KnownCommand[] =>
  commands.map(([id, title, keys]) => ({ id, title, group, where, ...(keys !== undefined && { keys }) }))

export const commandCatalogue: readonly KnownCommand[] = [
  ...of('General', 'anywhere', [
    ['palette', 'Search and commands', 'Ctrl+K'],
    ['settings', 'Settings', 'Ctrl+,'],
    ['settings.keys', 'Change keys'],
    ['settings.flowcept', 'Show Flowcept’s settings'],
    ['shortcuts', 'Show all shortcuts', '?'],
    ['words', 'What the words mean'],
    ['region.next', 'Go to the next region', 'F6'],
    ['region.previous', 'Go to the region before', 'Shift+F6'],
    ['navigator', 'Show or hide the navigator', 'Ctrl+B'],
    ['inspector', 'Show or hide the inspector', 'Ctrl+I'],
    ['problems', 'Show or hide problems', 'Ctrl+J'],
    ['moment', 'Travel in time, or back to now', 'T'],
    ['watches', 'Watches'],
    ['watches.seen', 'Mark all firing watches as seen'],
    ['theme', 'Light or dark theme'],
    ['theme.system', 'Follow the system’s theme'],
    ['zone', 'Times in UTC or local time'],
    ['window.new', 'New window or tab', 'Ctrl+Shift+N'],
    ['about', 'About Provscope']
  ]),
  ...of('General', 'lists', [
    ['list.next', 'Next row', 'J'],
    ['list.previous', 'Row before', 'K']
  ]),
  ...of('Sources', 'anywhere', [
    ['open.file', 'Open file', 'Ctrl+O'],
    ['open.folder', 'Open folder', 'Ctrl+Shift+O'],
    ['open.store', 'Open a store', 'Ctrl+D'],
    ['open.sample', 'Open the sample'],
    ['attach', 'Attach to a queue', 'Ctrl+L'],
    ['close', 'Close the source'],
    ['session.left', 'What the last session had open'],
    ['source.next', 'Show the next source'],
    ['source.previous', 'Show the source before'],
    ['stop', 'Stop reading here'],
    ['readOn', 'Read the rest'],
    ['follow', 'Follow the file as it grows, or end it'],
    ['live.pause', 'Pause or resume the live source', 'Space'],
    ['live.attach', 'Attach again'],
    ['live.detach', 'Detach'],
    ['live.dump', 'Dump the buffer'],
    ['live.fill', 'Fill gaps from a file'],
    ['buffers', 'Consolidate buffers'],
    ['transfer', 'Transfer between stores'],
    ['transfer.source', 'Transfer this source to a store']
  ]),
  ...of('Filter', 'anywhere', [
    ['search', 'Search text', '/'],
    ['filter', 'Add a filter', 'F'],
    ['failed', 'Filter: status = ERROR'],
    ['clear', 'Clear the filter'],
    ['undo', 'Undo a change of filter or layout', 'Ctrl+Z'],
    ['redo', 'Redo it', 'Ctrl+Shift+Z'],
    ['watches.filter', 'Watch this filter'],
    ['export', 'Export', 'Ctrl+E'],
    ...destinationIds.map((id): [string, string] => [`export.${id}`, exportTitles[id]])
  ]),
  ...of('Views', 'anywhere', views.map(({ id, name }, index) => [`view.${id}`, `Go to ${name}`, viewKeys(index)])),
  ...of('Views', 'anywhere', [
    ['views.save', 'Save as a view', 'Ctrl+S'],
    ['views.update', 'Update the saved view'],
    ['views.open', 'Open a view from a file or a link'],
    ['views.link', 'Copy link to this view'],
    ['views.file', 'Share this view as a file'],
    ['timeline.by.activity', 'Timeline: lanes by activity'],
    ['timeline.by.host', 'Timeline: lanes by host'],
    ['timeline.by.worker', 'Timeline: lanes by worker'],
    ['timeline.by.agent', 'Timeline: lanes by agent'],
    ['timeline.by.workflow', 'Timeline: lanes by workflow'],
    ['timeline.by.parent', 'Timeline: lanes by parent'],
    ['timeline.sort.start', 'Timeline: order lanes by first start'],
    ['timeline.sort.tasks', 'Timeline: order lanes by tasks'],
    ['timeline.sort.busy', 'Timeline: order lanes by busy time'],
    ['timeline.sort.errors', 'Timeline: order lanes by errors'],
    ['timeline.sort.name', 'Timeline: order lanes by name'],
    ['timeline.critical', 'Timeline: critical path or not'],
    ['timeline.inferred', 'Timeline: critical path by equal values or not'],
    ['timeline.table', 'Timeline: drawing or table'],
    ['dataflow.level.campaign', 'Dataflow: one node is a campaign'],
    ['dataflow.level.workflow', 'Dataflow: one node is a workflow'],
    ['dataflow.level.activity', 'Dataflow: one node is an activity'],
    ['dataflow.level.task', 'Dataflow: one node is a task'],
    ['dataflow.values', 'Dataflow: values between tasks or not'],
    ['dataflow.fold', 'Dataflow: fold alike nodes or not'],
    ['dataflow.inferred', 'Dataflow: inferred ties or not'],
    ['dataflow.prov', 'Dataflow: arrows along the data or as in W3C PROV'],
    ['tree.sort.errors', 'Tree: order siblings by errors'],
    ['tree.sort.start', 'Tree: order siblings by start'],
    ['tree.sort.duration', 'Tree: order siblings by duration'],
    ['tree.sort.name', 'Tree: order siblings by name'],
    ['tree.fold', 'Tree: fold repeated siblings or not'],
    ['tree.close', 'Tree: close all branches'],
    ['telemetry.by', 'Telemetry: small multiples by host or activity'],
    ['telemetry.table', 'Telemetry: small multiples or table'],
    ['agents.as', 'Agents: sequence or list'],
    ['compare.pair', 'Compare two runs'],
    ['compare.match.order', 'Compare: match tasks by activity and order'],
    ['compare.match.inputs', 'Compare: match tasks by inputs'],
    ['compare.match.parent', 'Compare: match tasks by parent'],
    ['compare.mark', 'Mark for comparison', 'C'],
    ['compare.sweep', 'Compare as a sweep'],
    ['compare.swap', 'Swap runs A and B'],
    ['compare.forget', 'Forget the marks A and B']
  ]),
  ...of('Views', 'timeline', [
    ['timeline.in', 'Timeline: zoom in', '+'],
    ['timeline.out', 'Timeline: zoom out', '-'],
    ['timeline.all', 'Timeline: show the whole', '0'],
    ['timeline.selection', 'Timeline: fit the selection'],
    ['timeline.nextError', 'Timeline: go to the next error', 'E'],
    ['timeline.previousError', 'Timeline: go to the previous error', 'Shift+E']
  ]),
  ...of('Views', 'drawing', [
    ['timeline.drawing.in', 'Timeline’s drawing: zoom in', 'W'],
    ['timeline.drawing.out', 'Timeline’s drawing: zoom out', 'S'],
    ['timeline.drawing.earlier', 'Timeline’s drawing: go earlier', 'A'],
    ['timeline.drawing.later', 'Timeline’s drawing: go later', 'D'],
    ['timeline.drawing.selection', 'Timeline’s drawing: fit the selection', 'F']
  ]),
  ...of('Views', 'dataflow', [
    ['dataflow.up', 'Dataflow: go upstream', '['],
    ['dataflow.down', 'Dataflow: go downstream', ']'],
    ['dataflow.zoomIn', 'Dataflow: zoom in, or unfold', '+'],
    ['dataflow.zoomOut', 'Dataflow: zoom out, or fold back', '-'],
    ['dataflow.fit', 'Dataflow: show the whole graph', '0'],
    ['dataflow.again', 'Dataflow: lay the graph out again'],
    ['dataflow.foldAll', 'Dataflow: fold everything back'],
    ['dataflow.list', 'Dataflow: drawing or list']
  ]),
  ...of('Views', 'agents', [
    ['agents.next-failed', 'Agents: next failed call', 'E'],
    ['agents.previous-failed', 'Agents: previous failed call', 'Shift+E']
  ]),
  ...of('Views', 'sql', [
    ['sql.run', 'SQL: run the query', 'Ctrl+Enter'],
    ['sql.explain', 'SQL: explain the query', 'Ctrl+Shift+Enter'],
    ['sql.cancel', 'SQL: cancel the query'],
    ['sql.editor', 'SQL: go to the editor'],
    ['sql.new', 'SQL: new query']
  ]),
  ...of('Views', 'stream', [
    ['stream.latest', 'Stream: jump to the latest message', 'End'],
    ['stream.stay', 'Stream: stop following']
  ]),
  ...of('Table', 'anywhere', [['copy.code', 'Copy the view as code', 'Ctrl+Shift+E'], ...snippetLanguages.map((language) => [`copy.${language}`, `Copy the view as ${language}`] as const)]),
  ...of('Table', 'table', [
    ['table.lineage', 'Where does this value come from', 'L'],
    ['table.nextError', 'Go to the next error', 'E'],
    ['table.previousError', 'Go to the previous error', 'Shift+E'],
    ['table.copy', 'Copy the selection'],
    ['table.copyJson', 'Copy the selection as JSON', 'Ctrl+Shift+C'],
    ['table.clearSort', 'Remove the sort'],
    ['table.columns', 'Choose columns'],
    ['table.sortAscending', 'Sort ascending by this column'],
    ['table.sortDescending', 'Sort descending by this column'],
    ['table.thenBy', 'Then sort by this column'],
    ['table.group', 'Group by this column'],
    ['table.withValue', 'Only rows with a value here'],
    ['table.withoutValue', 'Only rows without a value here'],
    ['table.pin', 'Pin or unpin this column'],
    ['table.hide', 'Hide this column'],
    ['table.copyPath', 'Copy the dotted path of this column'],
    ['table.tasks', 'Show tasks'],
    ['table.workflows', 'Show workflows'],
    ['table.agents', 'Show agents'],
    ['table.objects', 'Show objects'],
    ['table.messages', 'Show messages']
  ])
]

const byId = new Map(commandCatalogue.map((command) => [command.id, command]))
export const knownCommand = (id: string): KnownCommand | undefined => byId.get(id)
