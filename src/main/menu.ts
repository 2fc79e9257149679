/** The application menu. What the page can do too is one of the page's commands, by its id; its keys are the page's, where people change them. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'

export type MenuActions = {
  openFiles: () => void
  openFolder: () => void
  openSample: () => void
  newWindow: () => void
  /** One of the page's commands. */
  command: (id: string) => void
}

type Item = MenuItemConstructorOptions

export function setMenu(actions: MenuActions, dev: boolean): void {
  const mac = process.platform === 'darwin'
  const template: Item[] = [
    ...(mac ? [appMenu(actions)] : []),
    { label: '&File', submenu: fileMenu(actions, mac) },
    { label: '&Edit', submenu: editMenu(actions) },
    { label: '&View', submenu: viewMenu(actions, dev) },
    { role: 'windowMenu', submenu: [{ label: 'New window', click: actions.newWindow }, { type: 'separator' }, { role: 'minimize' }, ...(mac ? [{ role: 'zoom' as const }, { type: 'separator' as const }, { role: 'front' as const }] : [{ role: 'close' as const }])] },
    { role: 'help', submenu: helpMenu(actions, mac) }
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

const separator: Item = { type: 'separator' }

/** @param accelerator shown; the key itself is the page's, which may have given it to something else */
function commandItem({ command }: MenuActions, id: string, label: string, accelerator?: string): Item {
  return { id, label, click: () => command(id), ...(accelerator !== undefined && { accelerator, registerAccelerator: false }) }
}

const appMenu = (actions: MenuActions): Item => ({
  role: 'appMenu',
  submenu: [commandItem(actions, 'about', `About ${app.name}`), separator, commandItem(actions, 'settings', 'Settings…', 'CmdOrCtrl+,'), separator, { role: 'services' }, separator, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator, { role: 'quit' }]
})

function fileMenu(actions: MenuActions, mac: boolean): Item[] {
  const item = commandItem.bind(null, actions)
  return [
    { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: actions.newWindow },
    separator,
    { label: 'Open file…', accelerator: 'CmdOrCtrl+O', click: actions.openFiles },
    { label: 'Open folder…', accelerator: 'CmdOrCtrl+Shift+O', click: actions.openFolder },
    item('attach', 'Attach to a queue…'),
    item('open.store', 'Open a store…'),
    { label: 'Open the sample', click: actions.openSample },
    ...(mac ? [{ role: 'recentDocuments' as const, submenu: [{ role: 'clearRecentDocuments' as const }] }] : []),
    item('session.left', 'What the last session had open…'),
    separator,
    item('views.save', 'Save as a view…', 'CmdOrCtrl+S'),
    item('views.open', 'Open a view…'),
    item('export', 'Export…'),
    item('transfer', 'Transfer between stores…'),
    separator,
    item('close', 'Close the source'),
    ...(mac ? [{ role: 'close' as const }] : [separator, item('settings', 'Settings…', 'CmdOrCtrl+,'), separator, { role: 'quit' as const }])
  ]
}

/** Undoing is the page's: of a text where one is written, else of the filter and the layout. */
function editMenu(actions: MenuActions): Item[] {
  const item = commandItem.bind(null, actions)
  return [
    item('undo', 'Undo', 'CmdOrCtrl+Z'),
    item('redo', 'Redo', 'CmdOrCtrl+Shift+Z'),
    separator,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    separator,
    item('search', 'Search text'),
    item('filter', 'Add a filter…'),
    item('clear', 'Clear the filter'),
    item('palette', 'Search and commands…', 'CmdOrCtrl+K')
  ]
}

const viewItems = [
  ['overview', 'Overview'],
  ['table', 'Table'],
  ['tree', 'Tree'],
  ['timeline', 'Timeline'],
  ['dataflow', 'Dataflow'],
  ['telemetry', 'Telemetry'],
  ['agents', 'Agents'],
  ['compare', 'Compare'],
  ['sql', 'SQL']
] as const

function viewMenu(actions: MenuActions, dev: boolean): Item[] {
  const item = commandItem.bind(null, actions)
  return [
    ...viewItems.map(([id, name]) => item(`view.${id}`, name)),
    separator,
    item('navigator', 'Navigator'),
    item('inspector', 'Inspector'),
    item('problems', 'Problems'),
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(dev ? [separator, { role: 'reload' as const }, { role: 'forceReload' as const }, { role: 'toggleDevTools' as const }] : [])
  ]
}

function helpMenu(actions: MenuActions, mac: boolean): Item[] {
  const item = commandItem.bind(null, actions)
  return [item('shortcuts', 'Keyboard shortcuts'), item('words', 'What the words mean'), ...(mac ? [] : [separator, item('about', 'About Provscope')])]
}
