/** A real redis-server with its default settings, on loopback and a free port. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './mongo.ts'
import { hasCommand, maySkip, ServerProcess } from './serverProcess.ts'

export type RedisServer = {
  readonly port: number
  /** `redis://127.0.0.1:<port>` */
  readonly url: string
  readonly pid: number | undefined
  /** Ends it as a power cut does, but keeps its port. */
  kill(): Promise<void>
  start(): Promise<void>
  /** As `redis-cli shutdown`, then starts it again. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** False where there is none, unless CI=true: starting it fails then. */
export function hasRedis(): boolean {
  return hasCommand('redis-server') || !maySkip()
}

/** Why there is nothing to test with. */
export const noRedis = 'no redis-server on the PATH'

/** @param args further settings: `['--requirepass', 'secret']` */
export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'provscope-redis-'))
  const port = await freePort()
  const server = new ServerProcess({
    file: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, '--daemonize', 'no', ...args],
    port
  })
  await server.start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server.pid
    },
    kill: async () => await server.end(),
    start: async () => await server.start(),
    async restart() {
      await server.end('SIGTERM')
      await server.start()
    },
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    async stop() {
      await server.end()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
