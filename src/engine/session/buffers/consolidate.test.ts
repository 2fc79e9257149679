/** Buffers of a run joined: the right ones, every line, in order, whatever happens on the way. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isJsonObject } from '#contract/json'
import { bundleModule } from '../../../testing/bundleModule.ts'
import { runFlowcept, whyNoFlowcept } from '../../../testing/flowceptPython.ts'
import { fixtureFolder } from '../../../testing/openFixture.ts'
import { findBuffers } from './bufferFiles.ts'
import { consolidate } from './consolidate.ts'
import { deletableBuffers, deleteBuffers } from './deleteBuffers.ts'

const run = '3f0c9a1e-6d1b-4a0e-9b39-5f4a27c0d001'
const twin = `flowcept_buffer_${run}0_26427_140156742410304.jsonl`
let folder: string
let base: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buffers-'))
  base = join(folder, 'flowcept_buffer.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const putSplit = (): void => cpSync(join(fixtureFolder, 'split'), folder, { recursive: true })
const put = (name: string, ...lines: string[]): void => writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''))
const linesOf = (name: string): string[] => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)
const splitsOf = (id: string): string[] => readdirSync(folder).filter((name) => name.startsWith(`flowcept_buffer_${id}_`))
const task = (time: number, more: object = {}): string => JSON.stringify({ type: 'task', task_id: `t${time}`, workflow_id: 'abc', started_at: time, ...more })

describe('which files', () => {
  test('those of exactly that workflow id, not of a twin that begins with it', async () => {
    putSplit()
    const own = splitsOf(run)
    const all = own.flatMap(linesOf).sort()
    const { files, lines, target } = await consolidate({ base, workflowId: run, cleanup: true })
    expect(files.map(({ name }) => name).sort()).toEqual(own.sort())
    expect(linesOf(`flowcept_buffer_${run}.jsonl`).sort()).toEqual(all)
    expect(lines).toBe(all.length)
    expect(target).toBe(join(folder, `flowcept_buffer_${run}.jsonl`))
    expect(readdirSync(folder).sort()).toEqual([`flowcept_buffer_${run}.jsonl`, twin, 'flowcept_buffer_77aa0000-0000-4000-8000-000000000002_26427_140156742410304.jsonl'].sort())
  })

  test('an id with underscores is no longer one', async () => {
    put('flowcept_buffer_abc_1_2.jsonl', task(1))
    put('flowcept_buffer_abc_2_17_39.jsonl', JSON.stringify({ type: 'workflow', workflow_id: 'abc_2' }))
    put('flowcept_buffer_abc_3_17_39.jsonl', '{"task_id":"x"}')
    put('flowcept_buffer_abcd.jsonl', JSON.stringify({ workflow_id: 'abcd', task_id: 'y' }))
    put('flowcept_buffer_abc_odd.jsonl', '{"task_id":"z"}')
    put('flowcept_buffer_abc_4_17_39.jsonl', task(4))
    symlinkSync(join(folder, 'flowcept_buffer_abcd.jsonl'), join(folder, 'flowcept_buffer_abc_9_9.jsonl'))
    const { runs, unclear } = await findBuffers(base)
    expect(runs.map(({ files, joined, workflowId }) => [workflowId, [...(joined ? [joined] : []), ...files].map(({ name }) => name)])).toEqual([
      ['abc', ['flowcept_buffer_abc_1_2.jsonl']],
      ['abc_2', ['flowcept_buffer_abc_2_17_39.jsonl']],
      ['abc_3', ['flowcept_buffer_abc_3_17_39.jsonl']],
      ['abcd', ['flowcept_buffer_abcd.jsonl']]
    ])
    expect(unclear.map(({ name }) => name).sort()).toEqual(['flowcept_buffer_abc_4_17_39.jsonl', 'flowcept_buffer_abc_9_9.jsonl', 'flowcept_buffer_abc_odd.jsonl'])
    const { files } = await consolidate({ base, workflowId: 'abc', cleanup: true })
    expect(files.map(({ name }) => name)).toEqual(['flowcept_buffer_abc_1_2.jsonl'])
    expect(readdirSync(folder)).toHaveLength(7)
  })

  test('an id that would leave the folder, and one that nobody has, are refused', async () => {
    putSplit()
    await expect(consolidate({ base, workflowId: '../x' })).rejects.toThrow('no workflow id')
    await expect(consolidate({ base, workflowId: 'nobody' })).rejects.toThrow('There is no buffer')
    writeFileSync(join(folder, 'letter.jsonl'), 'Dear all,\n')
    await expect(consolidate({ base, workflowId: run, to: join(folder, 'letter.jsonl') })).rejects.toThrow('something else')
  })
})

describe('which lines', () => {
  test('in the order of time, each file’s own order kept, byte for byte; repeated and cut lines told', async () => {
    put('flowcept_buffer_abc_1_1.jsonl', `{"type": "workflow",  "workflow_id":"abc"}`, task(1), '{"no":"time"}', task(5), task(5))
    put('flowcept_buffer_abc_1_2.jsonl', task(2), task(3, { note: 'ünïcode' }), `${task(4)}\r`)
    appendFileSync(join(folder, 'flowcept_buffer_abc_1_2.jsonl'), '{"type":"task","task_id":"cut')
    const result = await consolidate({ base, workflowId: 'abc' })
    expect(linesOf('flowcept_buffer_abc.jsonl')).toEqual([`{"type": "workflow",  "workflow_id":"abc"}`, task(1), '{"no":"time"}', task(2), task(3, { note: 'ünïcode' }), `${task(4)}\r`, '{"type":"task","task_id":"cut', task(5), task(5)])
    expect(result).toMatchObject({ lines: 9, added: 9, already: 0, repeated: 1, written: true })
    expect(result.files.map(({ isCutShort }) => isCutShort)).toEqual([false, true])
  })

  test('again gives the same; what came since is added, nothing twice', async () => {
    put('flowcept_buffer_abc_1_1.jsonl', task(1), task(1), task(3))
    await consolidate({ base, workflowId: 'abc' })
    const first = readFileSync(join(folder, 'flowcept_buffer_abc.jsonl'))
    expect(await consolidate({ base, workflowId: 'abc' })).toMatchObject({ lines: 3, added: 0, already: 3, written: false })
    expect(readFileSync(join(folder, 'flowcept_buffer_abc.jsonl'))).toEqual(first)
    put('flowcept_buffer_abc_2_2.jsonl', task(2), task(4))
    expect(await consolidate({ base, workflowId: 'abc', cleanup: true })).toMatchObject({ lines: 5, added: 2, already: 3, written: true })
    expect(linesOf('flowcept_buffer_abc.jsonl')).toEqual([task(1), task(1), task(2), task(3), task(4)])
    expect(await consolidate({ base, workflowId: 'abc', cleanup: true })).toMatchObject({ lines: 5, added: 0, files: [] })
    expect(readdirSync(folder)).toEqual(['flowcept_buffer_abc.jsonl'])
  })

  test('a dry run says what would be, and changes nothing', async () => {
    putSplit()
    const before = readdirSync(folder)
    const plan = await consolidate({ base, workflowId: run, cleanup: true, dryRun: true })
    expect(readdirSync(folder)).toEqual(before)
    expect(plan).toMatchObject({ written: false })
    const done = await consolidate({ base, workflowId: run })
    expect([done.lines, done.sum]).toEqual([plan.lines, plan.sum])
  })

  test.skipIf(whyNoFlowcept() !== null)('as Flowcept’s own does, but for the twin', { timeout: 60_000 }, async () => {
    putSplit()
    rmSync(join(folder, twin))
    await consolidate({ base, workflowId: run, to: join(folder, 'ours.jsonl') })
    const script = 'import sys, json\nfrom flowcept import Flowcept\nprint(json.dumps(Flowcept.read_buffer_file(sys.argv[1], consolidate=True, workflow_id=sys.argv[2], cleanup_files=True)))'
    const messages = await runFlowcept('project: {db_flush_mode: offline}\nmq: {enabled: false}\nkv_db: {enabled: false}\ndatabases: {lmdb: {enabled: false}, mongodb: {enabled: false}}\n', script, [base, run])
    expect(Array.isArray(messages) && messages.every(isJsonObject)).toBe(true)
    expect(linesOf(`flowcept_buffer_${run}.jsonl`).sort()).toEqual(linesOf('ours.jsonl').sort())
  })
})

describe('what is deleted', () => {
  test('nothing that grew, was changed or came since it was read', async () => {
    put('flowcept_buffer_abc_1_1.jsonl', task(1))
    put('flowcept_buffer_abc_1_2.jsonl', task(2))
    put('flowcept_buffer_abc_1_3.jsonl', task(3))
    const { files } = await consolidate({
      base,
      workflowId: 'abc',
      cleanup: true,
      beforeStep: (step, name) => {
        if (step === 'replace') appendFileSync(join(folder, 'flowcept_buffer_abc_1_2.jsonl'), `${task(9)}\n`)
        // Put aside already when it is written to.
        if (step === 'unlink' && name.endsWith('_3.jsonl')) writeFileSync(join(folder, name), `${task(10)}\n`)
      }
    })
    expect(files.map(({ deleted }) => deleted)).toEqual([true, false, true])
    expect(files[1]?.kept).toContain('changed since it was read')
    expect(linesOf('flowcept_buffer_abc_1_2.jsonl')).toEqual([task(2), task(9)])
    expect(linesOf('flowcept_buffer_abc_1_3.jsonl')).toEqual([task(10)])
    expect(await consolidate({ base, workflowId: 'abc', cleanup: true })).toMatchObject({ lines: 5, added: 2, already: 1 })
    expect(readdirSync(folder)).toEqual(['flowcept_buffer_abc.jsonl'])
  })

  test('only what was named, if names were', async () => {
    put('flowcept_buffer_abc_1_1.jsonl', task(1))
    put('flowcept_buffer_abc_1_2.jsonl', task(2))
    await consolidate({ base, workflowId: 'abc', cleanup: ['flowcept_buffer_abc_1_2.jsonl', '../x'] })
    expect(readdirSync(folder)).toEqual(['flowcept_buffer_abc.jsonl', 'flowcept_buffer_abc_1_1.jsonl'])
  })

  test('two at once: the second is refused, and a dead one’s turn is over', async () => {
    put('flowcept_buffer_abc_1_1.jsonl', task(1))
    writeFileSync(join(folder, 'flowcept_buffer_abc.jsonl.lock'), '1 elsewhere\n')
    await expect(consolidate({ base, workflowId: 'abc' })).rejects.toThrow('another process')
    writeFileSync(join(folder, 'flowcept_buffer_abc.jsonl.lock'), '4194999\n')
    await consolidate({ base, workflowId: 'abc' })
    expect(existsSync(join(folder, 'flowcept_buffer_abc.jsonl.lock'))).toBe(false)
  })

  test('buffer files alone', async () => {
    put('a.jsonl', task(1))
    writeFileSync(join(folder, 'notes.jsonl'), 'Dear all,\n')
    writeFileSync(join(folder, 'notes.txt'), '{}\n')
    symlinkSync(join(folder, 'a.jsonl'), join(folder, 'b.jsonl'))
    for (const name of ['notes.jsonl', 'notes.txt', 'b.jsonl', '.', 'none.jsonl']) await expect(deletableBuffers([join(folder, 'a.jsonl'), join(folder, name)])).rejects.toThrow()
    const found = await deletableBuffers([join(folder, 'a.jsonl')])
    utimesSync(join(folder, 'a.jsonl'), 1, 1)
    expect((await deleteBuffers(found))[0]?.why).toContain('changed')
    expect(await deleteBuffers(await deletableBuffers([join(folder, 'a.jsonl')]))).toEqual([])
    expect(existsSync(join(folder, 'a.jsonl'))).toBe(false)
  })
})

describe('killed', () => {
  let child: string | null = null
  afterAll(() => child !== null && rmSync(join(child, '..'), { recursive: true }))

  test('before any step, and done again: the same result, no line lost', { timeout: 120_000 }, async () => {
    child = await bundleModule('src/testing/consolidateProcess.ts', 'consolidate')
    const putTwo = (): void => {
      put('flowcept_buffer_abc_1_1.jsonl', task(1), task(3))
      put('flowcept_buffer_abc_1_2.jsonl', task(2), task(2))
      put('flowcept_buffer_abcd_1_2.jsonl', JSON.stringify({ workflow_id: 'abcd' }))
    }
    const kills: (NodeJS.Signals | null)[] = []
    for (let at = 0; kills.at(-1) !== null; at++) {
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
      putTwo()
      kills.push(spawnSync(process.execPath, [child, base, 'abc', String(at)]).signal)
      await consolidate({ base, workflowId: 'abc', cleanup: true })
      expect(linesOf('flowcept_buffer_abc.jsonl'), `killed at step ${at}`).toEqual([task(1), task(2), task(2), task(3)])
      expect(readdirSync(folder), `killed at step ${at}`).toEqual(['flowcept_buffer_abc.jsonl', 'flowcept_buffer_abcd_1_2.jsonl'])
    }
    // Writing, replacing, and twice for each file that goes; then it is done.
    expect(kills).toEqual([...Array.from({ length: 2 + 2 * 2 }, () => 'SIGKILL'), null])
  })
})
