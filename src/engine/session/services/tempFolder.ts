/** The engine's private folder for tables and spools: gone when the engine closes, when the process ends, or at the next start. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

export type TempFolder = { readonly path: string; remove(): Promise<void> }

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @param parent the system's folder for temporary files, or one the user chose for its space */
export async function createTempFolder(parent: string): Promise<TempFolder> {
  await mkdir(parent, { recursive: true })
  await removeLeftovers(parent)
  const path = await mkdtemp(join(parent, `${prefix()}${process.pid}-`))
  const forget = onEnd(() => removeNow(path))
  return {
    path,
    async remove() {
      forget()
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
    }
  }
}

/** Folders of processes that are no more: they crashed or were killed. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent)
  for (const name of names) {
    const pid = name.startsWith(prefix()) ? Number(/^(\d+)-/.exec(name.slice(prefix().length))?.[1] ?? 'none') : Number.NaN
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

/** With the machine in the name: on a shared disk, processes of another one are not known here. */
function prefix(): string {
  return `provscope-${createHash('sha256').update(hostname()).digest('hex').slice(0, 8)}-`
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: alive, but another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Handlers of this module, of every engine of the process. */
const handlers = new Set<(signal: NodeJS.Signals) => void>()

/** Signals are only heard in the main thread. A host that listens too closes the engine itself; elsewhere the process ends as ever. */
function onEnd(job: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listeners(signal).some((listener) => !handlers.has(listener))) return
    job()
    forget()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = (): void => {
    handlers.delete(onSignal)
    process.removeListener('exit', job)
    for (const signal of signals) process.removeListener(signal, onSignal)
  }
  handlers.add(onSignal)
  process.on('exit', job)
  if (isMainThread) for (const signal of signals) process.on(signal, onSignal)
  return forget
}

/** Threads that still write may undo it; then it is left to the next start, as after a crash. */
function removeNow(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
  } catch (error) {
    process.stderr.write(`${path} is left to the next start: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
