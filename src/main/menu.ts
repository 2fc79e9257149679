/** The application menu: what the host itself can do, with its keys. The page has its own commands and keys. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'

export type MenuActions = { openFiles: () => void; openFolder: () => void; openSample: () => void }

export function setMenu({ openFiles, openFolder, openSample }: MenuActions, dev: boolean): void {
  const mac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open file…', accelerator: 'CmdOrCtrl+O', click: openFiles },
        { label: 'Open folder…', accelerator: 'CmdOrCtrl+Shift+O', click: openFolder },
        { label: 'Open the sample', click: openSample },
        ...(mac ? [{ role: 'recentDocuments' as const, submenu: [{ role: 'clearRecentDocuments' as const }] }] : []),
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(dev ? [{ type: 'separator' as const }, { role: 'reload' as const }, { role: 'forceReload' as const }, { role: 'toggleDevTools' as const }] : [])
      ]
    },
    ...(mac ? [{ role: 'windowMenu' as const }] : []),
    { role: 'help', submenu: [{ label: 'About Provscope', click: () => app.showAboutPanel() }] }
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
