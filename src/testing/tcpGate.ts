/** A way to a server on loopback that can be shut: connections break and no new one comes through, while the server goes on. */
import { connect, createServer, type Socket } from 'node:net'

export type TcpGate = {
  readonly port: number
  /** Ends all connections, and refuses new ones. */
  shut(): Promise<void>
  open(): Promise<void>
  close(): Promise<void>
}

/** Open, unless told; then nothing listens on `port` yet. */
export async function tcpGate(serverPort: number, { isOpen = true }: { isOpen?: boolean } = {}): Promise<TcpGate> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const there = connect(serverPort, '127.0.0.1')
    for (const [one, other] of [[client, there], [there, client]] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    client.pipe(there).pipe(client)
  })
  const listen = async (port: number): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
  }
  const shut = async (): Promise<void> => {
    if (!server.listening) return
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  const { port } = address
  if (!isOpen) await shut()
  return { port, shut, open: async () => await listen(port), close: shut }
}
