/** `provscope sql`: what one SELECT gives, page by page, as a table, CSV, JSON or JSON lines. */
import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { Refusal } from '#contract/reply'
import type { SqlResultColumn } from '#contract/sql'
import type { Cell } from '#contract/values'
import { cellAsJson, cellForPeople } from './cellText.ts'
import type { Session } from './openSession.ts'
import type { Output } from './output.ts'
import { readSelection } from './selection.ts'
import type { SqlFlags } from './sqlCommandLine.ts'
import { textTable } from './textTable.ts'
import { WrongUse } from './wrongUse.ts'

export type SqlContext = {
  readonly output: Output
  readonly note: (text: string) => void
  /** Columns of the terminal that is written to; null if it is none. */
  readonly terminalColumns: number | null
}

const pageRows = 2000
/** A table is for looking at. */
const tableRows = 200

/** The sources and the statement that the words of a command line stand for. @throws WrongUse */
export async function readStatement(words: readonly string[], { file }: Pick<SqlFlags, 'file'>): Promise<{ sources: string[]; text: string }> {
  if (file === undefined) {
    const text = words.at(-1)
    if (words.length < 2 || text === undefined) throw new WrongUse('sql needs a source and a statement: provscope sql run.jsonl "SELECT …"')
    return { sources: words.slice(0, -1), text }
  }
  if (file === '-' && words.includes('-')) throw new WrongUse('standard input is either a source or the statement, not both')
  const text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => Promise.reject(new WrongUse(`${file} cannot be read: ${error.message}`)))
  return { sources: [...words], text }
}

export async function sqlCommand({ ask, source }: Session, text: string, { explain, filter, format, search }: Omit<SqlFlags, 'file' | 'for'>, context: SqlContext): Promise<void> {
  const { scope } = readSelection({ ...(filter === undefined ? {} : { filter }), ...(search === undefined ? {} : { search }) })
  const asked = { sourceId: source.sourceId, text, scope }
  if (explain === true) return await writePlan(await ask('sql.explain', asked), context.output)
  const first = await mistaken(text, ask('sql.run', { ...asked, limit: format === 'table' ? tableRows : pageRows, cellLength: 0 }))
  const pages = pagesOf({ ask, source }, first, context.output)
  if (format === 'table') await writeTable(first, context)
  else if (format === 'csv') await writeCsv(first.columns, pages, context.output)
  else await writeJson(first.columns, pages, format, context)
}

type First = { resultId: string; columns: readonly SqlResultColumn[]; total: number; rows: Cell[][] }

async function* pagesOf({ ask, source }: Session, { resultId, rows, total }: First, { closed }: Output): AsyncGenerator<Cell[][]> {
  yield rows
  for (let done = rows.length; done < total && !closed.aborted; done += pageRows) {
    yield (await ask('sql.page', { sourceId: source.sourceId, resultId, offset: done, limit: pageRows, cellLength: 0 })).rows
  }
}

/** A mistake is shown with its line, as compilers do. */
async function mistaken<T>(text: string, answer: Promise<T>): Promise<T> {
  return await answer.catch((error: unknown) => {
    const { code = 'bad-request', message, path } = error as Refusal
    if (path?.[0] !== 'text') throw error
    const [, from, to] = path.map(Number) as [number, number, number]
    const start = text.lastIndexOf('\n', from - 1) + 1
    const line = text.slice(start).split('\n', 1)[0] ?? ''
    const marks = `${' '.repeat(from - start)}${'^'.repeat(Math.max(1, Math.min(to, start + line.length) - from))}`
    throw new Refusal(code, `${message}\n  ${line.replaceAll('\t', ' ')}\n  ${marks}`)
  })
}

async function writeTable({ columns, rows, total }: First, { note, output, terminalColumns }: SqlContext): Promise<void> {
  const layout = columns.map(({ name, type }) => ({ title: name, align: isNumeric(type) ? ('right' as const) : ('left' as const) }))
  const { columnsLeftOut, lines } = textTable(layout, rows.map((cells) => cells.map((cell) => cellForPeople(cell, 'text'))), terminalColumns)
  await output.write(`${lines.join('\n')}\n`)
  if (total > rows.length) note(`the first ${count(rows.length)} of ${count(total)} rows; other formats have all`)
  if (columnsLeftOut > 0) note(`${count(columnsLeftOut)} of ${count(columns.length)} columns did not fit; other formats have all`)
}

async function writeCsv(columns: readonly SqlResultColumn[], pages: AsyncIterable<Cell[][]>, output: Output): Promise<void> {
  await output.write(`${columns.map(({ name }) => csvText(name)).join(',')}\n`)
  for await (const rows of pages) await output.write(rows.map((cells) => `${cells.map(csvCell).join(',')}\n`).join(''))
}

async function writeJson(columns: readonly SqlResultColumn[], pages: AsyncIterable<Cell[][]>, format: 'json' | 'jsonl', { note, output }: SqlContext): Promise<void> {
  const keys = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name))
  let lost = 0
  let first = true
  if (format === 'json') await output.write('[')
  for await (const rows of pages) {
    const objects = rows.map((cells) => `{${cells.map((cell, at) => `${keys[at]}:${cellAsJson(cell, () => void lost++)}`).join(',')}}`)
    if (format === 'jsonl') await output.write(objects.map((object) => `${object}\n`).join(''))
    else await output.write(objects.map((object, at) => `${first && at === 0 ? '\n' : ',\n'}${object}`).join(''))
    first &&= objects.length === 0
  }
  if (format === 'json') await output.write(first ? ']\n' : '\n]\n')
  if (lost > 0) note(`${count(lost)} ${lost === 1 ? 'value that is' : 'values that are'} NaN or infinite, which JSON cannot hold, ${lost === 1 ? 'is' : 'are'} null here`)
}

async function writePlan({ steps }: { steps: readonly { depth: number; name: string; estimatedRows: number | null; details: readonly { key: string; values: readonly string[] }[] }[] }, output: Output): Promise<void> {
  const lines = steps.map(({ depth, details, estimatedRows, name }) => {
    const about = details.map(({ key, values }) => `${key.toLowerCase()}: ${values.join(', ')}`).join('; ')
    return `${'  '.repeat(depth)}${name}${estimatedRows === null ? '' : `, about ${count(estimatedRows)} rows`}${about === '' ? '' : ` (${about})`}\n`
  })
  await output.write(lines.join(''))
}

/** Objects have each key once: the second of equal names gets a number. */
function uniqueNames(names: readonly string[]): string[] {
  const used = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let number = 1; used.has(unique); number++) unique = `${name}_${number}`
    used.add(unique)
    return unique
  })
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'object') return csvText(String(cell))
  if ('int' in cell) return cell.int
  if ('float' in cell) return cell.float
  return csvText('text' in cell ? cell.text : cell.json)
}

/** An empty text is written as such, so that it is not taken for null. */
function csvText(text: string): string {
  return text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const isNumeric = (type: string): boolean => /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)
const count = (n: number): string => n.toLocaleString('en-US')
