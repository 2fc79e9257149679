import { expect, test } from 'vitest'
import { type Comparing, comparingText, plainComparing, readComparing } from './comparing.ts'

test('what is as by default takes no room in the address', () => {
  expect(comparingText(plainComparing)).toBeNull()
  expect(readComparing(null)).toEqual(plainComparing)
})

test('an address gives back what it was made of', () => {
  const comparing: Comparing = {
    as: 'sweep',
    match: 'inputs',
    all: true,
    row: 'task',
    runs: ['w1', 'w 2'],
    objective: { column: 'generated.loss', goal: 'max' },
    where: [{ column: 'generated.residual', op: '<=', value: 1e-5 }],
    brush: [{ column: 'used.omega', op: 'between', value: 1.15, upTo: 1.65 }],
    columns: ['used.omega', 'duration'],
    sort: [{ column: 'duration', descending: true }],
    chosen: 'w1',
    x: 'duration',
    y: 'generated.residual',
    marks: ''
  }
  expect(readComparing(JSON.parse(comparingText(comparing) ?? ''))).toEqual(comparing)
})

test('what no workbench wrote is as by default', () => {
  const odd = { as: 'cats', match: 1, all: 'yes', row: null, runs: [1], objective: { goal: 'max' }, where: [{ column: 'x', op: '~', value: 1 }, { column: 'y', op: 'between', value: 1 }, 3], brush: {}, columns: 'x', sort: [{}], chosen: 5 }
  expect(readComparing(odd)).toEqual(plainComparing)
})
