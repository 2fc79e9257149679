/** The order of lifelines, and what is folded. */
import { describe, expect, it } from 'vitest'
import type { Lifeline } from '#contract/agents'
import { columnPlaces, lifelineColumns } from './lifelineColumns.ts'

const line = (key: string, asks = 0, asked = 1): Lifeline => {
  const [kind, id = null] = key.split(':') as [Lifeline['kind'], string?]
  return { key, kind, id, name: null, asks, asked, failed: key === 'tool:broken' ? 1 : 0 }
}
const lifelines = [line('agent:planner', 9, 0), line('model:large'), line('tool:lookup'), line('tool:simulate', 1), line('model'), line('model:small'), line('tool:broken'), line('agent:reporter', 0, 2)]

describe('lifelines', () => {
  it('stand from those that ask to those that are asked, tools as one', () => {
    const { columns, at } = lifelineColumns(lifelines, [], {})
    expect(columns.map(({ name }) => name)).toEqual(['planner', 'large', 'small', 'model null', '3 tools', 'reporter'])
    expect(columns[4]).toMatchObject({ lines: 3, calls: 4, failed: 1 })
    expect(at.get('tool:simulate')).toBe(4)
    expect(at.get('agent:reporter')).toBe(5)
    expect(columns[3]?.unrecorded).toBe(true)
  })

  it('unfold, fold and hide as asked', () => {
    expect(lifelineColumns(lifelines, ['tool:broken'], { tool: false }).columns.map(({ name }) => name)).toEqual(['planner', 'large', 'small', 'model null', 'lookup', 'simulate', 'reporter'])
    const folded = lifelineColumns(lifelines, [], { model: true, agent: true })
    expect(folded.columns.map(({ name }) => name)).toEqual(['2 agents', '3 models', '3 tools'])
    expect(folded.at.get('agent:reporter')).toBe(folded.at.get('agent:planner'))
    expect(lifelineColumns(lifelines, ['tool:lookup', 'tool:broken'], {}).columns.map(({ name }) => name)).toContain('simulate')
  })

  it('spread over the pane, and scroll where they do not fit', () => {
    expect(columnPlaces(6, 900)).toEqual({ xs: [54, 197, 340, 484, 627, 770], widthPx: 900 })
    const { xs, widthPx } = columnPlaces(20, 700)
    expect(widthPx).toBe(54 * 2 + 76 + 19 * 104)
    expect(xs[1]).toBe(54 + 104)
    expect(columnPlaces(1, 700).xs).toEqual([54])
  })
})
