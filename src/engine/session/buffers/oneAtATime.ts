/** One process at a time for what is written at a place: a file beside it says whose turn it is, and one that a dead process left is taken over. */
import { open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { Refusal } from '#contract/reply'

export async function oneAtATime<T>(target: string, work: () => Promise<T>): Promise<T> {
  const path = `${target}.lock`
  await take(path, target)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, target: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(`${process.pid} ${hostname()}\n`)
      await file.close()
      return
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST') throw new Refusal('unavailable', `Nothing can be written beside ${target}: ${message}.`)
      if (tries > 0 || (await isAlive(path))) throw new Refusal('unavailable', `${basename(target)} is being written by another process; if it is not, delete ${path}.`)
      await rm(path, { force: true })
    }
  }
}

/** Of a process on another machine nothing is known. */
async function isAlive(path: string): Promise<boolean> {
  const [pid, host] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ')
  if (host !== undefined && host !== hostname()) return true
  if (!/^\d+$/.test(pid ?? '') || Number(pid) === process.pid) return Number(pid) === process.pid
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
