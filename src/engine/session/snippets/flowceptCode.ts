/** The view by Flowcept's own means: `Flowcept.db` for its databases, `Flowcept.read_buffer_file` for its buffers. */
import { mongoFind } from './mongoQuery.ts'
import { hasDates, passwordVariable, pythonMongo, pythonSort } from './pymongoCode.ts'
import { pythonParts } from './pythonParts.ts'
import { dataFrameScript, type PythonReading } from './pythonRecords.ts'
import { pythonList, quoted } from './pythonText.ts'
import type { SnippetSource } from './snippetSource.ts'
import { singularOf, type SnippetView, Unsayable } from './snippetView.ts'

export function flowceptCode(view: SnippetView): { code: string; notes: string[] } {
  const { source } = view
  if (source.kind === 'mongodb') return fromMongo(view, source)
  if (source.kind === 'passing') throw new Unsayable(source.why)
  const { code, notes } = dataFrameScript(view, source.kind === 'files' ? bufferReading(view, source) : lmdbReading(view, source))
  return { code, notes: ['Needs flowcept and pandas.', ...notes] }
}

function bufferReading({ at, columns, facts }: SnippetView, { paths, rejects }: Extract<SnippetSource, { kind: 'files' }>): PythonReading {
  if (paths.some((path) => /\.(gz|zst)$/i.test(path))) throw new Unsayable('Flowcept reads no compressed buffers: decompress them, or copy the code for pandas.')
  if (rejects) throw new Unsayable('Flowcept’s reader ends at the first line that is no JSON, and there is one here: see the problems, or copy the code for pandas.')
  const text = [
    `files = ${pythonList(paths)}`,
    ...(at === null ? ['messages = [message for file in files for message in Flowcept.read_buffer_file(file)]'] : ['', '', 'def read(file):', '    return Flowcept.read_buffer_file(file)', '', ''])
  ]
  const notes = columns.some((name) => facts(name).wide) ? ['Flowcept’s reader makes floats of integers beyond 64 bits.'] : []
  return { imports: ['from flowcept import Flowcept'], parts: [], text: text.join('\n'), notes }
}

function lmdbReading({ records }: SnippetView, { path }: Extract<SnippetSource, { kind: 'lmdb' }>): PythonReading {
  if (records === 'messages') throw new Unsayable('A store holds records, not messages: show tasks, workflows or agents.')
  if (records === 'objects') throw new Unsayable('Flowcept keeps no objects in LMDB: copy the code for pandas.')
  const kind = singularOf[records]
  const text = [
    ...environment({ MONGO_ENABLED: '"false"', LMDB_ENABLED: '"true"', LMDB_PATH: quoted(path) }),
    'from flowcept import Flowcept',
    '',
    '# Of LMDB, Flowcept answers neither sort nor projection and only some filters: so all of them, and the rest below.',
    `messages = [{**record, "type": "${kind}"} for record in Flowcept.db.query(filter={}, collection=${quoted(records)})]`
  ]
  return { imports: ['import os'], parts: [], text: text.join('\n'), notes: [settingsNote] }
}

function fromMongo(view: SnippetView, source: Extract<SnippetSource, { kind: 'mongodb' }>): { code: string; notes: string[] } {
  const found = mongoFind(view)
  const searches = view.words.length > 0
  const parts = pythonParts(new Set(searches ? ['contains' as const] : []), '')
  const code = [
    ...new Set(['import os', ...parts.modules.map((module) => `import ${module}`)]),
    ...(hasDates(found.filter) ? ['from datetime import datetime, timezone'] : []),
    ...(source.hasPassword ? ['from urllib.parse import quote_plus'] : []),
    ...(parts.text === '' ? [] : ['', parts.text.trimEnd(), '']),
    '',
    ...environment({ LMDB_ENABLED: '"false"', MONGO_ENABLED: '"true"', MONGO_URI: uriText(source) }),
    'from flowcept import Flowcept',
    '',
    'documents = Flowcept.db.query(',
    `    filter=${pythonMongo(found.filter)},`,
    ...(searches ? [] : [`    projection=${pythonList([...found.projection], '    ')},`]),
    `    sort=${pythonSort(found.sort)},`,
    '    limit=0,',
    `    collection=${quoted(found.collection)},`,
    ')',
    ...(searches ? [`documents = [document for document in documents if all(contains(document, word, set()) for word in ${pythonList(view.words)})]`] : []),
    'documents',
    ''
  ].join('\n')
  return { code, notes: ['Needs flowcept.', settingsNote, ...(source.database === 'flowcept' ? [] : [`The name of the database is read from databases.mongodb.db of Flowcept’s settings: ${source.database}.`]), ...(source.hasPassword ? [`The password is read from the environment variable ${passwordVariable}.`] : []), ...found.notes.filter((note) => !(searches && note.startsWith('The search')))] }
}

const settingsNote = 'Flowcept reads its settings once, when it is imported: the first lines are for a fresh interpreter.'

function environment(values: Readonly<Record<string, string>>): string[] {
  return ['# Which database: before Flowcept is imported', ...Object.entries(values).map(([name, value]) => `os.environ[${quoted(name)}] = ${value}`)]
}

function uriText({ address, hasPassword }: Extract<SnippetSource, { kind: 'mongodb' }>): string {
  if (!hasPassword) return quoted(address)
  const at = address.indexOf('@')
  return `${quoted(`${address.slice(0, at)}:`)} + quote_plus(os.environ[${quoted(passwordVariable)}]) + ${quoted(address.slice(at))}`
}
