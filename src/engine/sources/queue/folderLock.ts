/** One writer a folder: a file that names the process which has it. What a killed process left behind does not count. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '#contract/reply'

type Holder = { readonly pid: number; readonly started: string | null }

/** Returns what gives it back. Throws a Refusal `unavailable` if another process, or another thread of this one, has it. */
export function lockFolder(folder: string): () => void {
  const path = lockPath(folder)
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder)
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readHolder(path)
    if (holder && isAlive(holder)) throw new Refusal('unavailable', `The messages of this queue are already being kept in ${folder} by process ${holder.pid}.`)
    rmSync(path, { force: true })
  }
}

/** After the thread that had it has ended without giving it back. */
export function unlockFolderOfThisProcess(folder: string): void {
  const path = lockPath(folder)
  if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true })
}

function lockPath(folder: string): string {
  return join(folder, 'writer.json')
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: somebody else's, but there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return startOf(pid) === started
}

/** Numbers of processes are used again; together with the time of its start one is meant for good. Null where the system does not say. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
