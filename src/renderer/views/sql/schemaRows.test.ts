import { expect, test } from 'vitest'
import type { SqlColumn } from '#contract/sql'
import { schemaRows } from './schemaRows.ts'

const column = (name: string): SqlColumn => ({ name, field: name, type: name === 'used.lr' ? 'DOUBLE' : 'VARCHAR', unit: null, derived: false, nulls: 1 })
const tables = [
  { name: 'tasks' as const, rows: 10, columnCount: 5, columns: ['task_id', 'used.lr', 'used.opt.name', 'status', 'used'].map(column) },
  { name: 'gaps' as const, rows: 0, columnCount: 7, columns: [] }
]
const shown = (open: string[], search = ''): string[] => schemaRows(tables, new Set(open), search).map(({ about, kind, level, name }) => `${'  '.repeat(level - 1)}${kind} ${name} ${about}`)

test('parts of names are opened one by one, in the order of the columns', () => {
  expect(shown([])).toEqual(['table tasks 10', 'table gaps 0'])
  expect(shown(['tasks'])).toEqual(['table tasks 10', '  column task_id text', '  group used 2', '  column status text', '  column used text', 'table gaps 0'])
  expect(shown(['tasks', 'tasks:used', 'tasks:used.opt']).slice(2, 6)).toEqual(['  group used 2', '    column lr double', '    group opt 1', '      column name text'])
})

test('what is searched for is shown open, and tables without it are not', () => {
  expect(shown([], 'lr')).toContain('    column lr double')
  expect(shown([], 'lr')).not.toContain('table gaps 0')
  expect(shown([], 'gap')).toContain('table gaps 0')
})
