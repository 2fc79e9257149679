/** Flowcept's settings as texts to set elsewhere: read back, they say the same. */
import { expect, test } from 'vitest'
import { readFlowceptSettings } from '#engine/inserter/flowceptSettings'
import { flowceptShown } from './flowceptShown.ts'

const file = `project: {db_flush_mode: online, dump_buffer: {enabled: true, path: "with space.jsonl"}}
mq: {enabled: true, host: login1, port: 6380, password: hunter2}
kv_db: {enabled: true, host: 'no'}
databases: {lmdb: {enabled: true, path: /data/lm}, mongodb: {enabled: false, db: x}}
`
const read = (text: string | undefined, env: Record<string, string> = {}) => readFlowceptSettings({ env, homeFolder: '/home/u', readFile: () => text })

test('as YAML they are the same settings, but for passwords', () => {
  const before = read(file, { MQ_CHANNEL: 'fac' })
  const { yaml } = flowceptShown(before)
  expect(yaml).not.toContain('hunter2')
  expect(yaml).toContain('# password: set, not copied')
  const after = read(yaml)
  expect(after.problems).toEqual([])
  const values = ({ settings }: typeof before) => Object.fromEntries(settings.filter(({ isSecret }) => !isSecret).map(({ key, value }) => [key, value]))
  expect(values(after)).toEqual(values(before))
})

test('as variables they say what variables can, and name what they cannot', () => {
  const { environment, settings } = flowceptShown(read(file))
  expect(environment).toContain('export MQ_HOST=login1\n')
  expect(environment).toContain('export KVDB_HOST=no\n')
  expect(environment).toMatch(/^# No variable sets .*kv_db\.enabled.*project\.dump_buffer\.path/m)
  expect(environment).not.toContain('hunter2')
  expect(settings.find(({ key }) => key === 'mq.host')).toMatchObject({ variable: 'MQ_HOST', origin: 'settings file' })
  const again = read(file.replace('login1', 'other'), Object.fromEntries([...environment.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value])))
  expect(again.queue?.url).toContain('login1')
})
