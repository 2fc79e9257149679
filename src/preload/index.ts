/** All that the page has of the desktop: a function to call, one to cancel, what the menu asks for; and files dropped on it, which it never sees. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge } from '#contract/bridge'

const bridge: Bridge = {
  call: (method, params, callId) => ipcRenderer.invoke('call', method, params, callId),
  cancel: (callId) => ipcRenderer.send('cancel', callId),
  onCommand: (listener) => {
    const tell = (_event: unknown, commandId: unknown): void => {
      if (typeof commandId === 'string') listener(commandId)
    }
    ipcRenderer.on('command', tell)
    return () => void ipcRenderer.off('command', tell)
  }
}
contextBridge.exposeInMainWorld('provscope', bridge)

window.addEventListener('dragover', (event) => event.preventDefault())
window.addEventListener(
  'drop',
  (event) => {
    event.preventDefault()
    // The page can make up a drop event, and files for it; only a person's own drop counts.
    if (!event.isTrusted) return
    const paths = [...(event.dataTransfer?.files ?? [])].map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '')
    if (paths.length > 0) ipcRenderer.send('drop', paths)
  },
  { capture: true }
)
