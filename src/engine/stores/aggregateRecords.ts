/** Figures over records, as `Flowcept.db` asks for them: a list of functions and fields, grouped by at most one field. */
import type { FilterNode } from '#contract/filter'
import { setField, stringifyJson, type JsonObject, type JsonValue } from '#contract/json'
import { Refusal } from '#contract/reply'
import type { RecordKind } from '#engine/records/classify'
import { compareValues, sortKey } from './compareValues.ts'
import { valuesAt } from './matchFilter.ts'
import type { Store, StoreSort } from './store.ts'

export const aggregateFunctions = ['avg', 'sum', 'min', 'max', 'count', 'first', 'last', 'stdDevPop', 'stdDevSamp'] as const
export type AggregateFunction = (typeof aggregateFunctions)[number]

export type Aggregation = {
  readonly filter?: FilterNode | undefined
  /** At most one: the field to group by. */
  readonly projection?: readonly string[] | undefined
  readonly aggregation: readonly (readonly [fn: string, field: string])[]
  /** By names of the result, such as `avg_used_n`. */
  readonly sort?: readonly StoreSort[] | undefined
  readonly limit?: number | undefined
}

const maxGroups = 1_000_000

/**
 * One row a group, in the order in which groups are first met (ids of records) unless sorted: the group's value under its field, and
 * `<fn>_<field>`, dots as underscores. As in Mongo avg, sum and the deviations take numbers only, min and max anything but null; count
 * counts records that have the field. Records are read once, with only the fields needed; times are epoch seconds.
 * @throws Refusal for an unknown function, more than one field to group by, or too many groups
 */
export async function aggregateRecords(store: Store, kind: RecordKind, request: Aggregation): Promise<JsonObject[]> {
  const { filter, projection = [], aggregation, sort = [], limit = Infinity } = request
  if (projection.length > 1) throw new Refusal('bad-request', 'Grouping is by one field at most.')
  const parts = aggregation.map(([fn, name]) => ({ fn: checked(fn), name, keys: name.split('.'), label: `${fn}_${underscored(name)}` }))
  const group = projection[0]
  const groups = new Map<string, { value: JsonValue; figures: Figure[] }>()
  const fields = [...new Set([...projection, ...parts.map(({ name }) => name)])]
  for await (const document of store.query(kind, { filter, projection: fields })) {
    const value = group === undefined ? null : (valueAt(document, group.split('.')) ?? null)
    const key = stringifyJson(value)
    let row = groups.get(key)
    if (!row) {
      if (groups.size === maxGroups) throw new Refusal('bad-request', `${group} has more than ${maxGroups.toLocaleString('en')} values; group by another field.`)
      groups.set(key, (row = { value, figures: parts.map(({ fn }) => new Figure(fn)) }))
    }
    for (const [index, { keys }] of parts.entries()) row.figures[index]?.add(valueAt(document, keys))
  }
  const rows = [...groups.values()].map(({ value, figures }) => {
    const row: JsonObject = {}
    if (group !== undefined) setField(row, underscored(group), value)
    for (const [index, { label }] of parts.entries()) setField(row, label, figures[index]?.result() ?? null)
    return row
  })
  return rows.toSorted((left, right) => compareRows(left, right, sort)).slice(0, limit)
}

class Figure {
  private count = 0
  private readonly sum = new ExactSum()
  private mean = 0
  private squares = 0
  private numbers = 0
  private kept: JsonValue | undefined

  constructor(private readonly fn: AggregateFunction) {}

  add(value: JsonValue | undefined): void {
    if (this.fn === 'first' && this.count === 0) this.kept = value ?? null
    if (this.fn === 'last') this.kept = value ?? null
    if (value !== undefined || this.fn === 'first') this.count++
    if (this.fn === 'min' || this.fn === 'max') this.addExtreme(value, this.fn === 'min' ? -1 : 1)
    if (typeof value !== 'number' && typeof value !== 'bigint') return
    this.sum.add(value)
    this.numbers++
    const delta = Number(value) - this.mean
    this.mean += delta / this.numbers
    this.squares += delta * (Number(value) - this.mean)
  }

  result(): JsonValue {
    switch (this.fn) {
      case 'count':
        return this.count
      case 'sum':
        return this.sum.value()
      case 'avg':
        return this.numbers === 0 ? null : Number(this.sum.value()) / this.numbers
      case 'stdDevPop':
        return this.numbers === 0 ? null : Math.sqrt(this.squares / this.numbers)
      case 'stdDevSamp':
        return this.numbers < 2 ? null : Math.sqrt(this.squares / (this.numbers - 1))
      default:
        return this.kept ?? null
    }
  }

  private addExtreme(value: JsonValue | undefined, sign: 1 | -1): void {
    if (value === undefined || value === null) return
    if (this.kept === undefined || compareValues(value, this.kept) * sign > 0) this.kept = value
  }
}

/** Integers add up exactly; what is no integer is added as a double. */
class ExactSum {
  private integers = 0n
  private others = 0
  private hasOthers = false

  add(value: number | bigint): void {
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) this.integers += BigInt(value)
    else {
      this.others += value
      this.hasOthers = true
    }
  }

  value(): number | bigint {
    if (this.hasOthers) return Number(this.integers) + this.others
    const number = Number(this.integers)
    return Number.isSafeInteger(number) ? number : this.integers
  }
}

/** As an expression in Mongo has it: a list of dicts on the way gives a list. */
function valueAt(document: JsonObject, keys: readonly string[]): JsonValue | undefined {
  const values = valuesAt(document, keys)
  return values.length > 1 ? values : values[0]
}

function compareRows(left: JsonObject, right: JsonObject, sort: readonly StoreSort[]): number {
  for (const by of sort) {
    const order = compareValues(sortKey(left, by), sortKey(right, by))
    if (order !== 0) return by.descending ? -order : order
  }
  return 0
}

function checked(fn: string): AggregateFunction {
  const known = aggregateFunctions.find((name) => name === fn)
  if (!known) throw new Refusal('bad-request', `${fn} is no aggregation. There are ${aggregateFunctions.join(', ')}.`)
  return known
}

function underscored(name: string): string {
  return name.replaceAll('.', '_')
}
