/** What looks like a secret in a record: environment variables and keys named like one, tokens by their form, passwords in addresses. */
import { isJsonObject, setField, type JsonObject, type JsonValue } from '#contract/json'
import type { SecretTreatment } from '#contract/exports'
import { nameStrength, type NameStrength } from './secretNames.ts'
import { isSecretValue, secretParts, type SecretPart } from './secretTexts.ts'

/** `path` are the keys down to the value; list elements count as their index. `masked` cannot be used; `why` in a few words. */
export type Secret = { readonly path: readonly (string | number)[]; readonly masked: string; readonly why: string }

/** Stands where a secret stood. */
export const redacted = '[redacted]'
/** The same within an address, which brackets would break. */
export const redactedInAddress = '***'

/** @param name of the field that holds the document, if it is not a record of its own: `used.conf.password` */
export function secretsOf(document: JsonValue, name = ''): Secret[] {
  return findSecrets(document, name).map(({ path, text, parts }) => ({ path: pathOf(path), masked: maskedIn(text, parts), why: parts[0]?.why ?? 'name' }))
}

/** The same document with what looks like a secret treated, and how many values that were. The document given stays as it is. */
export function treatSecrets<T extends JsonValue>(document: T, treatment: SecretTreatment, name = ''): { document: T; count: number } {
  const found = treatment === 'keep' ? [] : findSecrets(document, name)
  if (found.length === 0) return { document, count: 0 }
  // Later elements first: an element that goes must not move one that is still to go.
  const treated = found.toReversed().reduce<Treating>((state, secret) => treatOne(state, secret, treatment), { root: document, own: new Set() })
  return { document: treated.root as T, count: found.length }
}

/** From a value up to the document. */
type Place = { readonly above: Place; readonly key: string | number } | null
type Found = { readonly path: Place; readonly text: string; readonly parts: readonly SecretPart[] }
type Open = { readonly value: JsonValue; readonly path: Place; readonly strength: NameStrength | null }

/** Without recursion: documents may be of any depth. In the order of the document. */
function findSecrets(document: JsonValue, name: string): Found[] {
  const found: Found[] = []
  const open: Open[] = [{ value: document, path: null, strength: strengthOfPath(name) }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, strength, value } = next
    if (typeof value === 'string' || ((typeof value === 'number' || typeof value === 'bigint') && strength === 'strong')) {
      const secret = scalarSecret(value, strength)
      if (secret) found.push({ path, ...secret })
    } else if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index--) open.push({ value: value[index] as JsonValue, path: { above: path, key: index }, strength: optionBefore(value, index) ?? strength })
    } else if (isJsonObject(value)) {
      const named = pairName(value)
      for (const key of Object.keys(value).toReversed()) {
        const own = nameStrength(key === 'value' && named !== null ? named : key)
        // What lies under `credentials` may be a user's name too.
        open.push({ value: value[key] as JsonValue, path: { above: path, key }, strength: own ?? (strength === null ? null : 'weak') })
      }
    }
  }
  return found
}

function scalarSecret(value: string | number | bigint, strength: NameStrength | null): { text: string; parts: SecretPart[] } | null {
  if (typeof value !== 'string') return Math.abs(Number(value)) < 1000 ? null : { text: String(value), parts: [] }
  const parts = secretParts(value)
  // Of an address only the password is one; what was redacted in part is none any more.
  const isWhole = strength !== null && !value.includes('://') && !value.includes(redacted) && isSecretValue(value, strength)
  if (isWhole) return { text: value, parts: [] }
  return parts.length === 0 ? null : { text: value, parts }
}

/** A dotted name has no keys any more: its last part counts, and less so those above it. */
function strengthOfPath(name: string): NameStrength | null {
  const own = nameStrength(name)
  return own ?? (name.split('.').slice(0, -1).some((key) => nameStrength(key) !== null) ? 'weak' : null)
}

/** `--password` as an element of its own, before its value. */
function optionBefore(list: readonly JsonValue[], index: number): NameStrength | null {
  const [before, value] = [list[index - 1], list[index]]
  if (typeof before !== 'string' || typeof value !== 'string' || value.startsWith('-')) return null
  return /^--?[A-Za-z][\w-]*$/.test(before) ? nameStrength(before) : null
}

/** `{"name": "DB_PASSWORD", "value": …}`, as settings of containers have it. */
function pairName(dict: JsonObject): string | null {
  if (!Object.hasOwn(dict, 'value')) return null
  const name = Object.hasOwn(dict, 'name') ? dict['name'] : Object.hasOwn(dict, 'key') ? dict['key'] : null
  return typeof name === 'string' ? name : null
}

function pathOf(place: Place): (string | number)[] {
  const keys: (string | number)[] = []
  for (let at = place; at; at = at.above) keys.push(at.key)
  return keys.reverse()
}

const bullets = '••••••'
/** Of a longer text so much is shown, around what is masked in it. */
const aroundMasked = 40

/** The first and last two characters of a long one, nothing of a short one; around one within a text, some of the text. */
function maskedIn(text: string, parts: readonly SecretPart[]): string {
  const [first] = parts
  if (!first) return maskedValue(text)
  let masked = ''
  let at = Math.max(0, first.from - aroundMasked)
  if (at > 0) masked = '…'
  const end = Math.min(text.length, first.to + aroundMasked)
  for (const part of parts) {
    if (part.from >= end) break
    masked += text.slice(at, part.from) + (part.inAddress ? '••••' : maskedValue(text.slice(part.from, part.to)))
    at = part.to
  }
  return masked + text.slice(at, Math.max(at, end)) + (end < text.length ? '…' : '')
}

function maskedValue(value: string): string {
  const characters = [...value]
  if (characters.length < 12 || /\s/.test(value)) return bullets
  return `${characters.slice(0, 2).join('')}${bullets}${characters.slice(-2).join('')}`
}

function replaced({ parts, text }: Found): string {
  if (parts.length === 0) return redacted
  let result = ''
  let at = 0
  for (const part of parts) {
    result += text.slice(at, part.from) + (part.inAddress ? redactedInAddress : redacted)
    at = part.to
  }
  return result + text.slice(at)
}

/** `own` are the lists and dicts that have been copied already. */
type Treating = { readonly root: JsonValue; readonly own: Set<JsonValue> }

function treatOne({ own, root }: Treating, secret: Found, treatment: SecretTreatment): Treating {
  const keys = pathOf(secret.path)
  const last = keys.pop()
  if (last === undefined) return { root: treatment === 'replace' ? replaced(secret) : null, own }
  const copyOf = (value: JsonValue): JsonValue => {
    if (own.has(value)) return value
    const copy = Array.isArray(value) ? [...value] : copyOfDict(value as JsonObject)
    own.add(copy)
    return copy
  }
  const newRoot = copyOf(root)
  let holder = newRoot
  for (const key of keys) {
    const child = copyOf((holder as JsonObject)[key] as JsonValue)
    put(holder, key, child)
    holder = child
  }
  if (treatment === 'replace') put(holder, last, replaced(secret))
  else if (Array.isArray(holder)) holder.splice(last as number, 1)
  else delete (holder as JsonObject)[last]
  return { root: newRoot, own }
}

function copyOfDict(dict: JsonObject): JsonObject {
  const copy: JsonObject = {}
  for (const key of Object.keys(dict)) setField(copy, key, dict[key] as JsonValue)
  return copy
}

function put(holder: JsonValue, key: string | number, value: JsonValue): void {
  if (Array.isArray(holder)) holder[key as number] = value
  else setField(holder as JsonObject, String(key), value)
}
