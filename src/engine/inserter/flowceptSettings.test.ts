/** Settings are found where Flowcept finds them, each with its origin, and none of them can bring the reader down. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseJson, type JsonObject } from '#contract/json'
import { readFlowceptSettings, type FlowceptSettings } from './flowceptSettings.ts'

const own = '/home/ada/.flowcept/settings.yaml'

function read(files: Record<string, string>, env: Record<string, string> = {}): FlowceptSettings {
  return readFlowceptSettings({ env, homeFolder: '/home/ada', readFile: (path) => files[path] })
}

function setting(settings: FlowceptSettings, key: string): FlowceptSettings['settings'][number] {
  const found = settings.settings.find((candidate) => candidate.key === key)
  if (!found) throw new Error(`there is no ${key}`)
  return found
}

test('without a file and without variables there are the defaults of a missing file', () => {
  const settings = read({})
  expect(settings.files).toEqual([{ path: own, exists: false, problem: null }])
  expect(settings.problems).toEqual([])
  expect(settings.queue).toEqual({ enabled: false, broker: 'redis', url: 'redis://localhost:6379/0/interception', password: null })
  expect(settings.lmdb).toEqual({ enabled: false, path: 'flowcept_lmdb' })
  expect(settings.mongodb).toEqual({ enabled: false, uri: 'mongodb://localhost:27017/flowcept', shown: 'mongodb://localhost:27017/flowcept' })
  expect(settings.dumpBuffer).toEqual({ enabled: true, path: 'flowcept_buffer.jsonl', appendWorkflowId: false, appendId: false, deletePrevious: true })
  expect(setting(settings, 'mq.host')).toEqual({ key: 'mq.host', value: 'localhost', isSecret: false, isSet: false, origin: 'default', where: 'Flowcept’s default', over: null })
})

test('the environment wins over the file, and the file over the default; each says so', () => {
  const settings = read({ [own]: 'mq:\n  host: from-file\n  port: 7000\n' }, { MQ_HOST: 'from-env' })
  expect(setting(settings, 'mq.host')).toMatchObject({ value: 'from-env', origin: 'environment', where: 'MQ_HOST', over: { origin: 'settings file', where: own, value: 'from-file' } })
  expect(setting(settings, 'mq.port')).toMatchObject({ value: '7000', origin: 'settings file', where: own, over: { origin: 'default', value: '6379' } })
  expect(settings.queue?.url).toBe('redis://from-env:7000/0/interception')
  expect(settings.queue?.enabled).toBe(true)
})

test('FLOWCEPT_SETTINGS_PATH takes the place of the file at home, there or not', () => {
  const files = { '/run/a.yaml': 'mq: {host: a}', [own]: 'mq: {host: home}' }
  const named = read(files, { FLOWCEPT_SETTINGS_PATH: '/run/a.yaml' })
  expect(setting(named, 'mq.host').value).toBe('a')
  expect(named.files.map(({ path, exists }) => [path, exists])).toEqual([['/run/a.yaml', true], [own, true]])
  expect(named.files[1]?.problem).toMatch(/does not read it/)
  const missing = read(files, { FLOWCEPT_SETTINGS_PATH: '/run/none.yaml' })
  expect(setting(missing, 'mq.host').value).toBe('localhost')
  expect(missing.files[0]).toEqual({ path: '/run/none.yaml', exists: false, problem: 'FLOWCEPT_SETTINGS_PATH names it, so Flowcept takes its defaults.' })
})

test('FLOWCEPT_USE_DEFAULT ignores files and variables', () => {
  const settings = read({ [own]: 'mq: {host: home}' }, { FLOWCEPT_USE_DEFAULT: 'True', MQ_HOST: 'env' })
  expect(settings.files).toEqual([])
  expect(setting(settings, 'mq.host')).toMatchObject({ value: 'localhost', origin: 'default' })
})

test('a broken file is a problem with its line, and the rest goes on', () => {
  const settings = read({ [own]: 'mq:\n  host: x\n  port: [1, 2\nkv_db:\n' }, { MQ_PORT: '7001' })
  expect(settings.files[0]?.problem).toMatch(/^Line \d+ is no YAML: /)
  expect(settings.queue?.url).toBe('redis://localhost:7001/0/interception')
  const list = read({ [own]: '- 1\n- 2\n' })
  expect(list.files[0]?.problem).toMatch(/no sections/)
  const unreadable = readFlowceptSettings({ env: {}, homeFolder: '/home/ada', readFile: () => { throw new Error('EACCES: permission denied') } })
  expect(unreadable.files[0]).toEqual({ path: own, exists: true, problem: 'It cannot be read: EACCES: permission denied.' })
})

test('a value that is no number gives way to the weaker one, and is told', () => {
  const settings = read({ [own]: 'mq: {port: 7002}\ndb_buffer: {buffer_size: many}' }, { MQ_PORT: 'sixty' })
  expect(setting(settings, 'mq.port')).toMatchObject({ value: '7002', origin: 'settings file' })
  expect(settings.problems).toEqual(['mq.port is “sixty” in MQ_PORT, which is no integer.', `db_buffer.buffer_size is “many” in ${own}, which is no integer.`])
  expect(settings.inserter.bufferSize).toBe(50)
})

test('passwords are known but never shown, wherever they stand', () => {
  const file = 'mq:\n  password: hush-1\n  uri: redis://bob:hush-2@broker:6380/3\nkv_db:\n  password: hush-3\ndatabases:\n  mongodb:\n    uri: mongodb://bob:hush-4@db/admin\n'
  const settings = read({ [own]: file }, { KVDB_URI: 'redis://:hush-5@kv:1' })
  expect(settings.queue).toEqual({ enabled: true, broker: 'redis', url: 'redis://bob@broker:6380/3/interception', password: 'hush-2' })
  expect(settings.kv.url).toBe('redis://:hush-5@kv:1')
  expect(settings.mongodb.uri).toBe('mongodb://bob:hush-4@db/flowcept?authSource=admin')
  expect(setting(settings, 'mq.password')).toMatchObject({ value: null, isSecret: true, isSet: true })
  const shown = { settings: settings.settings, files: settings.files, problems: settings.problems, url: settings.queue?.url, mongodb: settings.mongodb.shown }
  expect(JSON.stringify(shown)).not.toContain('hush')
})

test('references to the environment and to other keys are resolved as OmegaConf does', () => {
  const file = "mq:\n  password: ${oc.env:QUEUE_SECRET}\n  host: node-${oc.env:RANK, '7'}\n  uri: ${oc.env:NOWHERE}\nkv_db:\n  host: ${mq.host}\n"
  const settings = read({ [own]: file }, { QUEUE_SECRET: 's3' })
  expect(settings.queue).toMatchObject({ url: 'redis://node-7:6379/0/interception', password: 's3' })
  expect(settings.kv.url).toBe('redis://node-7:6379/0')
  expect(settings.files[0]?.problem).toBe('mq.uri refers to ${oc.env:NOWHERE}, which is not there.')
})

test('a reference to itself ends', () => {
  expect(read({ [own]: 'mq: {host: "${mq.host}"}' }).files[0]?.problem).toMatch(/refers to/)
})

test('RabbitMQ and Kafka have addresses of their own; a broker that is not spoken here is told', () => {
  const rabbit = read({ [own]: 'mq: {type: rabbitmq, port: 5672, username: ada, vhost: lab/1, password: p}' })
  expect(rabbit.queue).toEqual({ enabled: true, broker: 'rabbitmq', url: 'amqp://ada@localhost:5672/lab%2F1/interception', password: 'p' })
  expect(read({}, { MQ_TYPE: 'rabbitmq', MQ_PORT: '5672' }).queue).toMatchObject({ url: 'amqp://guest@localhost:5672/%2F/interception', password: 'guest' })
  expect(read({}, { MQ_TYPE: 'kafka', MQ_PORT: '9092', MQ_CHANNEL: 'runs' }).queue?.url).toBe('kafka://localhost:9092/runs')
  const mofka = read({}, { MQ_TYPE: 'mofka' })
  expect(mofka.queue).toBeNull()
  expect(mofka.problems).toHaveLength(1)
})

test('same_as_kvdb takes the address of the key-value store', () => {
  expect(read({ [own]: 'mq: {same_as_kvdb: true, host: a}\nkv_db: {enabled: true, host: b, port: 1, password: x}' }).queue).toMatchObject({ url: 'redis://b:1/0/interception', password: 'x' })
})

const cases: { name: string; file?: string; env?: Record<string, string> }[] = [
  { name: 'nothing' },
  { name: 'an empty file', file: '' },
  { name: 'variables alone', env: { MQ_HOST: 'h', MQ_PORT: '7', MQ_CHANNEL: 'c', MQ_ENABLED: 'YES', MONGO_ENABLED: 'true', MONGO_PORT: '3', LMDB_ENABLED: 't', LMDB_PATH: '/l', KVDB_HOST: 'k', DB_FLUSH_MODE: 'online', DUMP_BUFFER: 'no' } },
  { name: 'sections that are half there', file: 'mq:\n  port: 1\nproject:\n  db_flush_mode: online\ndb_buffer:\n  buffer_size: 9\n  insertion_buffer_time_secs: 2.5\n' },
  { name: 'databases missing, variables set', file: 'mq: {host: q}\n', env: { MONGO_ENABLED: 'true', LMDB_ENABLED: '1' } },
  { name: 'a database section that is empty', file: 'databases:\n  mongodb: {}\n  lmdb:\n    path: x\n', env: { MONGO_ENABLED: 'true', MONGO_HOST: 'm', LMDB_ENABLED: '1' } },
  { name: 'YAML 1.1 words', file: 'mq:\n  enabled: on\n  same_as_kvdb: no\nkv_db:\n  enabled: yes\nproject:\n  enrich_messages: off\n  dump_buffer:\n    path: 012.jsonl\n    append_id_to_path: yes\n' },
  { name: 'switches switched off by empty variables', file: 'mq: {enabled: true}\ndatabases:\n  lmdb: {enabled: true}\n', env: { MQ_ENABLED: '', LMDB_ENABLED: '' } },
  { name: 'defaults only', file: 'mq: {host: q}\n', env: { FLOWCEPT_USE_DEFAULT: 'y', MQ_HOST: 'h', MONGO_ENABLED: 'true' } },
  { name: 'references', file: 'mq:\n  host: ${oc.env:THE_HOST}\n  channel: ${mq.host}-c\nsys_metadata:\n  node_name: ${oc.env:MISSING_ONE, n1}\n', env: { THE_HOST: 'cab1' } }
]
const constants: Record<string, string> = {
  'mq.enabled': 'MQ_ENABLED', 'mq.type': 'MQ_TYPE', 'mq.host': 'MQ_HOST', 'mq.port': 'MQ_PORT', 'mq.uri': 'MQ_URI', 'mq.channel': 'MQ_CHANNEL', 'mq.username': 'MQ_USERNAME', 'mq.vhost': 'MQ_VHOST',
  'mq.group_id': 'MQ_GROUP_ID', 'mq.buffer_size': 'MQ_BUFFER_SIZE', 'mq.chunk_size': 'MQ_CHUNK_SIZE', 'mq.insertion_buffer_time_secs': 'MQ_INSERTION_BUFFER_TIME', 'kv_db.enabled': 'KVDB_ENABLED',
  'kv_db.host': 'KVDB_HOST', 'kv_db.port': 'KVDB_PORT', 'kv_db.uri': 'KVDB_URI', 'databases.mongodb.enabled': 'MONGO_ENABLED', 'databases.lmdb.enabled': 'LMDB_ENABLED',
  'db_buffer.insertion_buffer_time_secs': 'INSERTION_BUFFER_TIME', 'db_buffer.buffer_size': 'DB_BUFFER_SIZE', 'db_buffer.remove_empty_fields': 'REMOVE_EMPTY_FIELDS',
  'db_buffer.stop_max_trials': 'DB_INSERTER_MAX_TRIALS_STOP', 'db_buffer.stop_trials_sleep': 'DB_INSERTER_SLEEP_TRIALS_STOP', 'project.db_flush_mode': 'DB_FLUSH_MODE', 'project.enrich_messages': 'ENRICH_MESSAGES',
  'project.dump_buffer.enabled': 'DUMP_BUFFER_ENABLED', 'project.dump_buffer.path': 'DUMP_BUFFER_PATH', 'project.dump_buffer.append_workflow_id_to_path': 'APPEND_WORKFLOW_ID_TO_PATH',
  'project.dump_buffer.append_id_to_path': 'APPEND_ID_TO_PATH', 'project.dump_buffer.delete_previous_file': 'DELETE_BUFFER_FILE'
}
/** Only where there is a section of the database in the file. */
const databaseConstants: Record<string, string> = { 'databases.mongodb.host': 'MONGO_HOST', 'databases.mongodb.port': 'MONGO_PORT', 'databases.mongodb.uri': 'MONGO_URI' }

const script = `
import json, os, runpy, sys, importlib.util
where = os.path.join(os.path.dirname(importlib.util.find_spec("flowcept").origin), "configs.py")
answers = []
for case in json.load(sys.stdin):
    before = dict(os.environ)
    os.environ.update(case["env"])
    found = runpy.run_path(where)
    os.environ.clear(); os.environ.update(before)
    answers.append({k: v for k, v in found.items() if k.isupper() and isinstance(v, (str, int, float, bool, type(None)))})
    answers[-1]["LMDB_PATH"] = found["LMDB_SETTINGS"].get("path")
print(json.dumps(answers))
`
const python = process.env['PROVSCOPE_PYTHON'] ?? 'python3'
const hasFlowcept = spawnSync(python, ['-c', 'import importlib.util as u; raise SystemExit(not (u.find_spec("flowcept") and u.find_spec("omegaconf")))']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'provscope-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!hasFlowcept && process.env['CI'] !== 'true')(`Flowcept's Python comes to the same${hasFlowcept ? '' : ': no Python with flowcept here'}`, () => {
  const prepared = cases.map(({ file, env = {} }, index) => {
    const path = join(folder, `${index}.yaml`)
    if (file !== undefined) writeFileSync(path, file)
    return { env: { FLOWCEPT_SETTINGS_PATH: path, ...env }, files: file === undefined ? {} : { [path]: file } }
  })
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:MQ|KVDB|MONGO|LMDB|DB|DUMP|FLOWCEPT)_/.test(name)))
  let answers: JsonObject[] = []
  const ask = (): JsonObject[] => {
    if (answers.length > 0) return answers
    const ran = spawnSync(python, ['-c', script], { input: JSON.stringify(prepared), encoding: 'utf8', env: clean })
    if (ran.status !== 0) throw new Error(ran.stderr)
    return (answers = parseJson(ran.stdout) as JsonObject[])
  }
  test.each(cases.map(({ name }, index) => [name, index] as const))('%s', (_, index) => {
    const theirs = ask()[index] as JsonObject
    const { env, files } = prepared[index] as (typeof prepared)[number]
    const ours = read(files, env)
    const expected = { ...constants, ...(theirs.MONGO_HOST === null ? {} : databaseConstants) }
    const shown = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, setting(ours, key).value]))).toEqual(Object.fromEntries(Object.entries(expected).map(([key, name]) => [key, shown(theirs[name])])))
    if (theirs.LMDB_PATH !== null) expect(ours.lmdb.path).toBe(theirs.LMDB_PATH)
    expect(ours.problems).toEqual([])
  })
})
