/** The engine in a process of its own: windows and menus never wait for data, and what kills it does not kill them. */
import type { SessionMode } from '#engine/session/restore/session'
import { startEngine } from '#hosting/startEngine'
import type { FromEngine, ToEngine } from './engineMessages.ts'

const { parentPort } = process
const onBug = (error: unknown, method: string): void => void process.stderr.write(`${method}: ${error instanceof Error ? error.stack : String(error)}\n`)
const engine = await startEngine({ host: 'desktop', remember: true, session: sessionMode(), onBug })
const running = new Map<number, AbortController>()

// A terminal's Ctrl+C reaches every process of the app: the main one says what is to end, and when.
process.on('SIGINT', () => undefined)

// Messages that arrive before this line wait in the port.
parentPort.on('message', ({ data }: { data: ToEngine }) => {
  if (data.kind === 'cancel') running.get(data.id)?.abort()
  else if (data.kind === 'close') void close()
  else void answer(data)
})

async function answer({ id, method, params, audience }: ToEngine & { kind: 'call' }): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  const reply = await engine.answer(audience)(method, params, controller.signal)
  running.delete(id)
  send({ kind: 'reply', id, reply })
}

/** Main says whether this engine follows one that ended. */
function sessionMode(): SessionMode {
  return process.argv.includes('--session=again') ? 'again' : 'open'
}

async function close(): Promise<void> {
  for (const controller of running.values()) controller.abort()
  await engine.close()
  send({ kind: 'closed' })
}

function send(message: FromEngine): void {
  parentPort.postMessage(message)
}
