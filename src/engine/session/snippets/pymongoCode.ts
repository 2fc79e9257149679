/** The view as a query of pymongo's. */
import { type MongoFind, MongoDate, mongoFind, type MongoObject, type MongoValue } from './mongoQuery.ts'
import { pythonParts } from './pythonParts.ts'
import type { PythonReading } from './pythonRecords.ts'
import { pythonList, pythonText, quoted } from './pythonText.ts'
import { oneLine, shellWord } from './shellText.ts'
import type { SnippetSource } from './snippetSource.ts'
import { singularOf, type SnippetView, Unsayable } from './snippetView.ts'

/** Where code finds a password that it must not hold. */
export const passwordVariable = 'PROVSCOPE_MONGODB_PASSWORD'
/** What stands for a server that the reader has to name. */
export const exampleServer = 'mongodb://localhost:27017'

export function pymongoCode(view: SnippetView): { code: string; notes: string[] } {
  const found = mongoFind(view)
  const { imports, notes, text } = connection(view.source)
  const { collection, sort } = found
  const searches = view.words.length > 0
  const parts = pythonParts(new Set(searches ? ['contains' as const] : []), '')
  const usesDates = hasDates(found.filter)
  const last = missingLast(view)
  const code = [
    ...new Set([...imports, ...(usesDates ? ['from datetime import datetime, timezone'] : []), ...parts.modules.map((module) => `import ${module}`)]),
    'from pymongo import MongoClient',
    ...(parts.text === '' ? [] : ['', parts.text.trimEnd(), '']),
    '',
    ...text,
    `${collection} = database[${quoted(collection)}]`,
    '',
    `query = ${pythonMongo(found.filter)}`,
    ...(searches ? [] : [`columns = ${pythonList([...found.projection])}`]),
    `documents = list(${collection}.find(query, ${searches ? '{"_id": 0}' : '{"_id": 0} | dict.fromkeys(columns, 1)'}).sort(${pythonSort(sort)}))`,
    ...(searches ? [`documents = [document for document in documents if all(contains(document, word, set()) for word in ${pythonList(view.words)})]`] : []),
    ...(last === null ? [] : [last]),
    'documents',
    ''
  ].join('\n')
  const heard = found.notes.filter((note) => !(searches && note.startsWith('The search')) && !(last !== null && note.includes('missing values first')))
  return { code, notes: ['Needs pymongo.', ...notes, ...(searches ? ['MongoDB searches no text in all fields: whole documents are fetched, and searched here.'] : []), ...heard] }
}

/** Documents as they are stored, made records again: dates to seconds, and values that MongoDB cannot hold. */
export function mongoReading(view: SnippetView, source: Extract<SnippetSource, { kind: 'mongodb' }>): PythonReading {
  if (view.records === 'messages') throw new Unsayable('A store holds records, not messages: show tasks, workflows, agents or objects.')
  const kind = singularOf[view.records]
  const { imports, notes, text } = connection(source)
  const restoring = `
def record_of(document):
    """Dates as epoch seconds, and what MongoDB itself cannot hold, as Provscope kept it beside."""
    beside = document.pop("_provscope", {})
    for name in ("started_at", "ended_at", "submitted_at", "registered_at", "utc_timestamp"):
        if isinstance(document.get(name), datetime):
            document[name] = beside.get("times", {}).get(name, document[name].replace(tzinfo=timezone.utc).timestamp())
    for exact in beside.get("exact", []):
        place = document
        for key in exact["path"][:-1]:
            place = place[key]
        place[exact["path"][-1]] = json.loads(exact["json"])
    return document
`
  const reading = [restoring.trim(), '', '', ...text, `messages = [{**record_of(document), "type": "${kind}"} for document in database[${quoted(view.records)}].find({}, {"_id": 0${view.records === 'objects' ? ', "data": 0' : ''}}).sort("${kind}_id", 1)]`]
  return { imports: ['import json', ...imports, 'from datetime import datetime, timezone', 'from pymongo import MongoClient'], parts: [], text: reading.join('\n'), notes: ['Needs pymongo.', ...notes] }
}

/** Statements that define `database`. */
function connection(source: SnippetSource): { imports: string[]; notes: string[]; text: string[] } {
  if (source.kind === 'mongodb') {
    const password = source.hasPassword ? `, password=os.environ[${quoted(passwordVariable)}]` : ''
    return {
      imports: source.hasPassword ? ['import os'] : [],
      notes: source.hasPassword ? [`The password is read from the environment variable ${passwordVariable}.`] : [],
      text: [`database = MongoClient(${quoted(source.address)}${password})[${quoted(source.database)}]`]
    }
  }
  return { imports: [], notes: [exportFirst], text: [`# ${exportLine(source)}`, `database = MongoClient(${quoted(exampleServer)})["flowcept"]  # <- your server and database`] }
}

export const exportFirst = 'This source is no MongoDB: export it to one first, and name that one in the code.'

/** The command that brings a source into a MongoDB. @throws Unsayable for one that cannot be read again */
export function exportLine(source: SnippetSource): string {
  if (source.kind === 'passing') throw new Unsayable(source.why)
  const names = source.kind === 'files' ? source.named : source.kind === 'lmdb' ? [source.path] : [source.address]
  return oneLine(`provscope export ${names.map(shellWord).join(' ')} --to ${exampleServer}/flowcept`)
}

/** A stable sort on top of MongoDB's: what is missing comes last. Null where that says nothing new, or not all. */
function missingLast({ columns, facts, sort, words }: SnippetView): string | null {
  const [first, ...others] = sort
  if (!first || first.descending || first.column === 'duration' || !facts(first.column).nulls || others.some(({ column, descending }) => !descending && facts(column).nulls)) return null
  if (!columns.includes(first.column) && words.length === 0) return null
  const value = first.column.split('.').reduce((text, key, at, keys) => (at === keys.length - 1 ? `${text}.get(${quoted(key)})` : `(${text}.get(${quoted(key)}) or {})`), 'document')
  return `documents.sort(key=lambda document: ${value} is None)  # missing ones last`
}

export function pythonSort(sort: MongoFind['sort']): string {
  return `[${sort.map(([name, direction]) => `(${quoted(name)}, ${direction})`).join(', ')}]`
}

export function hasDates(value: MongoValue): boolean {
  if (value instanceof MongoDate) return true
  if (typeof value !== 'object' || value === null || value instanceof Map) return false
  return Object.values(value as MongoObject).some(hasDates)
}

export function pythonMongo(value: MongoValue): string {
  if (value instanceof MongoDate) return `datetime.fromtimestamp(${pythonText(value.seconds)}, timezone.utc)`
  if (Array.isArray(value)) return `[${(value as readonly MongoValue[]).map(pythonMongo).join(', ')}]`
  if (typeof value === 'object' && value !== null && !(value instanceof Map)) return `{${Object.entries(value as MongoObject).map(([key, item]) => `${quoted(key)}: ${pythonMongo(item)}`).join(', ')}}`
  return pythonText(value as Parameters<typeof pythonText>[0])
}
