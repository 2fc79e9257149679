/** The commands about databases, from their flags to what they print. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseFilter } from '#contract/filter'
import { stringifyJson, type JsonObject } from '#contract/json'
import { Refusal } from '#contract/reply'
import { type DbQuery, FlowceptDb, openFlowceptDb } from '#engine/db/flowceptDb'
import { readFlowceptSettings } from '#engine/inserter/flowceptSettings'
import { writeWhole } from '#engine/session/export/writeWhole'
import { flattenDocument, valueCell } from '#engine/session/stores/documentCells'
import { objectWriting } from '#engine/session/stores/objects'
import { MongoStore } from '#engine/stores/mongoStore'
import { openStore } from '#engine/stores/openStore'
import { cellForPeople, standardJson } from './cellText.ts'
import type { DbCommands, DbFlags, DbFormat, DbKind, DbQueryFlags } from './dbCommandLine.ts'
import type { Output } from './output.ts'
import { progressLine } from './progress.ts'
import { mongoUri } from './queueTarget.ts'
import { readNames, readSelection } from './selection.ts'
import { textTable } from './textTable.ts'
import { transferStores } from './transferStores.ts'
import { WrongUse } from './wrongUse.ts'

export type DbContext = {
  output: Output
  say: (text: string) => void
  signal: AbortSignal
  /** Something was missing: the exit code is to say so. */
  onMissing: () => void
}

/** A table is for looking at. */
const tableRows = 50
const linesAtOnce = 500
const timeName = /(?:^|_)(?:at|timestamp)$/

export function runDbCommands(context: DbContext): DbCommands {
  const { output, onMissing, say, signal } = context
  const note = (text: string): void => say(`${text}\n`)

  /** Opens the database that is meant, and closes it whatever happens. */
  const within = async (flags: DbFlags, use: (db: FlowceptDb) => Promise<void>): Promise<void> => {
    const db = await openDb(flags, note, onMissing)
    const stop = (): void => void db.close()
    // A query that is under way ends with its connection.
    signal.addEventListener('abort', stop)
    try {
      await use(db)
    } finally {
      signal.removeEventListener('abort', stop)
      await db.close()
    }
  }

  return {
    dbQuery: async (kind, flags) => {
      const query = readQuery(flags)
      await within(flags, async (db) => {
        if (flags.count === true) return await output.write(`${await db.count(kind, query.filter)}\n`)
        if (flags.format === 'table') return await writeTable(db, kind, { query, limit: flags.limit, columns: flags.columns }, { output, note })
        await writeJson(db.each(kind, query), flags.format, { output, note, signal })
      })
    },
    dbGet: async (kind, id, flags) =>
      await within(flags, async (db) => {
        const document = await db.get(kind, id)
        if (document === null) throw new Refusal('not-found', `There is no ${kind} ${JSON.stringify(id)} in ${db.store.name}.`)
        await writeJson(one(document), 'jsonl', { output, note, signal })
      }),
    dbDownload: async (objectId, { to, version, ...flags }) => {
      if (to === '') throw new WrongUse('--to names no file')
      await within(flags, async (db) => {
        if (!(db.store instanceof MongoStore)) throw new Refusal('bad-request', 'LMDB holds what is known of objects, not their bytes: those lie in MongoDB.')
        const progress = progressLine(process.stderr)
        const writing = objectWriting(db.store, { objectId, version, name: to })
        const onProgress = ({ bytes }: { bytes: number }): void => progress.show(`${count(bytes, 'byte')} written`)
        const { bytes } = await writeWhole(resolve(to), signal, (sink, path) => writing.write(sink, { signal, onProgress, path })).finally(() => progress.end())
        note(`${count(bytes, 'byte')} written to ${to}`)
      })
    },
    transfer: async (source, target, flags) => await transferStores({ source, target, flags }, context)
  }
}

async function openDb(flags: DbFlags, note: (text: string) => void, onMissing: () => void): Promise<FlowceptDb> {
  const onWarning = (sentence: string): void => {
    note(sentence)
    onMissing()
  }
  const options = { readOnly: true, onWarning }
  if (flags.lmdb !== undefined) return new FlowceptDb(await openStore({ type: 'lmdb', path: resolve(flags.lmdb) }, options))
  if (flags.mongodb !== undefined) {
    const uri = mongoUri(flags.mongodb, { passwordFile: flags.mongodbPasswordFile }, { env: process.env, note })
    return new FlowceptDb(await openStore({ type: 'mongodb', uri }, options))
  }
  const { lmdb, mongodb } = readFlowceptSettings({ env: process.env, homeFolder: homedir(), readFile: readIfThere })
  const asked = mongodb.enabled ? `MongoDB at ${mongodb.shown}` : lmdb.enabled ? `LMDB at ${lmdb.path}` : null
  if (asked !== null) note(`Asking ${asked}, as Flowcept's settings have it; --lmdb and --mongodb name another.`)
  return await openFlowceptDb({ mongodb, lmdb: { enabled: lmdb.enabled, path: resolve(lmdb.path) } }, { onWarning })
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function readQuery(flags: DbQueryFlags): DbQuery {
  const { scope, sort } = readSelection({ ...(flags.filter !== undefined && { filter: flags.filter }), ...(flags.sort && { sort: flags.sort }) })
  parseFilter(scope.filter)
  const columns = flags.columns?.flatMap(readNames)
  const aggregation = flags.aggregate?.flatMap(readNames).map(readAggregate)
  if (flags.group !== undefined && aggregation === undefined) throw new WrongUse('--group is for --aggregate')
  if (columns !== undefined && aggregation !== undefined) throw new WrongUse('--aggregate has columns of its own; --group names the field to group by')
  return {
    filter: scope.filter,
    sort: sort.map(({ column, descending }) => ({ path: column, descending })),
    offset: flags.offset,
    limit: flags.limit ?? 0,
    projection: aggregation === undefined ? columns : flags.group === undefined ? undefined : [flags.group],
    aggregation
  }
}

function readAggregate(text: string): [string, string] {
  const [, fn, field] = /^(\w+):(.+)$/s.exec(text) ?? []
  if (fn === undefined || field === undefined) throw new WrongUse(`--aggregate is a function and a field, such as avg:generated.loss, not ${text}`)
  return [fn, field]
}

type Table = { readonly query: DbQuery; readonly limit: number | undefined; readonly columns: readonly string[] | undefined }

async function writeTable(db: FlowceptDb, kind: DbKind, { columns, limit, query }: Table, { note, output }: { output: Output; note: (text: string) => void }): Promise<void> {
  const most = limit === undefined || limit === 0 ? tableRows : limit
  // One more than is shown tells whether there are more.
  const documents = await db.query(kind, { ...query, limit: most + 1 })
  const shown = documents.slice(0, most).map(flattenDocument)
  const names = columns === undefined ? [...new Set(shown.flatMap((fields) => [...fields.keys()]))] : namesIn(columns.flatMap(readNames), shown)
  const rows = shown.map((fields) => names.map((name) => cellForPeople(valueCell(fields.get(name)), timeName.test(name) ? 'time' : 'text')))
  const layout = names.map((title) => ({ title, align: shown.some((fields) => typeof fields.get(title) === 'number' && !timeName.test(title)) ? ('right' as const) : ('left' as const) }))
  const { columnsLeftOut, lines } = textTable(layout, rows, process.stdout.isTTY ? process.stdout.columns : null)
  if (shown.length === 0) return note(`No ${kind} matches.`)
  await output.write(`${lines.join('\n')}\n`)
  if (documents.length > most) note(`The first ${count(most, 'record')}; --offset and --limit show others, --count says how many there are.`)
  if (columnsLeftOut > 0) note(`${count(columnsLeftOut, 'column')} of ${names.length} did not fit; --columns chooses, and other formats have all.`)
}

/** A column that is a dict stands for all that is in it. */
function namesIn(columns: readonly string[], shown: readonly ReadonlyMap<string, unknown>[]): string[] {
  const all = [...new Set(shown.flatMap((fields) => [...fields.keys()]))]
  return columns.flatMap((column) => {
    const inside = all.filter((name) => name.startsWith(`${column}.`))
    return all.includes(column) || inside.length === 0 ? [column] : inside
  })
}

async function writeJson(documents: AsyncIterable<JsonObject>, format: Exclude<DbFormat, 'table'>, { note, output, signal }: { output: Output; note: (text: string) => void; signal: AbortSignal }): Promise<void> {
  let lost = 0
  let written = 0
  let waiting: string[] = []
  const flush = async (): Promise<void> => {
    const texts = waiting
    waiting = []
    if (texts.length === 0) return
    if (format === 'jsonl') await output.write(texts.map((text) => `${text}\n`).join(''))
    else await output.write(`${written === 0 ? '[\n' : ',\n'}${texts.join(',\n')}`)
    written += texts.length
  }
  for await (const document of documents) {
    waiting.push(standardJson(stringifyJson(document), () => void lost++))
    if (waiting.length >= linesAtOnce) await flush()
    if (output.closed.aborted || signal.aborted) return
  }
  await flush()
  if (format === 'json') await output.write(written === 0 ? '[]\n' : '\n]\n')
  if (lost > 0) note(`${count(lost, 'value')} that JSON cannot hold (NaN or infinite) ${lost === 1 ? 'is' : 'are'} null here`)
}

async function* one(document: JsonObject): AsyncGenerator<JsonObject> {
  yield document
}

const count = (value: number, what: string): string => `${value.toLocaleString('en')} ${what}${value === 1 ? '' : 's'}`
