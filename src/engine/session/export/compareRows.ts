/** Rows that were read back, one by one beside those of the table: for formats that DuckDB does not read, or that it wrote. */
import type { ExportCheck } from '#contract/exports'
import type { SqlResult } from '../table/sourceTable.ts'
import type { OutColumn, OutTable } from './outTable.ts'
import { check, number } from './tableFacts.ts'

type Value = SqlResult[number]

export class RowComparison {
  rows = 0
  private empty = 0
  private emptyExpected = 0
  private values = 0
  private readonly others = new Map<string, number>()

  constructor(
    private readonly out: OutTable,
    private readonly cells: readonly string[],
    private readonly signal: AbortSignal,
    /** How a value of DuckDB is compared, and what else may stand for it. */
    private readonly options: { readonly normal?: (value: Value, column: OutColumn) => Value; readonly mayBe?: (found: Value) => boolean } = {}
  ) {}

  /** The next rows; `valueOf` is what was read of one, null for what is empty; of several that it may be, that which should be. */
  async next(count: number, valueOf: (row: number, column: OutColumn, at: number, should: Value) => Value): Promise<void> {
    const { mayBe, normal } = this.options
    const { from } = await this.out.rows({ from: this.rows, to: this.rows + count }, this.signal)
    const expected = await this.out.query({ text: `SELECT ${this.cells.join(', ')} ${from} ORDER BY o.i`, values: [] }, this.signal)
    for (let row = 0; row < Math.min(count, expected.length); row++) {
      for (const [at, column] of this.out.columns.entries()) {
        const raw = expected[row]?.[at] ?? null
        const should = raw !== null && normal ? normal(raw, column) : raw
        const is = valueOf(row, column, at, should)
        if (should === null) this.emptyExpected++
        else this.values++
        if (is === null) this.empty++
        if (!sameValue(should, is) && !mayBe?.(is)) this.others.set(column.name, (this.others.get(column.name) ?? 0) + 1)
      }
    }
    this.rows += count
  }

  checks(): ExportCheck[] {
    const others = [...this.others].map(([name, count]) => `${number(count)} in ${name}`)
    const values = number(this.values)
    return [
      check('rows', number(this.out.total), number(this.rows)),
      check('empty cells', number(this.emptyExpected), number(this.empty)),
      check('values', values, others.length === 0 ? values : `others: ${others.slice(0, 3).join(', ')}${others.length > 3 ? ' …' : ''}`, others.length === 0)
    ]
  }
}

/** An integer is the same number however it came. */
export function sameValue(one: Value, other: Value): boolean {
  if (Object.is(one, other)) return true
  return typeof one === 'bigint' && (typeof other === 'bigint' || typeof other === 'number') && one === BigInt(other)
}
