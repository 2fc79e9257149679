/** What one run of the engine has open, on disk, so that the next one can go on from there; a file for each run, found by the next. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

export const keptSource = z.object({
  sourceId: z.string().regex(/^s\d+-[0-9a-f]{6}$/),
  named: z.array(z.string()).min(1),
  kind: z.enum(['file', 'files', 'folder', 'queue', 'lmdb', 'mongodb']),
  name: z.string(),
  path: z.string(),
  follow: z.boolean(),
  /** Read as far as was wanted: what happened afterwards is not its opening's fault. */
  settled: z.boolean(),
  /** How often in a row the engine ended while this was being opened. */
  failures: z.number().int()
})
export type KeptSource = z.infer<typeof keptSource>

const sessionSchema = z.object({
  version: z.literal(1),
  host: z.enum(['desktop', 'served']),
  hostname: z.string(),
  pid: z.number().int(),
  startedAt: z.number(),
  /** Null while it runs, and for ever if it broke off. */
  endedAt: z.number().nullable(),
  sources: z.array(keptSource),
  /** Was open before that, and was not opened again. */
  left: z.array(keptSource),
  /** By window or tab, the one used last at the end. */
  pages: z.array(z.object({ pageId: z.string(), address: z.string() }))
})
export type KeptSession = z.infer<typeof sessionSchema>

/** A run that has not touched its file for so long is gone, whatever else has its process id by now. */
const beatEveryMs = 30_000
const goneAfterMs = 4 * beatEveryMs

/** Another file first, so that a crash in the middle leaves the old one whole. At once, since what is opened may end the process. */
export function writeSession(folder: string, name: string, session: KeptSession): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  writeFileSync(`${path}.new`, JSON.stringify(session), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** Says that the run is still there. */
export function beat(folder: string, name: string): NodeJS.Timeout {
  return setInterval(() => {
    try {
      utimesSync(join(folder, name), new Date(), new Date())
    } catch (error) {
      // Not written yet, or taken away: the next writing makes it anew.
      if (!(error instanceof Error && 'code' in error)) throw error
    }
  }, beatEveryMs).unref()
}

/** The latest session of this host on this machine whose process is gone; it and older ones are no longer offered to anybody else. */
export function takeLastSession(folder: string, host: KeptSession['host']): KeptSession | null {
  const gone = sessionFiles(folder).flatMap((path): { path: string; session: KeptSession | null; at: number }[] => {
    const session = readSession(path)
    if (session === null) return [{ path, session, at: 0 }]
    const { at, runs } = standing(path, session)
    return session.host === host && session.hostname === hostname() && !runs ? [{ path, session, at }] : []
  })
  // An empty run that ended meanwhile hides none that had something open.
  const size = (session: KeptSession | null): number => Math.min(1, (session?.sources.length ?? 0) + (session?.left.length ?? 0))
  const [last] = gone.filter(({ session }) => session !== null).sort((a, b) => size(b.session) - size(a.session) || b.at - a.at)
  for (const { path } of gone) rmSync(path, { force: true })
  return last?.session ?? null
}

function sessionFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^session-.*\.json$/.test(name)).map((name) => join(folder, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function readSession(path: string): KeptSession | null {
  try {
    return sessionSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined) return null
    throw error
  }
}

function standing(path: string, { pid, endedAt }: KeptSession): { at: number; runs: boolean } {
  const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const runs = endedAt === null && pid !== process.pid && Date.now() - at < goneAfterMs && isAlive(pid)
  return { at, runs }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
