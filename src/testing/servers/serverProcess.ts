/** A server as a process of its own on loopback, for a test: started, killed, started again on the same port, ended. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'

export type ServerCommand = {
  readonly file: string
  readonly args: readonly string[]
  readonly port: number
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** For servers that start slowly. */
  readonly startMs?: number
}

export class ServerProcess {
  private child: ChildProcess | null = null

  constructor(private readonly command: ServerCommand) {}

  get pid(): number | undefined {
    return this.child?.pid
  }

  /** Settles when the port is open. */
  async start(): Promise<void> {
    const { file, args, env, cwd, port, startMs } = this.command
    // A group of its own, so that what it starts ends with it.
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...(env ? { env } : {}), ...(cwd === undefined ? {} : { cwd }) })
    this.child = child
    process.once('exit', this.killGroup)
    let said = ''
    const hear = (data: Buffer): void => {
      said = (said + data.toString()).slice(-2000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    await accepts(port, child, () => said, startMs ?? 60_000)
  }

  /** As a power cut would; or with the signal that asks it to end. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.child
    this.child = null
    process.off('exit', this.killGroup)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (signal === 'SIGKILL') killGroup(child)
    else child.kill(signal)
    await ended
  }

  /** Stops it without ending it, and lets it go on: connections stay, nobody answers. */
  freeze(): void {
    this.child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.child?.kill('SIGCONT')
  }

  private readonly killGroup = (): void => {
    if (this.child) killGroup(this.child)
  }
}

export function hasCommand(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

/** With CI=true a server that is missing fails the tests that need it. */
export function maySkip(): boolean {
  return process.env['CI'] !== 'true'
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function accepts(port: number, child: ChildProcess, said: () => string, startMs: number): Promise<void> {
  const deadline = Date.now() + startMs
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}: ${said()}`)
    if (Date.now() > deadline) throw new Error(`The server does not listen on port ${port}: ${said()}`)
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
