/** Flowcept's settings file: YAML 1.1 as Python reads it, with OmegaConf's references resolved; what is wrong with it is a sentence with its line. */
import { parseDocument } from 'yaml'
import { field, isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'

export type SettingsFile = { readonly values: JsonObject; readonly problems: readonly string[] }

/** A file that cannot be read at all gives no values, and says why. */
export function parseSettingsFile(text: string, env: Readonly<Record<string, string | undefined>>): SettingsFile {
  const document = parseDocument(text, { version: '1.1', prettyErrors: true, uniqueKeys: true })
  const [first] = document.errors
  if (first) return { values: {}, problems: [`Line ${first.linePos?.[0].line ?? '?'} is no YAML: ${firstLine(first.message)}.`] }
  let read: unknown
  try {
    read = document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    return { values: {}, problems: [`It is no YAML that can be read: ${firstLine(String(error instanceof Error ? error.message : error))}.`] }
  }
  const values = read === null ? {} : plain(read)
  if (!isJsonObject(values)) return { values: {}, problems: ['It holds no sections, but a single value or a list.'] }
  const problems: string[] = []
  return { values: resolveReferences(values, env, problems), problems }
}

/** Keys are texts; what YAML has and JSON has not (dates) is text too. */
function plain(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value
  if (typeof value !== 'object' || value instanceof Date) return String(value instanceof Date ? value.toISOString() : value)
  const dict: JsonObject = {}
  for (const [key, item] of Object.entries(value)) setField(dict, key, plain(item))
  return dict
}

/** `${oc.env:NAME}`, `${oc.env:NAME,default}` and `${mq.host}`. */
const reference = /\$\{(?:oc\.env:\s*([A-Za-z_]\w*)\s*(?:,\s*([^}]*))?|([A-Za-z_][\w.]*))\}/g
const deepest = 8

function resolveReferences(root: JsonObject, env: Readonly<Record<string, string | undefined>>, problems: string[]): JsonObject {
  const text = (value: string, path: string, depth: number): JsonValue => {
    const whole = [...value.matchAll(reference)]
    const resolved = (match: RegExpMatchArray): JsonValue => {
      const [found, name, fallback, dotted] = match
      const there = name === undefined ? at(root, dotted ?? '') : (env[name] ?? fallback?.replace(/^(['"])(.*)\1$/, '$2'))
      if (there === undefined || depth === 0) {
        problems.push(`${path} refers to ${found}, which is not there.`)
        return null
      }
      return typeof there === 'string' ? text(there, path, depth - 1) : there
    }
    if (whole.length === 0) return value
    if (whole.length === 1 && whole[0]?.[0] === value) return resolved(whole[0])
    return value.replaceAll(reference, (...match) => String(resolved(match as unknown as RegExpMatchArray) ?? ''))
  }
  const visit = (value: JsonValue, path: string): JsonValue => {
    if (typeof value === 'string') return text(value, path, deepest)
    if (Array.isArray(value)) return value.map((item, index) => visit(item, `${path}.${index}`))
    if (!isJsonObject(value)) return value
    const dict: JsonObject = {}
    for (const [key, item] of Object.entries(value)) setField(dict, key, visit(item, path === '' ? key : `${path}.${key}`))
    return dict
  }
  return visit(root, '') as JsonObject
}

/** The value at a dotted path; undefined where there is none. */
export function at(root: JsonObject, dotted: string): JsonValue | undefined {
  let value: JsonValue | undefined = root
  for (const name of dotted.split('.')) value = isJsonObject(value) ? field(value, name) : undefined
  return value
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '')
}
