/** `utilityProcess` of the stand-in: a real child process with the port that Electron gives it. */
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'

const bootstrap = join(import.meta.dirname, 'utilityBootstrap.mjs')

export class StandInUtilityProcess extends EventEmitter {
  readonly child: ChildProcess

  constructor(modulePath: string, onSaid: (text: string) => void, args: readonly string[] = []) {
    super()
    this.child = fork(bootstrap, [modulePath, ...args], { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] })
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (part: Buffer) => onSaid(part.toString('utf8')))
    this.child.on('message', (message) => this.emit('message', message))
    this.child.on('exit', (code, signal) => this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15)))
  }

  postMessage = (message: object): void => {
    if (this.child.connected) this.child.send(message)
  }

  kill = (): boolean => this.child.kill()
}
