/** A real PostgreSQL on loopback and a free port, with a cluster of its own in a temporary folder. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { accepts, freePort } from './mongo.ts'

export type PostgresServer = {
  readonly url: string
  /** Ends it and removes its records. */
  stop(): Promise<void>
}

/** Why there is nothing to test with. */
export const noPostgres = 'no PostgreSQL: initdb and postgres are neither on the PATH nor in /usr/lib/postgresql'

/** True in continuous integration whatever there is, so that a missing server is a failure there. */
export const hasPostgres = (): boolean => process.env['CI'] === 'true' || binaries() !== null

export async function startPostgres(): Promise<PostgresServer> {
  const folder = binaries()
  if (folder === null) throw new Error(noPostgres)
  const owner = unprivileged()
  const data = mkdtempSync(join(tmpdir(), 'provscope-postgres-'))
  if (owner !== null) chownSync(data, owner.uid, owner.gid)
  execFileSync(join(folder, 'initdb'), ['-D', data, '-U', 'flowcept', '--auth=trust', '-E', 'UTF8', '--no-locale', '--no-sync'], { ...owner, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] })
  const port = await freePort()
  const child = spawn(join(folder, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data, '-F'], { ...owner, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-2000)
  })
  await accepts(port, child, () => said)
  await answers(folder, port)
  return {
    url: `postgresql://flowcept@127.0.0.1:${port}/postgres`,
    async stop() {
      await ended(child)
      rmSync(data, { recursive: true, force: true })
    }
  }
}

/** The newest version there is. */
function binaries(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** It listens before it takes connections. */
async function answers(folder: string, port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      execFileSync(join(folder, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
      return
    } catch (error) {
      if (tries === 300) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** SIGINT: connections are closed and the files are left in order. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await exit
}
