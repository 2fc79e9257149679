/** `provscope compare` as a person runs it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCli, type Ran, root, runCli } from '../testing/builtCli.ts'

const sweep = join(root, 'src', 'testing', 'fixtures', 'jsonl', '12_sweep.jsonl')
const [a, b] = ['49529fc8-f595-4aed-be49-fd8fd8403c6f', '09351fc4-114f-407a-b7eb-1b8be137562e']
let folder: string
const run = (...args: string[]): Promise<Ran> => runCli(['compare', ...args], { env: { TMPDIR: folder, PROVSCOPE_CONFIG_DIR: join(folder, 'config') } })
beforeAll(() => {
  buildCli()
  folder = mkdtempSync(join(tmpdir(), 'provscope-compare-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('two workflows of one source', () => {
  test('are printed side by side, only what differs', async () => {
    const { code, err, out } = await run(sweep, '--workflows', '49529fc8,09351fc4')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('relaxation_sweep (nx 32, omega 1.4) 49529fc8')
    expect(out).toContain('1 of 2 parameters, 4 of 10 inputs and 4 of 8 outputs differ\n3 tasks matched, 0 only in A, 0 only in B, 0 with another status\n')
    expect(out).toMatch(/^ {2}generated\.iterations +14 +9 +-5 +-35\.7$/m)
    expect(out).toContain('summarise (2 equal, 3 carried over from relax)')
    expect(out).toMatch(/First value that differs\n {2}relax {2}generated\.residual .* from used\.omega/)
    expect(out).not.toContain('used.tol')
    expect((await run(sweep, '--workflows', `${a},${b}`, '--all')).out).toMatch(/^ {2}used\.tol +0\.0001 +0\.0001$/m)
  })

  test('are one JSON object', async () => {
    const { code, out } = await run(sweep, '--workflows', a, '--workflows', b, '--json')
    expect(code).toBe(0)
    const answer = JSON.parse(out) as Record<string, unknown> & { fields: Record<string, unknown>[]; activities: unknown[] }
    expect(answer).toMatchObject({ a: { kind: 'workflow', id: a, tasks: 3 }, b: { id: b }, matched: 3, only_a: 0, only_b: 0, parameters: { differ: 1, of: 2 }, first_divergence: { activity: 'relax', field: 'generated.residual', a: 8.053459247209914e-5, from: 'used.omega' } })
    expect(answer.fields[3]).toEqual({ activity: 'relax', part: 'output', field: 'generated.iterations', a: 14, b: 9, pairs: 1, differ: 1, difference: -5, share: -5 / 14, task_a: '1795406567.0027041', task_b: expect.any(String), carried_from: null })
    expect(answer.activities).toHaveLength(3)
  })
})

test('two sources are compared whole', async () => {
  const other = join(folder, 'other.jsonl')
  writeFileSync(other, readFileSync(sweep, 'utf8').replaceAll('"omega":1.9', '"omega":1.95').replaceAll('sweep-omega', 'another'))
  const answer = JSON.parse((await run(sweep, other, '--json')).out) as { matched: number; fields: { field: string; differ: number }[] }
  expect(answer).toMatchObject({ a: { kind: 'all', name: '12_sweep.jsonl' }, b: { name: 'other.jsonl' }, matched: 24, only_a: 0, only_b: 0, parameters: { differ: 1, of: 2 } })
  expect(answer.fields.find(({ field }) => field === 'used.omega')).toMatchObject({ differ: 2 })
  const same = await run(sweep, sweep)
  expect(same.out).toContain('No field differs.')
  expect(same.out).toContain('24 tasks matched, 0 only in A')
})

test('more workflows are a table of what differs', async () => {
  const { code, out } = await run(sweep, '--workflows', '49529fc8,09351fc4,bb38a652', '--json')
  expect(code).toBe(0)
  const { columns, runs } = JSON.parse(out) as { columns: { name: string }[]; runs: { id: string; label: string; values: Record<string, unknown> }[] }
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['used.nx', 'used.omega', 'generated.iterations', 'duration']))
  expect(columns.map(({ name }) => name)).not.toContain('used.tol')
  expect(runs.map(({ id, values }) => [id.slice(0, 8), values['used.nx'], values['used.omega'], values['generated.iterations']])).toEqual([['49529fc8', 32, 1.4, 14], ['09351fc4', 32, 1.9, 9], ['bb38a652', 16, 0.8, 29]])
  const text = (await run(sweep, '--workflows', '49529fc8,09351fc4,bb38a652')).out
  expect(text).toMatch(/^run +status +used\.nx +used\.omega/)
  expect(text).toMatch(/\d+ columns in which they do not differ/)
})

describe('what makes no sense', () => {
  test.each([
    [[sweep], 'two sources are compared, and one is named'],
    [[sweep, sweep, sweep], '3 are named'],
    [[sweep, '--workflows', a], 'names one id'],
    [[sweep, '--workflows', `${a},49529fc8`], 'twice'],
    [[sweep, '--workflows', `${a},${b}`, '--campaigns', 'x,y'], 'cannot be given together']
  ])('%#', async (args, message) => {
    const { code, err, out } = await run(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })

  test.each([['no such id', 'zzz', 'There is no workflow zzz here'], ['the beginning of several', '0', 'may be any of 2 workflows: 0']])('%s', async (_, id, message) => {
    const { code, err, out } = await run(sweep, '--workflows', `${id},${a}`)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(message)
  })
})
