/** What the command prints, over a real engine; read back by pandas where it is installed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AskedEngine, askEngine } from '../testing/askEngine.ts'
import { fixtureFolder } from '../testing/openFixture.ts'
import { runPython, whyNoPython } from '../testing/python.ts'
import { readStatement, sqlCommand } from './sqlCommand.ts'
import type { SqlFlags } from './sqlCommandLine.ts'

let engine: AskedEngine
let path: string
beforeAll(async () => {
  engine = await askEngine()
  path = join(engine.folder, 'run.jsonl')
  const tasks = [
    { type: 'task', task_id: 'a', activity_id: 'fit', status: 'FINISHED', used: { lr: 0.5, note: 'say "hi", twice' }, generated: { list: [1, { b: null }] } },
    { type: 'task', task_id: 'b', activity_id: 'fit', status: 'ERROR', used: { lr: 0.25, note: '' } }
  ]
  writeFileSync(path, tasks.map((task) => `${JSON.stringify(task).replace('"lr":0.5', '"lr":0.5,"big":9007199254740993,"nan":NaN')}\n`).join(''))
})
afterAll(() => engine.close())

async function run(text: string, flags: Partial<SqlFlags> = {}, of = path): Promise<{ out: string; notes: string[] }> {
  const source = await engine.open(of)
  const notes: string[] = []
  let out = ''
  await sqlCommand({ ask: engine.ask, source }, text, { format: 'table', ...flags }, { output: { write: async (part) => void (out += part), closed: new AbortController().signal }, note: (note) => void notes.push(note), terminalColumns: null })
  return { out, notes }
}

test('for people: a table', async () => {
  expect((await run('SELECT activity_id, count(*) AS n, sum(used.lr) AS lr FROM tasks GROUP BY ALL')).out).toBe('activity_id  n    lr\n───────────  ─  ────\nfit          2  0.75\n')
  expect((await run('SELECT * FROM range(1000)')).notes).toEqual(['the first 200 of 1,000 rows; other formats have all'])
})

test('CSV, where an empty text is not null', async () => {
  expect((await run('SELECT task_id, used.note, used.big, used.nan, generated.list FROM tasks ORDER BY 1', { format: 'csv' })).out).toBe(
    'task_id,used.note,used.big,used.nan,generated.list\na,"say ""hi"", twice",9007199254740993,NaN,"[1,{""b"":null}]"\nb,"",,,\n'
  )
})

test('JSON and JSON lines: exact, with each key once', async () => {
  const { notes, out } = await run('SELECT used.big AS x, used.nan, 1 AS x, generated.list FROM tasks ORDER BY task_id', { format: 'jsonl' })
  expect(out).toBe('{"x":9007199254740993,"used.nan":null,"x_1":1,"generated.list":[1,{"b":null}]}\n{"x":null,"used.nan":null,"x_1":1,"generated.list":null}\n')
  expect(notes).toEqual(['1 value that is NaN or infinite, which JSON cannot hold, is null here'])
  expect(JSON.parse((await run('SELECT i FROM range(5000) t(i) ORDER BY i', { format: 'json' })).out)).toEqual(Array.from({ length: 5000 }, (_, i) => ({ i })))
  expect((await run('SELECT 1 WHERE false', { format: 'json' })).out).toBe('[]\n')
})

test('only what a filter leaves, and the plan', async () => {
  expect((await run('SELECT task_id FROM tasks', { format: 'csv', filter: '{"status": "ERROR"}' })).out).toBe('task_id\nb\n')
  expect((await run('SELECT count(*) FROM tasks', { explain: true })).out).toMatch(/seq scan, about/)
})

test('a mistake is shown in its line', async () => {
  await expect(run('SELECT task_id,\n  used.lrr\nFROM tasks')).rejects.toThrow('Line 2, column 3: tasks has no column used.lrr; near: used.lr.\n    used.lrr\n    ^^^^^^^^')
})

test('the statement comes last, or from a file', async () => {
  expect(await readStatement(['a', 'b', 'SELECT 1'], {})).toEqual({ sources: ['a', 'b'], text: 'SELECT 1' })
  await expect(readStatement(['run.jsonl'], {})).rejects.toThrow('sql needs a source and a statement')
  const file = join(engine.folder, 'q.sql')
  writeFileSync(file, 'SELECT 2\n')
  expect(await readStatement(['a'], { file })).toEqual({ sources: ['a'], text: 'SELECT 2\n' })
  await expect(readStatement(['a'], { file: `${file}.not` })).rejects.toThrow('cannot be read')
  await expect(readStatement(['-'], { file: '-' })).rejects.toThrow('not both')
})

const why = whyNoPython('pandas')
test.skipIf(why !== null)(`the same figures as pandas has of the same file${why === null ? '' : ` (${why})`}`, async () => {
  const buffer = join(fixtureFolder, 'jsonl/12_sweep.jsonl')
  const { out } = await run(`SELECT activity_id, status, count(*) AS n, sum(ended_at - started_at) AS s, median(used.omega) AS x FROM tasks GROUP BY ALL ORDER BY ALL`, { format: 'jsonl' }, buffer)
  const script = `
import json, sys, pandas as pd
rows = [json.loads(line) for line in open(sys.argv[1])]
tasks = pd.json_normalize([row for row in rows if row.get('type') == 'task'])
tasks['s'] = tasks['ended_at'] - tasks['started_at']
out = []
for (activity, status), group in tasks.groupby(['activity_id', 'status']):
    x = pd.to_numeric(group['used.omega']).median()
    out.append({'activity_id': activity, 'status': status, 'n': len(group), 's': group['s'].sum(), 'x': None if pd.isna(x) else x})
print(json.dumps(out))
`
  const theirs = (await runPython(script, [buffer])) as Record<string, unknown>[]
  const ours = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(ours).toEqual(theirs.map((row) => ({ ...row, s: expect.closeTo(Number(row['s']), 6) as unknown })))
})
