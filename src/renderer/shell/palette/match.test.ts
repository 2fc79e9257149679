import { expect, test } from 'vitest'
import { match } from './match.ts'

test('all words must be there, in any order', () => {
  expect(match('Add a filter…', 'filter add')?.places).toEqual([[0, 3], [6, 12]])
  expect(match('Add a filter…', 'filter remove')).toBeNull()
})

test('the start of a word beats the middle of one, the start of all beats both', () => {
  const scores = ['Filter: status', 'Add a filter', 'Unfiltered'].map((title) => match(title, 'filter')?.score ?? 0)
  expect(scores).toEqual([...scores].sort((a, b) => b - a))
})

test('the marked place is the best one', () => {
  expect(match('unfilter filter', 'filter')?.places).toEqual([[9, 15]])
})

test('marks never overlap', () => {
  expect(match('filter', 'fil filter')?.places).toEqual([[0, 3]])
})
