/** Commands for files given a queue: they listen as long as they are told, and then answer as for a file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeLine } from './replayEncoding.ts'
import { buildCli, root, runCli } from '../testing/builtCli.ts'
import { hasRabbit, noRabbit, startRabbit } from '../testing/servers/rabbitmq.ts'
import { hasRedis, noRedis, startRedis, type RedisServer } from '../testing/servers/redis.ts'
import { talkTo, type TalkingCli } from '../testing/talkingCli.ts'

const buffer = join(root, 'src', 'testing', 'fixtures', 'jsonl', '12_sweep.jsonl')
let redis: RedisServer
let client: Redis
let folder: string
let env: Record<string, string>
const running: TalkingCli[] = []

beforeAll(async () => {
  buildCli()
  if (hasRedis()) redis = await startRedis()
})
afterAll(async () => await redis?.stop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provscope-queue-'))
  env = { FLOWCEPT_SETTINGS_PATH: join(folder, 'none.yaml'), PROVSCOPE_CONFIG_DIR: join(folder, 'config'), TMPDIR: folder }
  client = new Redis(redis.port, '127.0.0.1')
})
afterEach(async () => {
  for (const cli of running.splice(0)) await cli.stop('SIGKILL')
  client.disconnect()
  rmSync(folder, { recursive: true, force: true })
})

function talk(args: string[]): TalkingCli {
  const cli = talkTo(args, { env })
  running.push(cli)
  return cli
}

/** Waits until somebody listens there, and then publishes the buffer at once: they listen for a time only. */
async function publishOn(channel: string): Promise<void> {
  await expect.poll(async () => Number((await client.pubsub('NUMSUB', channel))[1]), { timeout: 120_000 }).toBe(1)
  for (const line of readFileSync(buffer, 'utf8').trim().split('\n')) await client.publish(channel, Buffer.from(encodeLine(line)))
}

describe.skipIf(!hasRedis())(hasRedis() ? 'a queue' : noRedis, () => {
  test('summary, query and export answer as for the buffer of the same run', async () => {
    const csv = join(folder, 'live.csv')
    const commands = {
      summary: talk(['summary', '--json', '--for', '20', `${redis.url}/a`]),
      query: talk(['query', '--format', 'jsonl', '--sort', 'task_id', '--for', '20', `${redis.url}/b`]),
      export: talk(['export', '--sort', 'task_id', '--to', csv, '--for', '20', `${redis.url}/c`])
    }
    await Promise.all([publishOn('a'), publishOn('b'), publishOn('c')])
    const [summary, query, exported] = await Promise.all([commands.summary.ended, commands.query.ended, commands.export.ended])
    const fileSummary = JSON.parse((await runCli(['summary', '--json', buffer], { env })).out) as object
    expect(JSON.parse(summary.out)).toEqual(fileSummary)
    expect(query.out).toBe((await runCli(['query', '--format', 'jsonl', '--sort', 'task_id', buffer], { env })).out)
    const fileCsv = join(folder, 'file.csv')
    await runCli(['export', '--sort', 'task_id', '--to', fileCsv, buffer], { env })
    expect(readFileSync(csv, 'utf8')).toBe(readFileSync(fileCsv, 'utf8'))
    expect([summary.code, query.code, exported.code]).toEqual([0, 0, 0])
  }, 300_000)

  test('serve attaches and watches', async () => {
    const cli = talk(['serve', '--no-open', `${redis.url}/served`])
    await cli.hears('Provscope is ready at')
    await expect.poll(async () => Number((await client.pubsub('NUMSUB', 'served'))[1])).toBe(1)
    const { code } = await cli.stop('SIGINT')
    expect([code, cli.said.err]).toEqual([0, ''])
    await expect.poll(async () => Number((await client.pubsub('NUMSUB', 'served'))[1])).toBe(0)
  })

  test.each([
    [['summary', 'redis://127.0.0.1:1'], '--for says how many seconds'],
    [['query', 'redis://127.0.0.1:1', '--for', '0'], 'At least 1'],
    [['summary', buffer, '--for', '5'], 'read to their end'],
    [['export', buffer, 'redis://127.0.0.1:1', '--for', '5', '--to', 'x.csv'], 'alone']
  ])('%j is wrong use', async (args, sentence) => {
    const { code, out, err } = await runCli(args, { env })
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })
})

test.skipIf(!hasRabbit())(`RabbitMQ takes a replay, and gives it to a recording${hasRabbit() ? '' : `: ${noRabbit}`}`, async () => {
  const rabbit = await startRabbit()
  try {
    const jsonl = join(folder, 'run.jsonl')
    const cli = talk(['record', `${rabbit.url}/%2F/interception`, '--jsonl', jsonl, '--json'])
    await cli.hears('Sent to the queue')
    const { code, out, err } = await runCli(['replay', buffer, `${rabbit.url}/%2F/interception`, '--burst'], { env })
    const count = readFileSync(buffer, 'utf8').trim().split('\n').length
    expect([code, out.startsWith(`${count} messages published`), err.includes('Nobody')]).toEqual([0, true, false])
    await cli.hears(`"received":${count},`)
    expect((await cli.stop('SIGINT')).code).toBe(0)
    const asked = ['query', '--format', 'jsonl', '--sort', 'task_id', '--columns', 'task_id,status,used.omega,generated.residual']
    expect((await runCli([...asked, jsonl], { env })).out).toBe((await runCli([...asked, buffer], { env })).out)
  } finally {
    for (const cli of running.splice(0)) await cli.stop('SIGKILL')
    await rabbit.stop()
  }
}, 180_000)
