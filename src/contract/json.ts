/**
 * Exact JSON: what Flowcept writes, read and written back without losing a digit. Integers beyond ±2^53 are bigints, NaN and
 * the infinities are tokens (as Python's json.dumps writes them), −0 stays −0, and any depth is read and written without recursion.
 */

export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject
/** Every key is an own property, `__proto__` too: read with `field`, write with `setField`. Integer-like keys come first, as in any object. */
export type JsonObject = { [key: string]: JsonValue }

/** Text that is no JSON: where, and what should have stood there. */
export class JsonSyntaxError extends SyntaxError {
  override name = 'JsonSyntaxError'
  /** In UTF-16 units, from 0. */
  readonly position: number
  readonly expected: string
  readonly found: string

  constructor(position: number, expected: string, found: string) {
    super(`Expected ${expected} at position ${position}, found ${found}`)
    this.position = position
    this.expected = expected
    this.found = found
  }
}

/** 16 digits or more where a number may begin; in a string they only cost the slower way. */
const maybeLargeInteger = /(?:^|[-[:,\s])\d{16}/

/**
 * Integers with |v| ≤ 2^53 and everything with a point or an exponent are numbers, larger integers bigints. Of equal keys the last wins.
 * @throws JsonSyntaxError
 */
export function parseJson(text: string): JsonValue {
  if (maybeLargeInteger.test(text)) return new Parser(text).document()
  try {
    return JSON.parse(text) as JsonValue
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // Either NaN and its like, or a mistake: this parser reads the one and names the place of the other.
    return new Parser(text).document()
  }
}

/** Writes what `parseJson` reads: equal again when parsed, but for 1.0, which becomes 1. With `indent` laid out as JSON.stringify does. */
export function stringifyJson(value: JsonValue, indent = 0): string {
  const open: Frame[] = []
  let text = ''
  const begin = (item: JsonValue): void => {
    if (item === null || typeof item !== 'object') text += scalar(item)
    else if (Array.isArray(item)) open.push({ items: item, keys: null, next: 0 })
    else open.push({ items: item, keys: Object.keys(item), next: 0 })
  }
  begin(value)
  for (let frame = open.at(-1); frame; frame = open.at(-1)) {
    const { keys, items, next } = frame
    const length = keys ? keys.length : (items as JsonValue[]).length
    if (next === 0) text += keys ? '{' : '['
    if (next === length) {
      open.pop()
      if (indent > 0 && length > 0) text += lineBreak(indent, open.length)
      text += keys ? '}' : ']'
      continue
    }
    if (next > 0) text += ','
    if (indent > 0) text += lineBreak(indent, open.length)
    frame.next = next + 1
    if (keys) {
      const key = keys[next] as string
      text += JSON.stringify(key) + (indent > 0 ? ': ' : ':')
      begin((items as JsonObject)[key] as JsonValue)
    } else {
      begin((items as JsonValue[])[next] as JsonValue)
    }
  }
  return text
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own property of that name; never something inherited, such as `constructor`. */
export function field(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Sets an own property; plain assignment to `__proto__` would replace the prototype. */
export function setField(object: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else object[key] = value
}

type Frame = { readonly items: JsonValue[] | JsonObject; readonly keys: string[] | null; next: number }

function scalar(value: null | boolean | number | bigint | string): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'number') return String(value)
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  // Without the point it would be read back as a bigint; from 1e21 on String writes an exponent itself.
  return Math.abs(value) > 2 ** 53 && /^-?\d+$/.test(text) ? `${text}.0` : text
}

function lineBreak(indent: number, depth: number): string {
  return `\n${' '.repeat(indent * depth)}`
}

const numberToken = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
/** Anything from the space on but the quote and the backslash. */
const plainText = /[ !#-[\]-\uffff]*/y
const words: readonly (readonly [string, JsonValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity]
]

type Open = { readonly list: JsonValue[] } | { readonly dict: JsonObject; key: string }

class Parser {
  private at = 0
  private readonly open: Open[] = []
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  document(): JsonValue {
    let value = this.value()
    for (;;) {
      const top = this.open.at(-1)
      if (value === undefined) {
        value = this.value()
      } else if (!top) {
        this.skipSpace()
        if (this.at < this.text.length) this.fail('the end')
        return value
      } else {
        value = this.append(top, value)
      }
    }
  }

  /** A scalar or an empty list or dict, or undefined after opening one that has content. */
  private value(): JsonValue | undefined {
    this.skipSpace()
    const char = this.text[this.at]
    if (char === '"') return this.string()
    if (char === '[') {
      this.at += 1
      if (this.take(']')) return []
      this.open.push({ list: [] })
      return undefined
    }
    if (char === '{') {
      this.at += 1
      if (this.take('}')) return {}
      this.open.push({ dict: {}, key: this.key(`a key or '}'`) })
      return undefined
    }
    return this.number() ?? this.word()
  }

  /** Puts a value into the innermost open list or dict; returns that one once it is closed. */
  private append(top: Open, value: JsonValue): JsonValue | undefined {
    if ('list' in top) {
      top.list.push(value)
      if (this.take(',')) return undefined
      if (!this.take(']')) this.fail(`',' or ']'`)
      this.open.pop()
      return top.list
    }
    setField(top.dict, top.key, value)
    if (this.take(',')) {
      top.key = this.key('a key')
      return undefined
    }
    if (!this.take('}')) this.fail(`',' or '}'`)
    this.open.pop()
    return top.dict
  }

  private key(expected: string): string {
    this.skipSpace()
    if (this.text[this.at] !== '"') this.fail(expected)
    const key = this.string()
    if (!this.take(':')) this.fail(`':'`)
    return key
  }

  private string(): string {
    const start = this.at
    this.at += 1
    for (;;) {
      plainText.lastIndex = this.at
      plainText.test(this.text)
      this.at = plainText.lastIndex
      const char = this.text[this.at]
      if (char === '"') break
      if (char === undefined) this.fail(`'"'`)
      if (char !== '\\') this.fail('an escaped control character')
      this.escape()
    }
    this.at += 1
    return JSON.parse(this.text.slice(start, this.at)) as string
  }

  private escape(): void {
    this.at += 1
    const char = this.text[this.at]
    if (char === undefined || !'"\\/bfnrtu'.includes(char)) this.fail('an escape (one of " \\ / b f n r t u)')
    this.at += 1
    if (char !== 'u') return
    for (const end = this.at + 4; this.at < end; this.at += 1) {
      if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? '')) this.fail('a hexadecimal digit')
    }
  }

  private number(): JsonValue | undefined {
    numberToken.lastIndex = this.at
    const match = numberToken.exec(this.text)
    if (!match) return undefined
    this.at += match[0].length
    const next = this.text[this.at]
    if (next === '.' || next === 'e' || next === 'E') {
      this.at += 1
      this.fail('a digit')
    }
    const value = Number(match[0])
    const isInteger = match[1] === undefined && match[2] === undefined
    if (!isInteger || Math.abs(value) < 2 ** 53) return value
    const exact = BigInt(match[0])
    return exact === 2n ** 53n || exact === -(2n ** 53n) ? value : exact
  }

  private word(): JsonValue {
    for (const [word, value] of words) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    if (this.text[this.at] !== '-') this.fail('a value')
    this.at += 1
    this.fail('a digit')
  }

  private take(char: string): boolean {
    this.skipSpace()
    if (this.text[this.at] !== char) return false
    this.at += 1
    return true
  }

  private skipSpace(): void {
    for (let char = this.text[this.at]; char === ' ' || char === '\n' || char === '\t' || char === '\r'; char = this.text[this.at]) this.at += 1
  }

  private fail(expected: string): never {
    const point = this.text.codePointAt(this.at)
    throw new JsonSyntaxError(this.at, expected, point === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(point)))
  }
}
