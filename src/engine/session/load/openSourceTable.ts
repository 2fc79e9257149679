/** What queries have to know of an open source's table: columns, shapes, counts, all as of the last transaction. */
import type { Source } from '#contract/sources'
import type { Records } from '#contract/values'
import { Catalogue, type ExactFilled } from '../table/catalogue.ts'
import type { Database } from '../table/database.ts'
import type { Leaf, Shape } from '../table/shape.ts'
import type { Vocabulary } from './shapeNews.ts'
import type { ColumnState } from './shapes.ts'
import { kindNumber, type NamedColumn } from '../table/sourceTable.ts'

const recordKinds = { tasks: kindNumber.task, workflows: kindNumber.workflow, agents: kindNumber.agent, objects: kindNumber.object } as const
/** Expressions in one counting query. */
const countedAtOnce = 300

export class OpenSourceTable {
  revision = 0
  readonly shapes: Shape[] = []
  readonly counts: Source['counts'] = { messages: 0, tasks: 0, workflows: 0, agents: 0, objects: 0 }
  /** Tasks whose status is ERROR. */
  errors = 0
  private readonly leaves: Leaf[] = []
  private readonly physical: ColumnState[] = []
  private catalogue = new Catalogue([])

  constructor(
    private readonly database: Database,
    private readonly rows: string
  ) {}

  recordsPredicate(records: Records): string {
    return records === 'messages' ? 'r.is_message' : `(r.is_record AND r.kind = ${recordKinds[records]})`
  }

  columns(records: Records): readonly NamedColumn[] {
    return this.catalogue.columns(records)
  }

  column(records: Records, name: string): NamedColumn | undefined {
    return this.catalogue.column(records, name)
  }

  get physicalColumns(): readonly ColumnState[] {
    return this.physical
  }

  /** The same names over other rows, which may have further shapes. */
  over(rows: string, further: readonly Shape[]): OpenSourceTable {
    const other = new OpenSourceTable(this.database, rows)
    other.revision = this.revision
    other.physical.push(...this.physical)
    other.shapes.push(...this.shapes, ...further)
    other.catalogue = this.catalogue
    return other
  }

  learn({ columns, leaves, shapes }: Vocabulary): void {
    for (const leaf of leaves) this.leaves.push(leaf)
    for (const { id, leaves: numbers } of shapes) this.shapes[id] = { id, leaves: Array.from(numbers, (number) => this.leaves[number] as Leaf) }
    for (const column of columns) this.physical[column.index] = column
    this.catalogue = new Catalogue(this.physical)
    this.revision++
  }

  /** Number of the next row. */
  async nextLine(): Promise<number> {
    const [row] = await this.database.query({ text: `SELECT coalesce(max(line) + 1, 0) FROM ${this.rows}`, values: [] })
    return Number(row?.[0] ?? 0)
  }

  async count(): Promise<void> {
    const status = this.column('tasks', 'status')?.sql ?? 'NULL::VARCHAR'
    const kinds = Object.values(recordKinds).map((kind) => `count(*) FILTER (r.is_record AND r.kind = ${kind})`)
    const [row] = await this.database.query({
      text: `SELECT count(*) FILTER (r.is_message), ${kinds.join(', ')}, count(*) FILTER (r.is_record AND r.kind = 0 AND ${status}::VARCHAR IN ('ERROR', '"ERROR"')) FROM ${this.rows} r`,
      values: []
    })
    const [messages = 0, tasks = 0, workflows = 0, agents = 0, objects = 0, errors = 0] = (row ?? []).map(Number)
    Object.assign(this.counts, { messages, tasks, workflows, agents, objects })
    this.errors = errors
  }

  /**
   * How many records have a value in each column, exactly: before this, it is how many of their messages have. Messages are counted
   * as they are read; they have to be counted anew once rows have been taken away.
   */
  async countFilled(messagesToo: boolean): Promise<void> {
    const exact: ExactFilled = {}
    for (const records of ['tasks', 'workflows', 'agents', 'objects', ...(messagesToo ? (['messages'] as const) : [])] as const) {
      const columns = this.catalogue.allColumns(records)
      const counts = new Map<string, number>()
      for (let at = 0; this.counts[records] > 0 && at < columns.length; at += countedAtOnce) {
        const some = columns.slice(at, at + countedAtOnce)
        const [row] = await this.database.query({ text: `SELECT ${some.map((column) => `count(${column.sql})`).join(', ')} FROM ${this.rows} r WHERE ${this.recordsPredicate(records)}`, values: [] })
        for (const [index, column] of some.entries()) counts.set(column.name, Number(row?.[index] ?? 0))
      }
      exact[records] = counts
    }
    this.catalogue = new Catalogue(this.physical, exact)
    this.revision++
  }
}
