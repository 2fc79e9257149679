/** The flags that say which records, columns and order are meant, read from text. */
import { isJsonObject, type JsonValue, JsonSyntaxError, parseJson } from '#contract/json'
import { type Records, recordsSchema, type Scope, type Sort } from '#contract/values'
import { WrongUse } from './wrongUse.ts'

export type SelectionFlags = { records?: string; filter?: string; search?: string; columns?: string[]; sort?: string[] }
export type Selection = { records: Records; scope: Scope; columns: string[] | null; sort: Sort }

export function readSelection({ records = 'tasks', filter, search = '', columns, sort = [] }: SelectionFlags): Selection {
  const kind = recordsSchema.safeParse(records)
  if (!kind.success) throw new WrongUse(`--records is one of ${recordsSchema.options.join(', ')}, not ${JSON.stringify(records)}`)
  return {
    records: kind.data,
    scope: { filter: filter === undefined ? {} : readFilter(filter), search },
    columns: columns === undefined ? null : columns.flatMap(readNames),
    sort: sort.flatMap(readNames).map(readSort)
  }
}

/** Names between commas; as a JSON list where a name has a comma in it. */
export function readNames(text: string): string[] {
  if (text.trimStart().startsWith('[')) {
    const list = readJson(text, 'A list of names')
    if (!Array.isArray(list) || !list.every((name) => typeof name === 'string')) throw new WrongUse(`Not a list of names: ${text}`)
    return list
  }
  return text.split(',').map((name) => name.trim()).filter((name) => name !== '')
}

function readSort(text: string): Sort[number] {
  const [, column = text, direction] = /^(.+):(asc|desc)$/s.exec(text) ?? []
  return { column, descending: direction === 'desc' }
}

function readFilter(text: string): Record<string, unknown> {
  const filter = readJson(text, '--filter')
  if (!isJsonObject(filter)) throw new WrongUse('--filter is an object, such as {"status": "ERROR"}')
  return filter
}

function readJson(text: string, what: string): JsonValue {
  try {
    return parseJson(text)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new WrongUse(`${what} is not JSON: ${error.message}\n${pointAt(text, error.position)}`)
  }
}

/** The line of the mistake, and an arrow below it. */
function pointAt(text: string, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1
  const line = text.slice(start).split('\n')[0] ?? ''
  return `  ${line}\n  ${' '.repeat(position - start)}^`
}
