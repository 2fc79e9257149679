/** A real rabbitmq-server on loopback and free ports, with the account it has when it is new (guest). */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './mongo.ts'
import { hasCommand, maySkip, ServerProcess } from './serverProcess.ts'

export type RabbitServer = {
  readonly port: number
  /** `amqp://127.0.0.1:<port>` */
  readonly url: string
  /** Asks it to shut down, which it says to those who are connected, and starts it again. */
  restart(): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** Debian's command of this name wants to be root, this one does not. */
const debian = '/usr/lib/rabbitmq/bin/rabbitmq-server'

/** False where there is none, unless CI=true: starting it fails then. */
export function hasRabbit(): boolean {
  return existsSync(debian) || hasCommand('rabbitmq-server') || !maySkip()
}

/** Why there is nothing to test with. */
export const noRabbit = 'no rabbitmq-server on the PATH'

export async function startRabbit(): Promise<RabbitServer> {
  const folder = mkdtempSync(join(tmpdir(), 'provscope-rabbitmq-'))
  const [port, nodesPort, namesPort] = [await freePort(), await freePort(), await freePort()]
  const env = {
    ...process.env,
    HOME: folder,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(nodesPort),
    ERL_EPMD_PORT: String(namesPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // So that it may be ended before it has noticed that the node is gone.
    ERL_EPMD_RELAXED_COMMAND_CHECK: 'true',
    RABBITMQ_NODENAME: `provscope${port}@localhost`,
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated')
  }
  const server = new ServerProcess({ file: existsSync(debian) ? debian : 'rabbitmq-server', args: [], port, env, cwd: folder, startMs: 110_000 })
  await server.start()
  return {
    port,
    url: `amqp://127.0.0.1:${port}`,
    kill: async () => await server.end(),
    start: async () => await server.start(),
    async restart() {
      await server.end('SIGTERM')
      await server.start()
    },
    async stop() {
      await server.end()
      // The service that knows the names of nodes has become a process of its own.
      spawnSync('epmd', ['-port', String(namesPort), '-kill'], { env })
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
