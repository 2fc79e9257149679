/** Two runs field by field: parameters of their workflows, inputs, outputs and what else the tasks in pairs hold. */
import type { Params, Result } from '#contract/methods'
import type { Cell } from '#contract/values'
import { textIn } from '../overview/taskColumns.ts'
import { cellReader } from '../table/cells.ts'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { type Alignment, withAlignment } from './alignment.ts'
import { carriedInputs } from './carriedInputs.ts'
import { type ComparedField, comparedFields, type LeftOut } from './comparedFields.ts'
import { type FieldCount, fieldCounts } from './fieldCounts.ts'
import { PairCache, type Sides } from './pairCache.ts'

type FieldRow = Result<'compare.fields'>['rows'][number]
type Section = Result<'compare.fields'>['sections'][number]
/** Of the workflows themselves where `ofTasks` is false. */
export type Compared = FieldCount & { readonly ofTasks: boolean; readonly carriedFrom: string | null }
export type ComparedRuns = { readonly counts: readonly Compared[]; readonly leftOut: readonly LeftOut[] }

const cellLength = 256
const kept = new PairCache<ComparedRuns>(4)

export async function compareFields(sides: Sides, { limit, match, offset, onlyDifferences }: Params<'compare.fields'>, signal: AbortSignal): Promise<Result<'compare.fields'>> {
  return await withAlignment(sides, match, signal, async (alignment) => {
    const { counts, leftOut } = await comparedRuns(alignment, match, signal)
    const isListed = ({ carriedFrom, differ }: Compared): boolean => !onlyDifferences || (differ > 0 && carriedFrom === null)
    const listed = counts.filter(isListed)
    const page = listed.slice(offset, offset + limit)
    return { total: listed.length, sections: sectionsOf(counts, isListed), rows: await rowsOf(alignment, page, signal), leftOut: [...leftOut] }
  })
}

/** All of it, in order: the workflows' own, then activities by their first start. */
export function comparedRuns(alignment: Alignment, match: string, signal: AbortSignal): Promise<ComparedRuns> {
  return kept.get(alignment, match, async () => {
    const tables = { a: alignment.a.table, b: alignment.b.table }
    const [ofWorkflows, ofTasks] = [comparedFields(tables.a, tables.b, 'workflows'), comparedFields(tables.a, tables.b, 'tasks')]
    const own = await fieldCounts(tables, workflowPairs(alignment), ofWorkflows.fields.filter(({ part }) => part !== 'status'), signal)
    const pairs = taskPairs(alignment)
    const tasks = inOrder(await fieldCounts(tables, pairs, ofTasks.fields, signal), await activityOrder(alignment, signal))
    const carried = await carriedInputs(tables, pairs, tasks, signal)
    const counts = [...own.map((count) => ({ ...count, ofTasks: false, carriedFrom: null })), ...tasks.map((count, at) => ({ ...count, ofTasks: true, carriedFrom: carried.get(at) ?? null }))]
    return { counts, leftOut: summed([...ofWorkflows.leftOut, ...ofTasks.leftOut]) }
  })
}

export const taskPairs = ({ pairs }: Alignment): Sql => ({ text: `SELECT pos, activity, line_a, line_b FROM ${pairs} WHERE line_a IS NOT NULL AND line_b IS NOT NULL`, values: [] })

function workflowPairs({ a, b, workflows }: Alignment): Sql {
  const line = ({ table }: typeof a, side: string): string => `JOIN (SELECT r.line, r.record_id FROM ${table.rows} r WHERE ${table.recordsPredicate('workflows')}) l${side} ON l${side}.record_id = w.${side}`
  return {
    text: `SELECT w.pos, NULL::VARCHAR AS activity, la.line AS line_a, lb.line AS line_b FROM (SELECT unnest(from_json(?, '[{"pos":"BIGINT","a":"VARCHAR","b":"VARCHAR"}]'), recursive := true)) w ${line(a, 'a')} ${line(b, 'b')}`,
    values: [JSON.stringify(workflows.map(([one, other], pos) => ({ pos, a: one, b: other })))]
  }
}

async function activityOrder({ a, pairs }: Alignment, signal: AbortSignal): Promise<(string | null)[]> {
  const rows = await a.table.query({ text: `SELECT activity FROM ${pairs} GROUP BY activity ORDER BY min(coalesce(start_a, start_b)) NULLS LAST, min(pos)`, values: [] }, signal)
  return rows.map((row) => textIn(row[0]))
}

function inOrder(counts: readonly FieldCount[], activities: readonly (string | null)[]): FieldCount[] {
  const place = new Map(activities.map((activity, at) => [activity, at]))
  return counts.toSorted((one, other) => (place.get(one.activity) ?? 0) - (place.get(other.activity) ?? 0))
}

function summed(leftOut: readonly LeftOut[]): LeftOut[] {
  return [...new Set(leftOut.map(({ what }) => what))].map((what) => ({ what, fields: leftOut.reduce((sum, one) => sum + (one.what === what ? one.fields : 0), 0) }))
}

/** Null stands for the workflows' own; an activity without a name is an empty text here. */
const sectionName = ({ activity, ofTasks }: Compared): string | null => (ofTasks ? (activity ?? '') : null)

function sectionsOf(counts: readonly Compared[], isListed: (count: Compared) => boolean): Section[] {
  const names = [...new Set(counts.map(sectionName))]
  return names.map((activity) => {
    const own = counts.filter((count) => sectionName(count) === activity)
    const carried = own.filter(({ carriedFrom }) => carriedFrom !== null)
    const sources = [...new Set(carried.map(({ carriedFrom }) => sourceOf(carriedFrom ?? '')))]
    return { activity, rows: own.filter(isListed).length, equal: own.filter(({ differ }) => differ === 0).length, carried: carried.length, carriedFrom: sources.length === 0 ? null : sources.join(', ') }
  })
}

/** The activity of `relax generated.omega`: names of fields may hold spaces, their first keys do not. */
const sourceOf = (carriedFrom: string): string => carriedFrom.replace(/ (?:used|generated)(?:\..*)?$/s, '')

async function rowsOf(alignment: Alignment, page: readonly Compared[], signal: AbortSignal): Promise<FieldRow[]> {
  const [ofTasks, ofWorkflows] = await Promise.all([true, false].map((are) => linesAt(alignment, page.filter((count) => count.ofTasks === are), are, signal)))
  return page.map((count): FieldRow => {
    const { carriedFrom, differ, field, means, pairs } = count
    const pair = (count.ofTasks ? ofTasks : ofWorkflows)?.get(count.first)
    const cells = pairs > 1 ? { a: means?.a ?? null, b: means?.b ?? null } : { a: pair?.a.get(field) ?? null, b: pair?.b.get(field) ?? null }
    const difference = means && differ > 0 ? means.b - means.a : null
    return {
      activity: sectionName(count), part: field.part, field: field.name, ...cells, pairs, differ, difference,
      percent: difference === null || means === null || means.a === 0 ? null : difference / Math.abs(means.a),
      taskA: count.ofTasks ? (pair?.idA ?? null) : null, taskB: count.ofTasks ? (pair?.idB ?? null) : null, carriedFrom
    }
  })
}

type Cells = ReadonlyMap<ComparedField, Cell>
type PairAt = { readonly idA: string; readonly idB: string; readonly a: Cells; readonly b: Cells }

/** The first pair of each count, by its `pos`, with the values of fields that only one pair holds. */
async function linesAt(alignment: Alignment, counts: readonly Compared[], ofTasks: boolean, signal: AbortSignal): Promise<Map<number, PairAt>> {
  if (counts.length === 0) return new Map()
  const pairs = ofTasks ? taskPairs(alignment) : workflowPairs(alignment)
  const wanted = [...new Set(counts.map(({ first }) => first))]
  const lines = await alignment.a.table.query({ text: `SELECT pos, line_a, line_b FROM (${pairs.text}) WHERE pos IN (${wanted.join(', ')})`, values: pairs.values }, signal)
  const fields = [...new Set(counts.filter((count) => count.pairs === 1).map(({ field }) => field))]
  const [a, b] = await Promise.all([cellsAt(alignment.a.table, 'a', lines.map((row) => row[1] as bigint), fields, signal), cellsAt(alignment.b.table, 'b', lines.map((row) => row[2] as bigint), fields, signal)])
  return new Map(lines.map((row) => [Number(row[0]), { idA: a.get(row[1] as bigint)?.id ?? '', idB: b.get(row[2] as bigint)?.id ?? '', a: a.get(row[1] as bigint)?.cells ?? new Map(), b: b.get(row[2] as bigint)?.cells ?? new Map() }]))
}

async function cellsAt(table: SourceTable, side: 'a' | 'b', lines: readonly bigint[], fields: readonly ComparedField[], signal: AbortSignal): Promise<Map<bigint, { id: string; cells: Cells }>> {
  const readers = fields.map((field) => cellReader(field[side], cellLength))
  const rows = await table.query({ text: `SELECT ${['r.line', 'r.record_id', ...readers.flatMap(({ sql }) => sql)].join(', ')} FROM ${table.rows} r WHERE r.line IN (${[...new Set(lines)].join(', ') || 'NULL'})`, values: [] }, signal)
  return new Map(
    rows.map((row) => {
      const cells = new Map<ComparedField, Cell>()
      let at = 2
      for (const [index, field] of fields.entries()) {
        cells.set(field, readers[index]?.read(row, at) ?? null)
        at += readers[index]?.sql.length ?? 0
      }
      return [row[0] as bigint, { id: String(row[1]), cells }]
    })
  )
}
