/** How the app ends: what is being recorded is finished first, and the engine's temporary files go before the process does. */
import { app, BrowserWindow } from 'electron'
import { recordingsUnderWay } from '#hosting/recordings'
import type { EngineProcess } from './engineProcess.ts'
import { finishingUrl } from './protocol.ts'

/** A terminal's Ctrl+C arrives twice: from the terminal, and from the command that started the app. Only what comes later is another wish. */
const secondAfterMs = 1000
/** Less than this nobody needs to be told of. */
const tellAfterMs = 400
/** What is not stored by then stays in the recording's own files, and goes on from there when it is recorded again. */
const finishWithinMs = 120_000

/** @param onQuit told once, when nothing new should be begun any more */
export function finishBeforeQuit(engine: EngineProcess, { onQuit, onProblem }: { onQuit: () => void; onProblem: (what: string) => void }): void {
  let begunAt: number | null = null
  let done = false
  const finish = async (): Promise<void> => {
    onQuit()
    const recordings = await recordingsUnderWay(engine.answer('host'))
    const told = recordings > 0 ? setTimeout(() => tell(() => void engine.end(), onProblem), tellAfterMs) : undefined
    await engine.close(recordings > 0 ? finishWithinMs : undefined)
    clearTimeout(told)
    done = true
    app.quit()
  }
  app.on('will-quit', (event) => {
    if (done) return
    event.preventDefault()
    if (begunAt === null) {
      begunAt = Date.now()
      void finish()
    } else if (Date.now() - begunAt > secondAfterMs) {
      engine.end()
    }
  })
}

/** A window of its own: the app's has closed by then, and a message box without one would hold everything up on macOS. */
function tell(endNow: () => void, onProblem: (what: string) => void): void {
  const window = new BrowserWindow({
    width: 460,
    height: 190,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    title: 'Finishing the recording – Provscope',
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false, navigateOnDragDrop: false, spellcheck: false, devTools: false }
  })
  window.once('closed', endNow)
  window.loadURL(finishingUrl).catch((error: unknown) => onProblem(`The message did not load: ${String(error)}`))
}
