import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SweepColumn } from '#contract/compare'
import '../../../testing/propertySeed.ts'
import { bestOf, conditionText, defaultColumns, defaultObjective, groupColumns, meets, numberOf, passing, scaleOf, type SweepData, sweepText } from './sweepModel.ts'

const column = (name: string, role: SweepColumn['role'], more: Partial<SweepColumn> = {}): SweepColumn => ({ name, role, type: 'number', unit: null, filled: 4, distinct: 3, min: 0, max: 1, log: false, ...more })
const run = (id: string, status: string | null, cells: SweepData['rows'][number]['cells']): SweepData['rows'][number] => ({ id, name: id, label: id, status, cells })
const data: SweepData = {
  columns: ['duration', 'generated.residual'],
  rows: [run('quick but failed', 'ERROR', [0.1, null]), run('slow', 'FINISHED', [4, 1e-7]), run('good', 'FINISHED', [2, 1e-6]), run('rough', 'FINISHED', [1, 1e-4]), run('same as good', 'FINISHED', [2, 1e-6])]
}

test('the best met the conditions and did not fail', () => {
  const where = [{ column: 'generated.residual', op: '<=' as const, value: 1e-5 }]
  const met = data.rows.filter(passing(data, where))
  expect(met.map(({ id }) => id)).toEqual(['slow', 'good', 'same as good'])
  expect(bestOf(data, met, { column: 'duration', goal: 'min' })?.id).toBe('good')
  expect(bestOf(data, data.rows, { column: 'duration', goal: 'min' })?.id).toBe('rough')
  expect(bestOf(data, data.rows, { column: 'duration', goal: 'max' })?.id).toBe('slow')
  expect(bestOf(data, data.rows, { column: 'nowhere', goal: 'min' })).toBeNull()
})

test('null and NaN meet no condition', () => {
  fc.assert(
    fc.property(fc.constantFrom('<', '<=', '>', '>=', '=', 'between'), fc.double({ noNaN: true }), fc.constantFrom(null, NaN), (op, bound, value) => {
      expect(meets(value, { column: 'x', op, value: bound, upTo: bound })).toBe(false)
    })
  )
})

test('a condition says what arithmetic says', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), fc.nat(5), (value, bound, room) => {
      const is = (op: '<' | '<=' | '>' | '>=' | '=' | 'between'): boolean => meets(value, { column: 'x', op, value: bound, upTo: bound + room })
      expect([is('<'), is('<='), is('>'), is('>='), is('=')]).toEqual([value < bound, value <= bound, value > bound, value >= bound, value === bound])
      expect(is('between')).toBe(value >= bound && value <= bound + room)
    })
  )
})

test('integers beyond doubles and booleans have places on an axis; text has none', () => {
  expect([numberOf({ int: '12345678901234567890' }), numberOf(true), numberOf('7'), numberOf(null), numberOf({ float: 'NaN' })]).toEqual([12345678901234567000, 1, null, null, null])
})

test('what varies is shown, some of each role, numbers first, no copies, and the objective always', () => {
  const columns = [
    column('used.name', 'parameter', { type: 'text' }),
    column('used.nx', 'parameter', { max: 64 }),
    column('used.grid.nx', 'parameter', { max: 64 }),
    column('used.tol', 'parameter', { distinct: 1 }),
    column('used.sometimes', 'parameter', { distinct: 1, filled: 2 }),
    column('used.never', 'parameter', { distinct: 0, filled: 0 }),
    column('generated.b', 'result', { distinct: 2, max: 3 }),
    column('generated.a', 'result', { distinct: 4 }),
    column('generated.nx', 'result', { max: 64 }),
    column('tasks', 'figure'),
    column('duration', 'figure', { unit: 's' })
  ]
  const groups = groupColumns(columns, 4)
  expect(groups.constant.map(({ name }) => name)).toEqual(['used.tol'])
  expect(groups.empty.map(({ name }) => name)).toEqual(['used.never'])
  expect(defaultObjective(columns)).toEqual({ column: 'duration', goal: 'min' })
  expect(defaultColumns(groups.varying, 'used.tol')).toEqual(['used.nx', 'used.sometimes', 'used.name', 'generated.a', 'generated.b', 'duration', 'used.tol'])
})

test('lengths of time and sizes share the unit of their column', () => {
  const scale = scaleOf(column('duration', 'figure', { unit: 's', max: 0.025 }))
  expect([sweepText(0.00182, scale), sweepText(null, scale), sweepText('text', scale)]).toEqual(['1.82', 'null', 'text'])
  expect(conditionText({ column: 'duration', op: 'between', value: 0.001, upTo: 0.0035 }, scale)).toBe('1 – 3.5 ms')
  expect(conditionText({ column: 'r', op: '<=', value: 1e-5 }, scaleOf(undefined))).toBe('≤ 1e−5')
})
