import { expect, test } from 'vitest'
import type { Call } from '#contract/dispatch'
import type { Cell } from '#contract/values'
import { maxCopiedCells } from '../../state/copyCells.ts'
import { copyRange } from './copyRange.ts'

const rows: Cell[][] = [
  ['a\tb', 1, null, { int: '9007199254740993' }],
  ['say "x"\nline', 0.1, true, { float: 'NaN' }],
  ['ключ', -0, { json: '[1, 2]' }, { float: '-0' }]
]
const view = { sourceId: 's', records: 'tasks' as const, scope: { filter: {}, search: '' }, sort: [], columns: ['used.a', 'b', 'c', 'd'] }
const asked: unknown[] = []
const call = (async (_method: string, params: { columns: string[]; offset: number; limit: number; cellLength: number }) => {
  asked.push(params)
  const at = params.columns.map((name) => view.columns.indexOf(name))
  const page = rows.slice(params.offset, params.offset + params.limit)
  return { ok: true, value: { revision: 1, total: 3, unfiltered: 3, queryMs: 1, rows: page.map((cells, index) => ({ id: String(index), status: null, cells: at.map((column) => cells[column] ?? null) })) } }
}) as unknown as Call

test('tab-separated text has a head, exact values, and quotes what would break a cell', async () => {
  const { text, cells } = await copyRange(call, view, { top: 0, bottom: 2, left: 0, right: 3 }, 'tsv')
  expect(text).toBe('used.a\tb\tc\td\n"a\tb"\t1\t\t9007199254740993\n"say ""x""\nline"\t0.1\ttrue\tNaN\nключ\t0\t[1, 2]\t-0')
  expect(cells).toBe(12)
  expect(asked.at(-1)).toMatchObject({ cellLength: 0 })
})

test('one cell is copied bare', async () => {
  expect((await copyRange(call, view, { top: 2, bottom: 2, left: 0, right: 0 }, 'tsv')).text).toBe('ключ')
  expect((await copyRange(call, view, { top: 0, bottom: 0, left: 3, right: 3 }, 'json')).text).toBe('9007199254740993')
})

test('JSON keeps dotted names, null, integers of any size and lists', async () => {
  const { text } = await copyRange(call, view, { top: 0, bottom: 1, left: 0, right: 3 }, 'json')
  expect(text).toBe('[\n  {"used.a": "a\\tb", "b": 1, "c": null, "d": 9007199254740993},\n  {"used.a": "say \\"x\\"\\nline", "b": 0.1, "c": true, "d": NaN}\n]')
})

test('a rectangle too large for a clipboard is refused, not cut', async () => {
  await expect(copyRange(call, view, { top: 0, bottom: maxCopiedCells, left: 0, right: 0 }, 'tsv')).rejects.toThrow(/Export them as CSV/)
})
