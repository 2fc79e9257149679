/** Names, figures and outcomes of exports in words. */
import { expect, test } from 'vitest'
import type { ExportJob } from '#contract/exports'
import { destinations } from './destinations.ts'
import { checkWords, mistakeInName, nullWords, outcomeOf, progressWords, recordWords, kindWords, renamed, suggestedName } from './exportWords.ts'

const none = { task: 0, workflow: 0, agent: 0, object: 0 }
const job: ExportJob = { exportId: 'e', name: 'a.csv', kind: 'csv', dryRun: false, state: 'writing', rows: 0, totalRows: 0, bytes: 0, secondsLeft: null, error: null, download: true, path: null, gaps: null, manifest: null, checks: [], store: null }

test('a file is called after its source and what it holds, without anything that is a path', () => {
  expect(suggestedName('csv', '05_errors.jsonl', 'tasks')).toBe('05_errors-tasks.csv')
  expect(suggestedName('parquet', 'run.jsonl.zst', 'workflows')).toBe('run-workflows.parquet')
  expect(suggestedName('csv', 'run.jsonl.gz and 3 more', 'tasks')).toBe('run_and_3_more-tasks.csv')
  expect(suggestedName('jsonl', 'flowcept_lmdb/', 'tasks')).toBe('flowcept_lmdb-tasks.jsonl')
  expect(suggestedName('arrow', 'redis://h:6379/interception', 'messages')).toBe('redis_h_6379_interception-messages.arrow')
  expect(suggestedName('prov-json', 'a.jsonl', 'tasks')).toBe('a.prov.json')
  expect(suggestedName('workflow-card', 'a.jsonl', 'tasks', 'soil/model 1')).toBe('a-soil_model_1.card.md')
  expect(suggestedName('csv', '..', 'tasks')).toBe('tasks.csv')
})

test('a name keeps its stem and takes the ending of the format', () => {
  expect(renamed('mine.csv', 'parquet')).toBe('mine.parquet')
  expect(renamed('mine.prov.json', 'prov-n')).toBe('mine.provn')
  expect(renamed('mine.jsonl', 'html-report')).toBe('mine.html')
  expect(renamed('mine', 'csv')).toBe('mine')
  const endings = destinations.filter(({ extension }) => extension !== '')
  for (const from of endings) for (const to of endings) expect(renamed(renamed(`x${from.extension}`, to.id), from.id)).toBe(`x${from.extension}`)
})

test('a name is a name', () => {
  expect([mistakeInName('a.csv'), mistakeInName(' '), mistakeInName('a/b.csv'), mistakeInName('a\\b')]).toEqual([null, 'A file needs a name.', 'A name, not a path.', 'A name, not a path.'])
})

test('records are told by kind, of many kinds their number', () => {
  expect(recordWords({ ...none, task: 1235 })).toBe('1,235 tasks')
  expect(recordWords({ ...none, task: 1, workflow: 2 })).toBe('1 task and 2 workflows')
  expect(recordWords({ task: 1, workflow: 2, agent: 3, object: 0 })).toBe('6 records')
  expect([recordWords(none), kindWords(none)]).toEqual(['0 records', 'no records'])
  expect(kindWords({ task: 1, workflow: 2, agent: 3, object: 0 })).toBe('1 task, 2 workflows, 3 agents')
})

test('nulls are told by the columns that have most of them', () => {
  expect(nullWords([{ column: 'a', nulls: 0 }])).toBe('')
  expect(nullWords([{ column: 'a', nulls: 1300 }])).toBe('1,300 null in a stay null, never 0.')
  expect(nullWords([{ column: 'b', nulls: 2 }, { column: 'a', nulls: 2 }])).toBe('2 null in a and 2 in b stay null, never 0.')
  expect(nullWords(['a', 'b', 'c', 'd'].map((column, index) => ({ column, nulls: index + 1 })))).toBe('4 null in d, 3 in c and more in 2 columns stay null, never 0.')
  expect(nullWords([{ column: 'a', nulls: 1 }], 32)).toBe('1 null in a stay null, never 0; counted in the first 32 columns.')
})

test('progress is of what there will be; what it will weigh is an estimate', () => {
  expect(progressWords({ ...job, rows: 500, totalRows: 1000, bytes: 2_000_000, secondsLeft: 2 })).toEqual({ rows: '500 of 1,000 rows', bytes: '2 MB of ~4 MB, 2 s left' })
  expect(progressWords({ ...job, state: 'done', rows: 1000, totalRows: 1000, bytes: 4_000_000 })).toEqual({ rows: '1,000 rows', bytes: '4 MB' })
  expect(progressWords({ ...job, kind: 'mongodb', rows: 1, totalRows: 3 })).toEqual({ rows: '1 of 3 records', bytes: '' })
  expect(progressWords({ ...job, kind: 'prov-n', state: 'done', rows: 1, totalRows: 1 }).rows).toBe('1 task')
  expect(progressWords({ ...job, kind: 'bytes', state: 'done', bytes: 12 })).toEqual({ rows: '', bytes: '12 B' })
})

test('figures that were compared stand side by side, what is long in a word', () => {
  expect(checkWords({ what: 'rows', expected: '1,276', found: '1,276', ok: true })).toBe('1,276 = 1,276')
  expect(checkWords({ what: 'sha256', expected: 'a'.repeat(64), found: 'a'.repeat(64), ok: true })).toBe('equal')
  expect(checkWords({ what: 'rows', expected: '3', found: '2', ok: false })).toBe('3 ≠ 2')
})

test('done is not verified, and what differs is neither', () => {
  const ok = { what: 'rows', expected: '3', found: '3', ok: true }
  const store = { total: none, created: none, changed: none, equal: none, different: none, fields: [], problemCount: 0, problems: [], resumed: false }
  const done = { ...job, state: 'done' as const }
  expect(outcomeOf(job)).toBe('running')
  expect(outcomeOf({ ...job, state: 'checking' })).toBe('running')
  expect(outcomeOf(done)).toBe('done')
  expect(outcomeOf({ ...done, checks: [ok] })).toBe('verified')
  expect(outcomeOf({ ...done, checks: [ok, { ...ok, found: '2', ok: false }] })).toBe('differs')
  expect(outcomeOf({ ...done, store: { ...store, different: { ...none, task: 1 } }, checks: [ok] })).toBe('differs')
  expect(outcomeOf({ ...done, dryRun: true, store: { ...store, different: { ...none, task: 1 } } })).toBe('done')
  expect(outcomeOf({ ...job, state: 'failed' })).toBe('failed')
})
