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
  const forget = onEnd(() => rmSync(path, { recursive: true, force: true }))
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

/** Signals are only heard in the main thread, and end the process as ever where nobody else listens. */
function onEnd(job: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    job()
    forget()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = (): void => {
    process.removeListener('exit', job)
    for (const signal of signals) process.removeListener(signal, onSignal)
  }
  process.on('exit', job)
  if (isMainThread) for (const signal of signals) process.on(signal, onSignal)
  return forget
}
