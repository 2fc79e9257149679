import { expect, test } from 'vitest'
import { plainComparing } from './comparing.ts'
import { hashOf, readHash } from './location.ts'
import { chipOf } from './scope.ts'

const plain = { view: 'overview', sourceId: null, records: 'tasks', node: null, chips: [], search: '', range: null, selection: null, lineage: null, pair: { a: null, b: null }, moment: null } as const

test('nothing set is a short address', () => {
  expect(hashOf({ ...plain, chips: [] })).toBe('#/overview')
})

test('an address gives back what it was made of', () => {
  const state = {
    view: 'timeline' as const,
    sourceId: 's 1&2',
    records: 'messages' as const,
    node: { key: 'w/1?', kind: 'workflow' as const, name: 'train #2', filter: { workflow_id: 'a%b' } },
    chips: [chipOf({ 'used.lr': { $lt: 0.1 } }), { ...chipOf({ status: 'ERROR' }), on: false }],
    search: 'a & b = ?#',
    range: { from: 1784500000.25, to: 1784514000 },
    selection: { id: 't 1&2', column: null },
    lineage: { taskId: 't/1', column: 'used.x.y', direction: 'up' as const, to: null },
    pair: { a: { sourceId: 's1', kind: 'workflow' as const, id: 'w' }, b: { sourceId: 's2', kind: 'all' as const, id: null } },
    compare: { ...plainComparing, as: 'sweep' as const, brush: [{ column: 'used.lr', op: 'between' as const, value: 0.1, upTo: 0.2 }] },
    lanes: { by: 'host' as const, within: 'activity' as const, window: { from: 1784505870.5, to: 1784505878.25 } },
    moment: 1784505878.125
  }
  const read = readHash(hashOf(state))
  expect({ ...read, chips: read.chips?.map(({ filter, on }) => ({ filter, on })) }).toEqual({ ...state, chips: state.chips.map(({ filter, on }) => ({ filter, on })) })
})

test.each(['#/nowhere', '#/table?filter=%7B', '#/table?filter={"a":1}&node=[]&time=x,y&records=cats', '#'])('what no workbench wrote (%s) is as if it were not there', (hash) => {
  expect(readHash(hash)).toMatchObject({ records: 'tasks', node: null, chips: [], search: '', range: null })
})
