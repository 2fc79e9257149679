/** `provscope consume` as it is built: consumers of somebody's own, from any folder, and what happens to bad ones. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildCli, root, runCli } from '../testing/builtCli.ts'
import { readRecording } from '../testing/recordings.ts'
import { hasRedis, noRedis, startRedis, type RedisServer } from '../testing/servers/redis.ts'
import { talkTo, type TalkingCli } from '../testing/talkingCli.ts'

let redis: RedisServer
let publisher: Redis
let folder: string
const running: TalkingCli[] = []

beforeAll(async () => {
  buildCli()
  if (hasRedis()) redis = await startRedis()
})
afterAll(async () => await redis?.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-consume-'))
  publisher = new Redis(redis.port, '127.0.0.1')
})
afterEach(async () => {
  for (const cli of running.splice(0)) await cli.stop('SIGKILL')
  publisher.disconnect()
  rmSync(folder, { recursive: true, force: true })
})

function module(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const env = (): Record<string, string> => ({ FLOWCEPT_SETTINGS_PATH: join(folder, 'none.yaml'), TMPDIR: folder })

async function consuming(path: string): Promise<TalkingCli> {
  const cli = talkTo(['consume', path, `${redis.url}/interception`], { cwd: folder, env: env() })
  running.push(cli)
  await cli.hears('listens.')
  return cli
}

async function publish(): Promise<number> {
  const frames = readRecording('errors')
  for (const { payload } of frames) await publisher.publish('interception', payload)
  return frames.length
}

describe.skipIf(!hasRedis())(hasRedis() ? 'consume' : noRedis, () => {
  test('TypeScript with types, enums and modules of its own; it ends when its handler says so', async () => {
    module('count.ts', 'export enum Most { Messages = 3 }\n')
    const path = module('mine.ts', `
      import { BaseConsumer, type Message } from 'provscope'
      import { Most } from './count.ts'
      export default class Mine extends BaseConsumer {
        #seen: number = 0
        override messageHandler(message: Message): boolean {
          process.stdout.write(String(message['type']) + '\\n')
          return ++this.#seen < Most.Messages
        }
      }`)
    const cli = await consuming(path)
    await publish()
    const { code, out, err } = await cli.ended
    expect([code, out.split('\n').length - 1]).toEqual([0, 3])
    expect(err).toMatch(/Mine listens\. Sent to the queue: .*SUBSCRIBE interception/)
  })

  test('JavaScript, and an instance that names its queue itself', async () => {
    const path = module('mine.mjs', `
      import { BaseConsumer } from 'provscope'
      class Mine extends BaseConsumer {
        messageHandler(message) { process.stdout.write('one\\n'); return true }
      }
      export default new Mine('${redis.url}/interception')`)
    const cli = talkTo(['consume', path], { cwd: folder, env: env() })
    running.push(cli)
    await cli.hears('listens.')
    const count = await publish()
    await expect.poll(() => cli.said.out).toBe('one\n'.repeat(count))
    expect((await cli.stop('SIGINT')).code).toBe(0)
    const both = await runCli(['consume', path, redis.url], { env: env() })
    expect([both.code, both.err.includes('names its queue itself')]).toEqual([2, true])
  })

  test('a handler that throws ends it with its own place in the file', async () => {
    const path = module('bad.ts', `import { BaseConsumer } from 'provscope'\nexport default class Bad extends BaseConsumer {\n  override messageHandler(): boolean {\n    throw new Error('no such luck')\n  }\n}\n`)
    const cli = await consuming(path)
    await publish()
    const { code, err } = await cli.ended
    expect(code).toBe(1)
    expect(err).toMatch(/ended with an error: Error: no such luck\n.*bad\.ts/)
    expect(err).not.toContain('node_modules')
  })

  test('messages that are missing are told, and in the exit code', async () => {
    const path = module('mine.ts', `import { BaseConsumer } from 'provscope'\nexport default class Mine extends BaseConsumer {\n  messageHandler() { process.stdout.write('one\\n'); return true }\n}\n`)
    const cli = await consuming(path)
    await publisher.publish('interception', 'no message')
    await cli.hears('undecodable: 1 message missing')
    await publish()
    await cli.hears('one\n')
    expect((await cli.stop('SIGTERM')).code).toBe(1)
  })

  test.each([
    ['none.ts', 'export const a = 1\n', 2, 'has no default export'],
    ['number.ts', 'export default 5\n', 2, 'is no consumer'],
    ['other.ts', 'export default class A {}\n', 2, 'is no consumer'],
    ['abstract.ts', `import { BaseConsumer } from 'provscope'\nexport default class A extends BaseConsumer {}\n`, 2, 'has no messageHandler'],
    ['broken.ts', 'export default class {\n', 1, 'broken.ts cannot be run'],
    ['throws.ts', `throw new Error('at once')\n`, 1, 'at once'],
    ['missing.ts', `import 'no-such-package'\n`, 1, 'no-such-package'],
    ['text.txt', 'x', 2, 'is no module']
  ])('%s ends with a sentence', async (name, text, expected, sentence) => {
    const { code, out, err } = await runCli(['consume', module(name, text), `${redis.url}/interception`], { cwd: folder, env: env() })
    expect([code, out]).toEqual([expected, ''])
    expect(err).toContain(sentence)
  })

  test('without a queue, and without one in Flowcept’s settings, it is wrong use', async () => {
    const path = module('mine.ts', `import { BaseConsumer } from 'provscope'\nexport default class Mine extends BaseConsumer {\n  messageHandler() { return true }\n}\n`)
    const { code, err } = await runCli(['consume', path], { env: env() })
    expect([code, err.includes('no queue is named')]).toEqual([2, true])
    const missing = await runCli(['consume', join(folder, 'nowhere.ts'), redis.url], { env: env() })
    expect([missing.code, missing.err.includes('there is no module')]).toEqual([2, true])
  })
})

describe('the package', () => {
  test('compiles and runs in a project of somebody else', () => {
    mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true })
    symlinkSync(root, join(folder, 'node_modules', 'provscope'))
    symlinkSync(join(root, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'))
    for (const [name, settings] of [['bundler', { module: 'ESNext', moduleResolution: 'bundler' }], ['node16', { module: 'NodeNext', moduleResolution: 'nodenext' }]] as const) {
      writeFileSync(join(folder, `tsconfig.${name}.json`), JSON.stringify({ compilerOptions: { ...settings, strict: true, noEmit: true, skipLibCheck: false, target: 'ES2022', types: ['node'] }, files: ['mine.ts'] }))
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    module('mine.ts', `
      import { BaseConsumer, classify, type ConsumerGap, mergeRecord, type Message, openMessagePublisher, parseJson, Refusal } from 'provscope'
      export default class Mine extends BaseConsumer {
        override async messageHandler(message: Message): Promise<boolean> {
          const kind = classify(message)
          return kind !== 'control' && kind !== 'unknown' && mergeRecord(kind, [message], { newId: () => 'x' }).document['status'] !== 'FINISHED'
        }
        protected override onGap(gap: ConsumerGap): void { if (gap.messages === null) throw new Refusal('unavailable', gap.reason) }
      }
      export const run = (): Promise<Mine> => new Mine({ url: 'redis://localhost', password: null }).start({ background: false })
      export const publish = async (): Promise<void> => { const to = await openMessagePublisher('redis://localhost'); await to.publish([{ type: 'task', n: 1n }]) }
      export const parsed = parseJson('1')
      // @ts-expect-error a message is no number
      export const wrong = classify(5)
    `)
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    for (const name of ['bundler', 'node16']) expect(spawnSync(process.execPath, [tsc, '-p', join(folder, `tsconfig.${name}.json`)], { encoding: 'utf8' }).stdout).toBe('')
    writeFileSync(join(folder, 'run.mjs'), `import { BaseConsumer, classify, parseJson } from 'provscope'\nprocess.stdout.write([typeof BaseConsumer, classify({ type: 'task' }), String(parseJson('12345678901234567890'))].join())`)
    expect(execFileSync(process.execPath, ['run.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('function,task,12345678901234567890')
  })
})
