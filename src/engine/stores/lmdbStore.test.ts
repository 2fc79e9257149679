/** The LMDB store: the suite of every store, and what only LMDB has: formats, a full map or disk, other processes. */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json'
import { bundleModule } from '../../testing/bundleModule.ts'
import { openLmdbStore } from './lmdbStore.ts'
import { readLmdbFormat } from './lmdbFormat.ts'
import { storeSuite } from './storeSuite.ts'

const folder = mkdtempSync(join(tmpdir(), 'lmdb-store-'))
const fixture = join(import.meta.dirname, '../../testing/fixtures/lmdb/mixed/data.mdb')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

storeSuite('LMDB', { open: async (place) => openLmdbStore(join(folder, place)), closeAll: async () => {} })

describe('what is no environment of format v1 is refused before it is opened', () => {
  const damaged = (name: string, change: (bytes: Buffer) => Buffer): string => {
    const path = join(folder, name)
    mkdirSync(path)
    writeFileSync(join(path, 'data.mdb'), change(readFileSync(fixture)))
    return path
  }
  const setFormat = (version: number) => (bytes: Buffer): Buffer => {
    bytes.writeUInt32LE(version, 20)
    bytes.writeUInt32LE(version, 4096 + 20)
    return bytes
  }
  const cases: [name: string, change: (bytes: Buffer) => Buffer, message: RegExp][] = [
    ['format v2', setFormat(2), /data format v2; Flowcept's Python reads and writes v1/],
    ['text', () => Buffer.from('not a database\n'.repeat(1000)), /no LMDB file/],
    ['zeros', (bytes) => Buffer.alloc(bytes.length), /no LMDB file/],
    ['a few bytes', (bytes) => bytes.subarray(0, 100), /without LMDB's first page/],
    ['one page', (bytes) => bytes.subarray(0, 4096), /without LMDB's second page/],
    ['cut off', (bytes) => bytes.subarray(0, 5 * 4096), /cut off: 20,480 of 524,288 bytes/],
    ['page size', (bytes) => (bytes.writeUInt32LE(1234, 40), bytes), /pages are said to be of 1234 bytes/]
  ]
  test.each(cases)('%s', (name, change, message) => {
    const path = damaged(name.replaceAll(' ', '-'), change)
    const before = readFileSync(join(path, 'data.mdb'))
    for (const readOnly of [true, false]) expect(() => openLmdbStore(path, { readOnly })).toThrow(message)
    expect(readFileSync(join(path, 'data.mdb')).equals(before)).toBe(true)
  })

  test('a file in place of the directory, and a directory without an environment', () => {
    expect(() => openLmdbStore(fixture)).toThrow(/is a file/)
    expect(() => openLmdbStore(join(folder, 'nothing'), { readOnly: true })).toThrow(/holds no data.mdb/)
    expect(existsSync(join(folder, 'nothing'))).toBe(false)
  })

  test('a new one is made in format v1', async () => {
    const path = join(folder, 'deep/new')
    await openLmdbStore(path).close()
    expect(readLmdbFormat(path)).toMatchObject({ state: 'v1', pageBytes: 4096 })
  })
})

test('a full map is an error that loses nothing written before', async () => {
  const path = join(folder, 'full-map')
  const store = openLmdbStore(path, { mapSizeBytes: 1 << 20 })
  await store.write([{ kind: 'task', message: { task_id: 'kept', used: { x: 1 } } }])
  const big = Array.from({ length: 60 }, (_, index) => ({ kind: 'task' as const, message: { task_id: `big${index}`, used: { text: 'x'.repeat(30_000) } } }))
  await expect(store.write(big)).rejects.toThrow(/is full: its map size is used up/)
  expect(await store.get('task', 'kept')).toEqual({ task_id: 'kept', used: { x: 1 } })
  expect(await store.count('task')).toBe(1)
  await store.write([{ kind: 'task', message: { task_id: 'later' } }])
  await store.close()
  const again = openLmdbStore(path)
  expect(await again.count('task')).toBe(2)
  expect(await again.write(big)).toMatchObject({ created: 60 })
  await again.close()
})

test('a full disk is an error that loses nothing written before', async (context) => {
  const path = join(folder, 'small-disk')
  mkdirSync(path)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path])
  if (mounted.status !== 0) return context.skip('a small tmpfs cannot be mounted here')
  try {
    const store = openLmdbStore(join(path, 'environment'))
    await store.write([{ kind: 'task', message: { task_id: 'kept', used: { x: 1 } } }])
    const big = Array.from({ length: 100 }, (_, index) => ({ kind: 'task' as const, message: { task_id: `big${index}`, used: { text: 'x'.repeat(30_000) } } }))
    await expect(store.write(big)).rejects.toThrow(/disk of .* is full/)
    expect(await store.get('task', 'kept')).toEqual({ task_id: 'kept', used: { x: 1 } })
    await store.write([{ kind: 'task', message: { task_id: 'later' } }])
    await store.close()
    const again = openLmdbStore(join(path, 'environment'), { readOnly: true })
    expect(await again.count('task')).toBe(2)
    await again.close()
  } finally {
    spawnSync('umount', ['-l', path])
  }
})

test('an id that is no key costs its record, not its batch', async () => {
  const store = openLmdbStore(join(folder, 'keys'))
  const long = 'k'.repeat(512)
  const result = await store.write([{ kind: 'task', message: { task_id: long } }, { kind: 'task', message: { task_id: '' } }, { kind: 'task', message: { task_id: 'k'.repeat(511) } }])
  expect(result).toMatchObject({ created: 1, problems: [{ id: long, field: '', effect: 'left-out' }, { id: '', field: '', effect: 'left-out' }] })
  expect(await store.get('task', long)).toBeNull()
  await store.close()
})

test('what Python would refuse to read is left out and said', async () => {
  const store = openLmdbStore(join(folder, 'python-limits'))
  let deep: JsonObject = {}
  for (let depth = 0; depth < 2000; depth++) deep = { k: deep }
  const result = await store.write([{ kind: 'task', message: { task_id: 't', used: { deep, digits: 10n ** 5000n, fine: 10n ** 4000n } } }])
  expect(result.problems.map(({ field }) => (field.length > 20 ? `${field.split('.').length} keys` : field))).toEqual(['used.digits', '500 keys'])
  expect((await store.get('task', 't'))?.used).toMatchObject({ fine: 10n ** 4000n })
  await store.close()
})

test('a value that is no JSON is passed over and reported', async () => {
  const path = join(folder, 'unreadable')
  const store = openLmdbStore(path)
  await store.write([{ kind: 'task', message: { task_id: 'aaa' } }, { kind: 'task', message: { task_id: 'bbb' } }])
  await store.close()
  const file = join(path, 'data.mdb')
  const bytes = readFileSync(file)
  for (let at = bytes.indexOf('{"task_id":"aaa"'); at !== -1; at = bytes.indexOf('{"task_id":"aaa"', at)) bytes.write('[', at)
  writeFileSync(file, bytes)
  const reported: string[] = []
  const again = openLmdbStore(path, { readOnly: true, onUnreadable: (kind, id) => void reported.push(`${kind} ${id}`) })
  expect(await all(again.query('task', {}))).toEqual([{ task_id: 'bbb' }])
  expect(reported).toEqual(['task aaa'])
  await again.close()
})

const python = ['python3', process.env.PROVSCOPE_TEST_PYTHON ?? ''].find((name) => name !== '' && spawnSync(name, ['-c', 'import lmdb']).status === 0)

/** Flowcept's own way of opening and writing, without Flowcept. */
const pythonHead = `
import json, sys, lmdb
env = lmdb.open(sys.argv[1], map_size=10**12, max_dbs=5)
tasks, workflows, agents, dashboards = (env.open_db(name) for name in (b'tasks', b'workflows', b'agents', b'dashboards'))
`

test('one that is opened again and again takes no more of the process than once', async () => {
  const path = join(folder, 'again')
  const mappings = (): number => readFileSync('/proc/self/maps', 'utf8').split('\n').filter((line) => line.includes('again/data.mdb')).length
  for (let round = 0; round < 300; round++) {
    const store = openLmdbStore(path, { readOnly: round % 2 === 1 })
    if (round % 2 === 0) await store.write([{ kind: 'task', message: { task_id: `t${round}` } }])
    expect(await store.count('task')).toBe(Math.floor(round / 2) + 1)
    await store.close()
    await expect(store.get('task', 't0')).rejects.toMatchObject({ code: 'unavailable' })
  }
  if (existsSync('/proc/self/maps')) expect(mappings()).toBe(2)
})

describe.skipIf(!python)(`with Python's lmdb (${python ?? 'not installed: skipped'})`, () => {
  const run = (script: string, path: string): string => {
    const result = spawnSync(python as string, ['-c', pythonHead + script, path], { encoding: 'utf8' })
    expect(result.stderr).toBe('')
    return result.stdout
  }

  test('Python reads what was written here, and here what Python wrote, while both have it open', async () => {
    const path = join(folder, 'both')
    const store = openLmdbStore(path)
    const odd = { task_id: 'ours', used: { nan: NaN, inf: -Infinity, big: 2n ** 70n, text: '日本 😀 \ud800', zero: -0, nested: [[1]] } }
    await store.write([{ kind: 'task', message: odd }, { kind: 'object', message: { object_id: 'o' } }])
    const read = run(
      `
with env.begin(write=True) as txn:
    ours = json.loads(txn.get(b'ours', db=tasks).decode())
    txn.put(b'theirs', json.dumps({'task_id': 'theirs', 'used': {'nan': float('nan'), 'big': 2**70}}).encode(), db=tasks)
    txn.put(b'long', json.dumps({'task_id': 'long', 'text': 'x' * 2000000}).encode(), db=tasks)
    ours['status'] = 'RUNNING'
    txn.put(b'ours', json.dumps(ours).encode(), db=tasks)
print(ours['used']['nan'], ours['used']['inf'], ours['used']['big'] == 2**70, ours['used']['text'] == '日本 😀 \\ud800', ours['used']['zero'], ours['used']['nested'], env.stat()['entries'])
`,
      path
    )
    expect(read.trim()).toBe('nan -inf True True 0 [[1]] 5')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await store.get('task', 'theirs')).toEqual({ task_id: 'theirs', used: { nan: NaN, big: 2n ** 70n } })
    expect((await store.get('task', 'long'))?.text).toHaveLength(2_000_000)
    await store.write([{ kind: 'task', message: { task_id: 'theirs', status: 'FINISHED' } }, { kind: 'task', message: { task_id: 'ours', status: 'FINISHED' } }])
    expect(await store.get('task', 'ours')).toMatchObject({ status: 'FINISHED', finished: true, used: { big: 2n ** 70n } })
    await store.close()
    expect(run(`print(sorted(json.loads(env.begin().get(b'theirs', db=tasks).decode())['used']))`, path).trim()).toBe(`['big', 'nan']`)
  })

  test('both write thousands at the same time, and all is there', async () => {
    const path = join(folder, 'race')
    const store = openLmdbStore(path)
      const script = `
for i in range(300):
    with env.begin(write=True, db=tasks) as txn:
        for j in range(10):
            txn.put(f'py-{i}-{j}'.encode(), json.dumps({'task_id': f'py-{i}-{j}', 'used': {'n': i}}).encode())
`
    const child = spawn(python as string, ['-c', pythonHead + script, path], { stdio: 'inherit' })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    for (let round = 0; round < 60; round++) {
      await store.write(Array.from({ length: 50 }, (_, index) => ({ kind: 'task' as const, message: { task_id: `js-${round}-${index}`, used: { n: round } } })))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await ended).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await store.count('task')).toBe(6000)
    await store.close()
    expect(run(`print(env.begin().stat(tasks)['entries'])`, path).trim()).toBe('6000')
  })
})

test('a killed writer loses nothing that it reported as written', async () => {
  const path = join(folder, 'killed')
  const module = await bundleModule(join(import.meta.dirname, '../../testing/writeLmdb.ts'), 'writeLmdb')
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, [module, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.split('\n').length > 10 + 7 * round) child.kill('SIGKILL')
    })
    await new Promise((resolve) => child.on('close', resolve))
    const last = Number(said.split('\n').at(-2))
    const store = openLmdbStore(path, { readOnly: true })
    expect(await store.get('task', `n${last}`)).toEqual({ task_id: `n${last}`, used: { text: 'x'.repeat(last % 5000) } })
    expect(await store.count('task')).toBeGreaterThan(last)
    expect(await all(store.iterate('task'))).toHaveLength(await store.count('task'))
    await store.close()
  }
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

// Only to be sure that the copy a test makes is of the file that is there.
test('the fixture is the one Flowcept wrote', () => {
  const copy = join(folder, 'copy')
  cpSync(join(fixture, '..'), copy, { recursive: true })
  expect(readLmdbFormat(copy)).toMatchObject({ lastTransaction: 50n })
  truncateSync(join(copy, 'data.mdb'), 0)
  expect(readLmdbFormat(copy)).toEqual({ state: 'none' })
})
