/** Values as Python writes them, for a card that reads like Flowcept's own: `str`, `repr`, `json.dumps` and fixed digits. */
import { isJsonObject, type JsonValue } from '#contract/json'

/** `str(value)`. Numbers without a fraction are whole: which of them were floats is not kept. */
export function pyStr(value: JsonValue): string {
  return typeof value === 'string' ? value : pyRepr(value)
}

export function pyRepr(value: JsonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return pyNumber(value)
  if (Array.isArray(value)) return `[${value.map(pyRepr).join(', ')}]`
  return `{${Object.entries(value).map(([key, item]) => `${quoted(key)}: ${pyRepr(item)}`).join(', ')}}`
}

/** `json.dumps(value, sort_keys=True)`. */
export function pyJson(value: JsonValue): string {
  if (typeof value === 'number') return Number.isFinite(value) ? pyNumber(value) : ({ Infinity: 'Infinity', '-Infinity': '-Infinity' }[String(value)] ?? 'NaN')
  if (typeof value === 'string') return asciiJson(value)
  if (Array.isArray(value)) return `[${value.map(pyJson).join(', ')}]`
  if (isJsonObject(value)) return `{${sortedKeys(value).map((key) => `${asciiJson(key)}: ${pyJson(value[key] as JsonValue)}`).join(', ')}}`
  return String(value)
}

/** Counts as the dict that they are in Flowcept: `{'FINISHED': 2}`. */
export function pyCounts(counts: ReadonlyMap<string, number>): string {
  return `{${[...counts].map(([key, count]) => `${quoted(key)}: ${count}`).join(', ')}}`
}

/** `f"{value:.<digits>f}"`: exact halves go to the even digit. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}.${'0'.repeat(digits)}`
  // A half can only be exact in few digits: what follows is told apart long before the twentieth.
  const exact = value.toFixed(20)
  const cut = exact.length - 20 + digits
  if (!/^50*$/.test(exact.slice(cut))) return value.toFixed(digits)
  const down = exact.slice(0, cut)
  return Number(down.at(-1)) % 2 === 0 ? down : value.toFixed(digits)
}

/** Whole numbers with commas. */
export function grouped(value: number): string {
  return String(Math.trunc(value)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** By code points, as Python sorts texts. */
export function sortedKeys(dict: object): string[] {
  return sortedTexts(Object.keys(dict))
}

export function sortedTexts(texts: Iterable<string>): string[] {
  return [...texts].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** Cut to so many characters, the last three of them points. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text
  const characters = Array.from(text)
  return characters.length > length ? `${characters.slice(0, length - 3).join('')}...` : text
}

function pyNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  if (Number.isSafeInteger(value)) return String(value)
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  if (power >= -4 && power < 16) return plainDigits(value)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** Without an exponent; JavaScript writes one below 1e-6. */
function plainDigits(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text
}

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll(/[\p{C}\p{Zl}\p{Zp}\p{Zs}]/gu, (character) => (character === ' ' ? ' ' : (named[character] ?? escaped(character))))
  return `${quote}${inner}${quote}`
}

function escaped(character: string): string {
  const point = character.codePointAt(0) as number
  const hex = point.toString(16)
  return point < 0x100 ? `\\x${hex.padStart(2, '0')}` : point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\uffff]/g, (unit) => (unit === '\u007f' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`))
}
