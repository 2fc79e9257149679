/** Whether the desktop app can run here, and how to start it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { installationFolder } from '#hosting/installation'

/** A download that has not ended by then is given up: the browser does as well. */
const downloadWithinMs = 240_000

export type Desktop = { electron: string } | { missing: string }

/** Electron's binary comes with its first start, from the network; `missing` says in a few words why there is none. */
export async function findDesktop({ env = process.env, platform = process.platform, onDownload }: { env?: NodeJS.ProcessEnv; platform?: NodeJS.Platform; onDownload: () => void }): Promise<Desktop> {
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return { missing: 'there is no display' }
  const folder = electronFolder()
  if (folder === null) return { missing: 'the electron package is not installed' }
  const known = binaryIn(folder, env)
  if (known !== null) return { electron: known }
  onDownload()
  const failed = await download(folder)
  const fetched = failed === null ? binaryIn(folder, env) : null
  return fetched === null ? { missing: `Electron could not be downloaded (${failed ?? 'no binary came'})` } : { electron: fetched }
}

/** Has the desktop app open these sources. */
export function startDesktop(electron: string, args: readonly string[], { asRoot, env }: { asRoot: boolean; env: NodeJS.ProcessEnv }): ChildProcess {
  // Chromium refuses to sandbox a page for root.
  return spawn(electron, [...(asRoot ? ['--no-sandbox'] : []), installationFolder, ...args], { stdio: ['ignore', 'inherit', 'inherit'], env })
}

/** @returns its exit code; a stop of ours is its stop too */
export function ended(child: ChildProcess, signal: AbortSignal): Promise<number> {
  const stop = (): void => void child.kill()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop)
      resolve(code ?? 1)
    })
  })
}

function electronFolder(): string | null {
  try {
    return dirname(createRequire(join(installationFolder, 'package.json')).resolve('electron/package.json'))
  } catch {
    return null
  }
}

/** As the electron package itself looks for it, without its way of downloading when it is not there. */
function binaryIn(folder: string, env: NodeJS.ProcessEnv): string | null {
  const named = join(folder, 'path.txt')
  if (!existsSync(named)) return null
  const binary = join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), readFileSync(named, 'utf8'))
  return existsSync(binary) ? binary : null
}

/** @returns why it failed */
function download(folder: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'pipe'], timeout: downloadWithinMs })
    let said = ''
    child.stderr.on('data', (part: Buffer) => { said += part.toString('utf8') })
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, killed) => resolve(code === 0 ? null : killed ? 'it took too long' : (said.trim().split('\n')[0] ?? 'it failed')))
  })
}
