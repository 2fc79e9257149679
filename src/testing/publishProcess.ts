/**
 * A process that publishes on Redis as fast as that takes it, or at a rate: connections side by side, each with many commands under way. Begins
 * when it is told to on standard input, and says on standard output how long it took. Message n of connection c begins with `c:n,`.
 */
import { connect } from 'node:net'

export type PublishSpec = {
  readonly port: number
  readonly connections: number
  /** In all. */
  readonly messages: number
  readonly sizeBytes: number
  /** All connections together; as fast as it goes without. */
  readonly perSecond?: number
  /** Commands of a connection that may wait for their answers. */
  readonly window?: number
}

const spec = JSON.parse(process.argv[2] ?? '{}') as PublishSpec
const inOneWrite = 50

async function publish(connection: number): Promise<void> {
  const { port, sizeBytes, connections, perSecond, window = 500 } = spec
  const messages = Math.floor(spec.messages / connections) + (connection < spec.messages % connections ? 1 : 0)
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const head = Buffer.from(`*3\r\n$7\r\nPUBLISH\r\n$12\r\ninterception\r\n$${sizeBytes}\r\n`)
  const command = Buffer.concat([head, Buffer.alloc(sizeBytes, 'x'), Buffer.from('\r\n')])
  const began = performance.now()
  let sent = 0
  let answered = 0
  const send = (): void => {
    const due = perSecond === undefined ? messages : Math.min(messages, Math.floor(((performance.now() - began) / 1000) * (perSecond / connections)))
    while (sent < due && sent - answered < window) {
      const count = Math.min(inOneWrite, due - sent)
      const batch = Buffer.alloc(count * command.length)
      for (let index = 0; index < count; index++) {
        command.copy(batch, index * command.length)
        batch.write(`${connection}:${sent + index},`, index * command.length + head.length)
      }
      sent += count
      socket.write(batch)
    }
  }
  const timer = perSecond === undefined ? null : setInterval(send, 2)
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', send)
    socket.on('data', (answer) => {
      // One line an answer.
      for (const byte of answer) if (byte === 10) answered++
      if (answered < messages) send()
      else resolve()
    })
  })
  if (timer) clearInterval(timer)
  socket.destroy()
}

process.stdin.once('data', () => {
  const began = performance.now()
  void Promise.all(Array.from({ length: spec.connections }, async (_, connection) => await publish(connection))).then(() => {
    process.stdout.write(JSON.stringify({ tookMs: performance.now() - began }))
    process.exit(0)
  })
})
process.stdin.once('end', () => process.exit(1))
process.stdout.write('ready\n')
