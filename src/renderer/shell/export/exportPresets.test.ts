/** What is kept of an export under a name. */
import { expect, test } from 'vitest'
import { plainChoice } from '../../state/exportChoice.ts'
import { readPresets, withPreset } from './exportPresets.ts'

test('one of the same name gives way in its place', () => {
  const first = withPreset([], { name: ' nightly ', choice: { ...plainChoice, to: 'parquet' } })
  const second = withPreset(first, { name: 'other', choice: plainChoice })
  const third = withPreset(second, { name: 'nightly', choice: { ...plainChoice, to: 'tsv' } })
  expect(third.map(({ name, choice }) => [name, choice.to])).toEqual([['nightly', 'tsv'], ['other', 'csv']])
})

test('neither a password nor a selection is kept', () => {
  const [kept] = withPreset([], { name: 'a', choice: { ...plainChoice, to: 'mongodb', about: 'selected', uri: 'mongodb://ana:secret@h/db' } })
  expect(kept?.choice).toMatchObject({ about: 'filtered', uri: 'mongodb://ana@h/db' })
  expect(withPreset([], { name: 'a', choice: { ...plainChoice, about: 'whole' } })[0]?.choice.about).toBe('whole')
})

test('what an other version kept is read as far as it can be', () => {
  expect(readPresets([null, 3, {}, { name: '' }, { name: 'a' }, { name: 'b', choice: { to: 'arrow', odd: 1 } }])).toEqual([
    { name: 'a', choice: plainChoice },
    { name: 'b', choice: { ...plainChoice, to: 'arrow' } }
  ])
})
