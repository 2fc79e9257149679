/** The view as a query in mongosh, MongoDB's own shell. */
import { exampleServer, exportFirst, exportLine, passwordVariable } from './pymongoCode.ts'
import { MongoDate, mongoFind, type MongoObject, type MongoValue } from './mongoQuery.ts'
import { oneLine } from './shellText.ts'
import { type SnippetView, Unsayable } from './snippetView.ts'

export function mongoshCode(view: SnippetView): { code: string; notes: string[] } {
  if (view.words.length > 0) throw new Unsayable('MongoDB searches no text in all fields: use a filter on the field, or copy the code for pandas or DuckDB.')
  const { collection, filter, notes, projection, sort } = mongoFind(view)
  const { source } = view
  const isMongo = source.kind === 'mongodb'
  const opening = isMongo ? [oneLine(`// in: mongosh ${JSON.stringify(source.address)}${source.hasPassword ? '   (asks for the password)' : ''}`)] : [`// ${exportLine(source)}`, `// in: mongosh ${JSON.stringify(exampleServer)}   <- your server and database`]
  const fields = { _id: 0, ...Object.fromEntries(projection.map((name) => [name, 1])) }
  const code = [
    ...opening,
    `db.getSiblingDB(${JSON.stringify(isMongo ? source.database : 'flowcept')}).getCollection(${JSON.stringify(collection)}).find(`,
    `  ${script(filter)},`,
    `  ${script(fields)}`,
    `).sort(${script(Object.fromEntries(sort))})`,
    ''
  ].join('\n')
  return { code, notes: [...(isMongo ? (source.hasPassword ? [`mongosh asks for the password; ${passwordVariable} is not read by it.`] : []) : [exportFirst]), ...notes] }
}

/** JavaScript as mongosh reads it. */
function script(value: MongoValue): string {
  if (value instanceof MongoDate) return `ISODate(${JSON.stringify(new Date(Math.floor(Math.round(value.seconds * 1e6) / 1000)).toISOString())})`
  if (typeof value === 'bigint') return `Long(${JSON.stringify(String(value))})`
  if (typeof value === 'number') return Object.is(value, -0) ? 'Double(-0)' : Number.isSafeInteger(value) && Math.abs(value) >= 2 ** 31 ? `Long("${value}")` : String(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${(value as readonly MongoValue[]).map(script).join(', ')}]`
  const entries = value instanceof Map ? [...(value as ReadonlyMap<string, MongoValue>)] : Object.entries(value as MongoObject)
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, item]) => `${/^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}: ${script(item)}`).join(', ')} }`
}
