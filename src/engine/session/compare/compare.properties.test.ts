/** What holds of any two runs: a run differs in nothing from itself, swapping the two mirrors everything, and each task is counted once. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import '../../../testing/propertySeed.ts'
import type { JsonObject } from '#contract/json'
import { tinyTable } from '../../../testing/tinyTable.ts'
import type { Match } from './alignment.ts'
import { compareFields } from './compareFields.ts'
import { compareSummary } from './compareSummary.ts'
import { compareUnmatched } from './compareUnmatched.ts'

const { signal } = new AbortController()
const names = { a: '', b: '' }
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 'x', 'y', true, null))
const task = fc.record({
  activity: fc.constantFrom('p', 'q', null),
  start: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }),
  status: fc.constantFrom('FINISHED', 'ERROR'),
  used: fc.dictionary(fc.constantFrom('i', 'x', 'list'), value),
  generated: fc.dictionary(fc.constantFrom('y', 'z'), value),
  parent: fc.option(fc.nat(6), { nil: null }),
  sub: fc.boolean()
})
type Task = typeof task extends fc.Arbitrary<infer T> ? T : never
const runs = fc.record({ A: fc.array(task, { maxLength: 7 }), B: fc.array(task, { maxLength: 7 }), match: fc.constantFrom<Match[]>('order', 'inputs', 'parent') })

function records(workflow: 'A' | 'B', tasks: readonly Task[]): JsonObject[] {
  const flows = [{ type: 'workflow', workflow_id: workflow, name: 'w', used: { n: workflow } }, { type: 'workflow', workflow_id: `${workflow}-sub`, parent_workflow_id: workflow, name: 'sub' }]
  const list = tasks.map(({ activity, generated, parent, start, status, sub, used }, at): JsonObject => ({
    type: 'task', task_id: `${workflow}${at}`, workflow_id: sub ? `${workflow}-sub` : workflow, ...(activity !== null && { activity_id: activity }), status,
    ...(start !== null && { started_at: 1_700_000_000 + start, ended_at: 1_700_000_001 + start }), ...(Object.keys(used).length > 0 && { used }), ...(Object.keys(generated).length > 0 && { generated }),
    ...(parent !== null && { parent_task_id: `${workflow}${parent}` })
  }))
  return [...flows, ...list]
}

it('a run differs in nothing from itself, swapping mirrors, each task counts once', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ A, B, match }) => {
      const table = await tinyTable([...records('A', A), ...records('B', B)])
      const ask = async (one: string, other: string) => {
        const [a, b] = [{ sourceId: 'tiny', kind: 'workflow' as const, id: one }, { sourceId: 'tiny', kind: 'workflow' as const, id: other }]
        const sides = { a: { table, run: a }, b: { table, run: b } }
        const page = { a, b, match, offset: 0, limit: 1000 }
        return {
          summary: await compareSummary(sides, { a, b, match }, names, signal),
          fields: await compareFields(sides, { ...page, onlyDifferences: false }, signal),
          onlyA: await compareUnmatched(sides, { ...page, which: 'onlyA' }, signal),
          onlyB: await compareUnmatched(sides, { ...page, which: 'onlyB' }, signal)
        }
      }
      const [self, there, back] = [await ask('A', 'A'), await ask('A', 'B'), await ask('B', 'A')]
      table.close()
      expect(self.summary).toMatchObject({ matched: A.length, onlyA: 0, onlyB: 0, statusChanged: 0, parameters: { differ: 0 }, inputs: { differ: 0 }, outputs: { differ: 0 } })
      expect(self.fields.rows.every(({ differ }) => differ === 0)).toBe(true)
      expect(there.summary.matched + there.summary.onlyA).toBe(A.length)
      expect(there.summary.matched + there.summary.onlyB).toBe(B.length)
      const { summary } = back
      expect({ ...there.summary, a: null, b: null }).toEqual({ ...summary, a: null, b: null, onlyA: summary.onlyB, onlyB: summary.onlyA })
      const ids = (of: typeof there.onlyA): string[] => of.groups.flatMap(({ tasks }) => tasks).toSorted()
      expect([ids(there.onlyA), ids(there.onlyB)]).toEqual([ids(back.onlyB), ids(back.onlyA)])
      const figures = (of: typeof there.fields, [a, b]: ['a' | 'b', 'a' | 'b']): unknown[] => of.rows.map((row) => JSON.stringify([row.activity, row.field, row.pairs, row.differ, row[a], row[b], Math.abs(row.difference ?? 0)])).toSorted()
      expect(figures(there.fields, ['a', 'b'])).toEqual(figures(back.fields, ['b', 'a']))
    }),
    { numRuns: 10 }
  )
}, 300_000)
