/** What a watch looks for, as people read it. */
import { expect, test } from 'vitest'
import type { DraftWatch } from '#contract/watches'
import { watchSentence } from './watchSentence.ts'

const everything = { filter: {}, search: '' }
const watch = (part: Partial<DraftWatch>): DraftWatch => ({ name: 'w', source: null, within: everything, match: everything, condition: { kind: 'any' }, notify: false, ...part })

test.each([
  [watch({ match: { filter: { status: 'ERROR' }, search: '' } }), 'There are tasks with status = ERROR'],
  [watch({}), 'There are any tasks'],
  [watch({ match: { filter: { 'used.lr': { $gt: 0.1 } }, search: 'nan' }, condition: { kind: 'count', than: 'above', tasks: 1200 } }), 'More than 1,200: tasks with used.lr > 0.1 and “nan”'],
  [watch({ match: { filter: { status: 'ERROR' }, search: '' }, within: { filter: { workflow_name: 'etl' }, search: '' }, condition: { kind: 'share', above: 0.07 } }), 'More than 7 %: tasks with status = ERROR, of those with workflow_name = etl'],
  [watch({ condition: { kind: 'stalled', seconds: 300 } }), 'Nothing arrives for 5 min of any task'],
  [watch({ condition: { kind: 'metric', column: 'generated.loss', of: 'latest', than: 'above', value: 0.3 } }), 'The latest generated.loss is above 0.3, of any task']
])('%#', (given, words) => {
  expect(watchSentence(given)).toBe(words)
})
