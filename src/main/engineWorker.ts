/** The engine in a worker of the main process: windows and menus never wait for data. */
import { parentPort } from 'node:worker_threads'
import { startEngine } from '#hosting/startEngine'
import type { FromEngine, ToEngine } from './engineMessages.ts'

const port = parentPort
if (port === null) throw new Error('The engine worker is started by the main process only.')
const engine = await startEngine({ host: 'desktop', remember: true, onBug: (error, method) => process.stderr.write(`${method}: ${error instanceof Error ? error.stack : String(error)}\n`) })
const running = new Map<number, AbortController>()

// Messages that arrive before this line wait in the port.
port.on('message', (message: ToEngine) => {
  if (message.kind === 'cancel') running.get(message.id)?.abort()
  else if (message.kind === 'close') void close()
  else void answer(message)
})

async function answer({ id, method, params, audience }: ToEngine & { kind: 'call' }): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  const reply = await engine.answer(audience)(method, params, controller.signal)
  running.delete(id)
  send({ kind: 'reply', id, reply })
}

async function close(): Promise<void> {
  for (const controller of running.values()) controller.abort()
  await engine.close()
  send({ kind: 'closed' })
}

const send = (message: FromEngine): void => port.postMessage(message)
