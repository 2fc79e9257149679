/** `provscope query`: records of a selection on stdout, page by page, as a table, CSV, JSON or JSON lines. */
import type { Result } from '#contract/methods'
import type { Column } from '#contract/tables'
import type { Cell } from '#contract/values'
import { cellAsJson, cellForPeople, standardJson } from './cellText.ts'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import type { Selection } from './selection.ts'
import { type ListedColumn, selectedColumns } from './selectedColumns.ts'
import { textTable } from './textTable.ts'

export const formats = ['table', 'csv', 'json', 'jsonl'] as const
export type Format = (typeof formats)[number]

export type Query = { selection: Selection; offset: number; limit: number | null; format: Format }
export type QueryContext = {
  output: Output
  /** Columns of the terminal that is written to; null if it is none. */
  terminalColumns: number | null
  /** For what the results do not say themselves. */
  onNote: (note: string) => void
}

const pageSize = 2000
/** A table is for looking at. */
const tableRows = 50
/** What one page may be asked for. */
const mostColumns = 500

export async function query(session: Session, { selection, offset, limit, format }: Query, context: QueryContext): Promise<void> {
  const columns = await selectedColumns(session, selection, context.onNote)
  const task = { session, selection, offset, limit: limit ?? (format === 'table' ? tableRows : Infinity), context }
  if (format === 'table') await writeTable(task, columns)
  else if (format === 'csv') await writeCsv(task, columns)
  else await writeJson(task, selection.columns === null ? null : columns, format)
}

type Task = { session: Session; selection: Selection; offset: number; limit: number; context: QueryContext }

async function writeTable(task: Task, columns: ListedColumn[]): Promise<void> {
  const { output, terminalColumns, onNote } = task.context
  const rows: string[][] = []
  let total = 0
  for await (const page of rowPages(task, columns)) {
    total = page.total
    rows.push(...page.rows.map((cells) => cells.map((cell, at) => cellForPeople(cell, columns[at]?.type ?? 'text'))))
  }
  const layout = columns.map(({ name, type, unit }) => ({ title: unit === null ? name : `${name} (${unit})`, align: alignment(type) }))
  const { lines, columnsLeftOut } = textTable(layout, rows, terminalColumns)
  await output.write(`${lines.join('\n')}\n`)
  const left = total - rows.length
  if (left > 0) onNote(rows.length === 0 ? `no rows from ${count(task.offset + 1)} on; there are ${count(total)}` : `rows ${count(task.offset + 1)}–${count(task.offset + rows.length)} of ${count(total)}; --offset and --limit show others`)
  if (columnsLeftOut > 0) onNote(`${count(columnsLeftOut)} of ${count(columns.length)} columns did not fit; --columns chooses, and other formats have all`)
}

async function writeCsv(task: Task, columns: ListedColumn[]): Promise<void> {
  const { session, selection, context } = task
  const { records, scope, sort } = selection
  const asked = { sourceId: session.source.sourceId, records, scope, sort, columns: columns.map(({ name }) => name) }
  for (let done = 0, total = Infinity; done === 0 || goesOn(task, done, total); done += pageSize) {
    const page = await session.ask('rows.csv', { ...asked, ...slice(task, done) })
    total = page.total
    await context.output.write([...(done === 0 ? [page.header] : []), ...page.lines].map((line) => `${line}\n`).join(''))
  }
}

/** @param columns null: whole records */
async function writeJson(task: Task, columns: ListedColumn[] | null, format: 'json' | 'jsonl'): Promise<void> {
  const { output, onNote } = task.context
  let lost = 0
  const onLost = (): void => void lost++
  let first = true
  if (format === 'json') await output.write('[')
  for await (const records of columns === null ? documentPages(task, onLost) : objectPages(task, columns, onLost)) {
    if (format === 'jsonl') await output.write(records.map((record) => `${record}\n`).join(''))
    else await output.write(records.map((record, at) => `${first && at === 0 ? '\n' : ',\n'}${record}`).join(''))
    first &&= records.length === 0
  }
  if (format === 'json') await output.write(first ? ']\n' : '\n]\n')
  if (lost > 0) onNote(`${count(lost)} ${lost === 1 ? 'value that is' : 'values that are'} NaN or infinite, which JSON cannot hold, ${lost === 1 ? 'is' : 'are'} null here`)
}

async function* objectPages(task: Task, columns: ListedColumn[], onLost: () => void): AsyncGenerator<string[]> {
  const keys = columns.map(({ name }) => JSON.stringify(name))
  for await (const { rows } of rowPages(task, columns)) {
    yield rows.map((cells) => `{${cells.map((cell, at) => `${keys[at]}:${cellAsJson(cell, onLost)}`).join(',')}}`)
  }
}

async function* rowPages(task: Task, columns: ListedColumn[]): AsyncGenerator<{ rows: Cell[][]; total: number }> {
  const { session, selection } = task
  const { records, scope, sort } = selection
  const names = chunks(columns.map(({ name }) => name), mostColumns)
  for (let done = 0, total = Infinity; goesOn(task, done, total); done += pageSize) {
    const asked = { sourceId: session.source.sourceId, records, scope, sort, cellLength: 0, ...slice(task, done) }
    const parts: Result<'rows.page'>[] = []
    for (const columnNames of names) parts.push(await session.ask('rows.page', { ...asked, columns: columnNames }))
    total = parts[0]?.total ?? 0
    yield { rows: (parts[0]?.rows ?? []).map((_, at) => parts.flatMap(({ rows }) => rows[at]?.cells ?? [])), total }
  }
}

async function* documentPages(task: Task, onLost: () => void): AsyncGenerator<string[]> {
  const { session, selection } = task
  const { records, scope, sort } = selection
  for (let done = 0, total = Infinity; goesOn(task, done, total); done += pageSize) {
    const page = await session.ask('rows.documents', { sourceId: session.source.sourceId, records, scope, sort, ...slice(task, done) })
    total = page.total
    yield page.documents.map((document) => standardJson(document, onLost))
  }
}

const goesOn = ({ offset, limit, context }: Task, done: number, total: number): boolean => done < limit && offset + done < total && !context.output.closed.aborted

const slice = ({ offset, limit }: Task, done: number): { offset: number; limit: number } => ({ offset: offset + done, limit: Math.min(pageSize, limit - done) })

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.max(1, Math.ceil(items.length / size)) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

const alignment = (type: Column['type']): 'left' | 'right' => (type === 'integer' || type === 'number' ? 'right' : 'left')

const count = (value: number): string => value.toLocaleString('en')
