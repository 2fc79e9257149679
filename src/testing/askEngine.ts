/** An engine of a test's own, asked as a host asks it: refusals are thrown, and what is waited for comes by the change log. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Call } from '#contract/dispatch'
import type { Given, Method, Result } from '#contract/methods'
import type { Source } from '#contract/sources'
import { createEngine } from '../engine/session/engine.ts'

export type Ask = <M extends Method>(method: M, params: Given<M>) => Promise<Result<M>>
export type AskedEngine = {
  /** For the test's own files; removed at the end. */
  readonly folder: string
  readonly configFolder: string
  readonly ask: Ask
  readonly call: Call
  /** Waits until `look` answers with something. */
  until<T>(look: () => Promise<T | null | undefined | false>): Promise<T>
  /** Opens a path or URI and waits until it is read. */
  open(path: string): Promise<Source>
  close(): Promise<void>
}

export async function askEngine(): Promise<AskedEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'ask-engine-'))
  const configFolder = join(folder, 'config')
  const bugs: unknown[] = []
  const engine = await createEngine({ host: 'served', version: '1', configDir: configFolder, tempDir: join(folder, 'temp'), startFolder: folder, onBug: (error) => bugs.push(error) })
  const call = engine.call('host')
  const ask: Ask = async (method, params) => {
    const reply = await call(method, params)
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), { code: reply.error.code, path: reply.error.path })
    return reply.value
  }
  const until: AskedEngine['until'] = async (look) => {
    let cursor = ''
    for (;;) {
      const found = await look()
      if (found !== null && found !== undefined && found !== false) return found
      cursor = (await ask('changes.next', { cursor, waitMs: 20_000 })).cursor
    }
  }
  return {
    folder,
    configFolder,
    ask,
    call,
    until,
    async open(path) {
      const { sourceId } = await ask('sources.openPaths', { paths: [path] })
      return await until(async () => (await ask('sources.list', {})).sources.find((source) => source.sourceId === sourceId && source.state !== 'reading'))
    },
    async close() {
      await engine.close()
      const left = readdirSync(join(folder, 'temp'))
      rmSync(folder, { recursive: true })
      if (left.length > 0) throw new Error(`The engine left behind ${left.join(', ')}`)
      if (bugs.length > 0) throw bugs[0]
    }
  }
}
