/** `provscope serve`: the workbench in a browser, from an engine in this process. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Refusal } from '#contract/reply'
import { type Answer, withHostMethods } from '#hosting/answer'
import { pageFolder } from '#hosting/installation'
import { isViewFile, openings } from '#hosting/namedSources'
import { recordingsUnderWay } from '#hosting/recordings'
import { MemorySecrets } from '#hosting/secrets'
import { startEngine } from '#hosting/startEngine'
import { secretHandlers, withSecrets } from '#hosting/withSecrets'
import { startServer } from './server.ts'
import { ticketHandlers, Tickets } from './tickets.ts'

export type ServeOptions = {
  /** Files, folders, globs, `-`, addresses of queues and databases, and files of views. */
  sources: readonly string[]
  sample: boolean
  port: number
  openBrowser: boolean
  /** Stops the server. */
  signal: AbortSignal
  /** Told once the address answers. */
  onReady: (url: string) => void
  onProblem: (what: string) => void
}

/** Runs until the signal stops it and what is being recorded is written; nothing of it stays on disk. */
export async function serve({ sources, sample, port, openBrowser, signal, onReady, onProblem }: ServeOptions): Promise<void> {
  if (!existsSync(join(pageFolder, 'index.html'))) throw new Refusal('unavailable', 'The page has not been built: run "npm run build".')
  const uploadFolder = await mkdtemp(join(tmpdir(), 'provscope-uploads-'))
  const onBug = (error: unknown, what: string): void => onProblem(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  const engine = await startEngine({ host: 'served', remember: true, session: sample || sources.some((name) => !isViewFile(name)) ? 'fresh' : 'open', onBug })
  const secrets = new MemorySecrets()
  const hostAnswer = withSecrets(secrets, engine.answer('host'), onProblem)
  try {
    const tickets = new Tickets()
    const hostMethods = { ...ticketHandlers(tickets), ...secretHandlers(secrets) }
    const answer = withHostMethods(hostMethods, withSecrets(secrets, engine.answer('page'), onProblem), onBug)
    const server = await startServer({ answer, hostAnswer, tickets, pageFolder, uploadFolder, port, onBug }).catch(portRefused)
    try {
      onReady(server.url)
      if (openBrowser) showInBrowser(server.url, onProblem)
      await openAll({ sources, sample, signal, hostAnswer, onProblem })
      await stopped(signal)
    } finally {
      await server.close()
    }
  } finally {
    if ((await recordingsUnderWay(hostAnswer)) > 0) onProblem('Finishing the recording: what has arrived is being written. Interrupt once more to end at once.')
    await engine.close()
    await rm(uploadFolder, { recursive: true, force: true })
  }
}

/** Whether there is a screen on which a browser could open. */
export const hasDisplay = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean => platform === 'darwin' || platform === 'win32' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])

async function openAll({ sources, sample, signal, hostAnswer, onProblem }: Pick<ServeOptions, 'sources' | 'sample' | 'signal' | 'onProblem'> & { hostAnswer: Answer }): Promise<void> {
  const views = sources.filter(isViewFile).map((name) => ({ method: 'savedViews.bring', params: { path: resolve(name) } }))
  const wanted = [...(sample ? [{ method: 'sources.openSample', params: {} }] : []), ...openings(sources.filter((name) => !isViewFile(name))), ...views]
  for (const { method, params } of wanted) {
    const reply = await hostAnswer(method, params, signal)
    // The page is of use without them: one opens another source there.
    if (!reply.ok && !signal.aborted) onProblem(reply.error.message)
  }
}

function portRefused(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code === 'EADDRINUSE') throw new Refusal('unavailable', `Port ${error.port} is taken by another program. Name another with --port, or none.`)
  if (error.code === 'EACCES') throw new Refusal('unavailable', `Port ${error.port} may not be used by this user. Name one above 1023 with --port, or none.`)
  throw error
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function showInBrowser(url: string, onProblem: (what: string) => void): void {
  const [command, args] = process.platform === 'darwin' ? ['open', [url]] : process.platform === 'win32' ? ['explorer.exe', [url]] : ['xdg-open', [url]]
  const child = spawn(command as string, args as string[], { stdio: 'ignore', detached: true })
  child.once('error', () => onProblem('No browser could be opened: open the address yourself.'))
  child.unref()
}
