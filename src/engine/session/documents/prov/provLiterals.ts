/** Captured values as literals of PROV, each with its type; what is too long for one is told by its head, its length and its SHA-256. */
import { createHash } from 'node:crypto'
import { type JsonValue, stringifyJson } from '#contract/json'
import { earliestTime, latestTime } from '../../overview/taskColumns.ts'
import type { Literal } from './provModel.ts'

/** Longer ones (in UTF-16 units) are cut. */
export const longestText = 10_000
const headLength = 1000

export function literalOf(value: JsonValue): Literal {
  switch (typeof value) {
    case 'string':
      return textLiteral(value)
    case 'boolean':
      return { type: 'xsd:boolean', text: String(value) }
    case 'bigint':
      return { type: BigInt.asIntN(64, value) === value ? 'xsd:long' : 'xsd:integer', text: String(value) }
    case 'number':
      return numberLiteral(value)
    default: {
      const json = stringifyJson(value)
      return json.length > longestText ? cut(json) : { type: 'provscope:json', text: json }
    }
  }
}

export const text = (value: string): Literal => textLiteral(value)
export const name = (value: string): Literal => ({ type: 'name', text: value })

/** An xsd:dateTime in UTC to the microsecond; null for what cannot be a time. */
export function dateTimeOf(value: JsonValue | undefined): string | null {
  if (typeof value !== 'number' || !(value >= earliestTime && value < latestTime)) return null
  const micros = Math.round((value - Math.floor(value)) * 1e6)
  const seconds = Math.floor(value) + (micros === 1e6 ? 1 : 0)
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros % 1e6).padStart(6, '0')}Z`
}

/** Half a surrogate pair can stand in no file of UTF-8 but as an escape of JSON. */
function textLiteral(value: string): Literal {
  if (value.length > longestText) return cut(value)
  return /\p{Surrogate}/u.test(value) ? { type: 'provscope:json', text: JSON.stringify(value) } : { type: 'xsd:string', text: value }
}

function numberLiteral(value: number): Literal {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { type: Math.abs(value) < 2 ** 31 ? 'xsd:int' : 'xsd:long', text: String(value) }
  const words: Record<string, string> = { Infinity: 'INF', '-Infinity': '-INF' }
  return { type: 'xsd:double', text: Object.is(value, -0) ? '-0.0' : (words[String(value)] ?? String(value)) }
}

function cut(value: string): Literal {
  const sha256 = createHash('sha256').update(value).digest('hex')
  return { type: 'provscope:cut', text: JSON.stringify({ head: value.slice(0, headLength), length: value.length, sha256 }) }
}
