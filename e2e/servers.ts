/** Real servers for the specs, and what the specs put into them. A server that is missing skips its spec with a sentence, and fails it with CI=true. */
import { connect } from 'node:net'
import { MongoClient, type Db } from 'mongodb'
import { mongoFlavours, startMongo, type MongoServer } from '../src/testing/servers/mongo.ts'
import { hasRedis, noRedis, startRedis, type RedisServer } from '../src/testing/servers/redis.ts'
import { test } from './hosts.ts'

export { type RecordedFrame, type RecordingName, readRecording } from '../src/testing/recordings.ts'

/** Begun when a spec first asks for it, ended with the spec file. */
export function useRedis(args: readonly string[] = []): () => RedisServer {
  let server: RedisServer | null = null
  test.beforeAll(async () => {
    test.skip(!hasRedis(), `Not tested: ${noRedis}.`)
    server = await startRedis(args)
  })
  test.afterAll(async () => server?.stop())
  return () => there(server)
}

export function useMongo(): () => MongoServer & { readonly db: (name: string) => Promise<Db> } {
  let server: MongoServer | null = null
  let client: MongoClient | null = null
  test.beforeAll(async () => {
    // Fetching one the first time takes its time.
    test.setTimeout(600_000)
    const [flavour] = mongoFlavours()
    if (flavour === undefined && process.env['CI'] === 'true') throw new Error('No MongoDB server can be started here.')
    test.skip(flavour === undefined, 'Not tested: no MongoDB server can be started here.')
    if (flavour !== undefined) server = await startMongo(flavour)
  })
  // A worker may come back to the file: then it begins anew.
  test.afterAll(async () => {
    await client?.close()
    client = null
    await server?.stop()
    server = null
  })
  return () => {
    const running = there(server)
    return {
      ...running,
      db: async (name) => {
        client ??= await new MongoClient(running.uri, { useBigInt64: true }).connect()
        return client.db(name)
      }
    }
  }
}

/** Publishes as a producer does; settles when the server has taken all of it. */
export async function publish(redis: RedisServer, messages: readonly { channel: string; payload: Buffer }[]): Promise<void> {
  const parts = messages.flatMap(({ channel, payload }) => [command('PUBLISH', channel, payload)])
  await converse(redis.port, Buffer.concat(parts), messages.length)
}

/** What the server answers to one command, as it comes over the line. */
export async function ask(redis: RedisServer, ...words: string[]): Promise<string> {
  return await converse(redis.port, command(...words), 1)
}

function command(...words: (string | Buffer)[]): Buffer {
  const parts = words.map((word) => (typeof word === 'string' ? Buffer.from(word) : word))
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')])])
}

/** Enough of the protocol for answers that are numbers, words or one text. */
function converse(port: number, bytes: Buffer, answers: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let said = ''
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      said += String(data)
      if (said.startsWith('-')) reject(new Error(said))
      else if (countAnswers(said) < answers) return
      else resolve(said)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

function countAnswers(said: string): number {
  let at = 0
  let count = 0
  while (at < said.length) {
    const end = said.indexOf('\r\n', at)
    if (end < 0) return count
    if (said[at] === '$') {
      const length = Number(said.slice(at + 1, end))
      if (length >= 0 && said.length < end + 2 + length + 2) return count
      at = length < 0 ? end + 2 : end + 2 + length + 2
    } else at = end + 2
    count++
  }
  return count
}

function there<T>(server: T | null): T {
  if (server === null) throw new Error('The server is not running.')
  return server
}
