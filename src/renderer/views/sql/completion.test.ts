import { CompletionContext } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import { expect, test } from 'vitest'
import type { SqlColumn } from '#contract/sql'
import { type CompletionSource, completionsOf, written } from './completion.ts'

const column = (name: string, type = 'VARCHAR'): SqlColumn => ({ name, field: name, type, unit: name.endsWith('_at') ? 'epoch s' : null, derived: false, nulls: 2 })
const source: CompletionSource = {
  tables: [
    { name: 'tasks', rows: 10, columnCount: 5, columns: [column('task_id'), column('status'), column('started_at', 'DOUBLE'), column('used.lr', 'DOUBLE'), column('used.a b')] },
    { name: 'workflows', rows: 2, columnCount: 2, columns: [column('workflow_id'), column('name')] }
  ],
  valuesOf: async (table, field, text) => [`${table}.${field}.${text}`, "it's"].map((value, at) => ({ value, count: 9 - at }))
}

async function at(text: string): Promise<{ from: number; labels: string[]  } | null> {
  const pos = text.indexOf('|')
  const state = EditorState.create({ doc: text.replace('|', '') })
  const result = await completionsOf(() => source)(new CompletionContext(state, pos, false))
  return result && { from: result.from, labels: result.options.map(({ label }) => label) }
}

test('columns of the tables that are named, functions and keywords', async () => {
  const found = await at('SELECT st| FROM tasks')
  expect(found?.from).toBe(7)
  expect(found?.labels).toEqual(expect.arrayContaining(['status', 'started_at', 'tasks', 'stddev', 'SELECT']))
  expect(found?.labels).not.toContain('workflow_id')
})

test('after an alias, its columns alone; after a prefix, the whole dotted name', async () => {
  expect(await at('SELECT w.n| FROM workflows w')).toMatchObject({ from: 9, labels: ['workflow_id', 'name'] })
  const dotted = await at('SELECT used.l| FROM tasks')
  expect(dotted?.from).toBe(7)
  expect(dotted?.labels).toContain('used.lr')
})

test('values where a column is compared with a text', async () => {
  expect(await at("SELECT * FROM tasks WHERE status = 'FI|")).toMatchObject({ from: 36, labels: ['tasks.status.FI', "it's"] })
  expect((await at("SELECT * FROM tasks t WHERE t.status IN ('a', 'b|"))?.labels[0]).toBe('tasks.status.b')
  expect(await at("SELECT 'te|")).toBeNull()
})

test('nothing where nothing was written', async () => {
  expect(await at('SELECT |')).toBeNull()
})

test('names that need quotation marks have them', () => {
  expect(['used.lr', 'used.a b', 'used.group', 'a"b'].map(written)).toEqual(['used.lr', '"used.a b"', '"used.group"', '"a""b"'])
})
