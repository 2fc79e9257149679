/**
 * Regular expressions of filters. People write them as JavaScript and Mongo (PCRE) know them; DuckDB matches with RE2, which reads
 * no lookaround and no backreferences and never takes exponential time. This rewrites the one as the other, so that what both
 * know means what it means in JavaScript.
 *
 * Differences that stay: a character is a code point, not half of a surrogate pair; `m` knows only \n as the end of a line;
 * `i` folds by Unicode, so that k also matches the Kelvin sign. `\A`, `\z`, `\p{…}` and a leading `(?i)` are PCRE's.
 */

/** @param options letters of i, m, s, x */
export function translateRegex(pattern: string, options: string): { pattern: string } | { mistake: string } {
  if (pattern.length > maxLength) return { mistake: `$regex is longer than ${maxLength.toLocaleString('en')} characters.` }
  const source = options.includes('x') ? withoutComments(pattern) : pattern
  const unreadable = syntaxError(source)
  if (unreadable !== null) return { mistake: `$regex does not compile: ${unreadable}.` }
  const translated = new Translator(source, options.includes('s')).run()
  if ('mistake' in translated) return { mistake: `$regex ${translated.mistake}` }
  const flags = [...new Set(options)].filter((flag) => flag === 'i' || flag === 'm').join('')
  return { pattern: flags === '' ? translated.pattern : `(?${flags})${translated.pattern}` }
}

/** A pattern that matches just this text. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

/** RE2 refuses to repeat more often, and what it compiles to must fit its memory. */
const maxRepeat = 1000
const maxSize = 10_000
const maxLength = 10_000
const maxDepth = 200

const spaces = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
const noSpaces = String.raw`\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`
const anyButLineEnds = String.raw`[^\n\r\x{2028}\x{2029}]`
const anything = String.raw`[\x{0}-\x{10ffff}]`
const nothing = String.raw`[^\x{0}-\x{10ffff}]`
const categories = /^(L[ultmo&]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfos]?|Latin|Greek|Cyrillic|Arabic|Hebrew|Han|Hiragana|Katakana|Hangul|Thai|Devanagari)$/

const inlineFlags = /^\(\?([ims]*)(-[ims]+)?([:)])/
const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/

type Group = { dotAll: boolean; outerDotAll: boolean; atoms: number }

class Translator {
  private at = 0
  private out = ''
  private readonly groups: Group[] = []
  /** Sizes of what is compiled so far, a level for each open group; the last atom's size, for a quantifier to multiply. */
  private readonly sizes: number[] = [0]
  private readonly repeats: number[] = [1]
  private last = { size: 0, repeat: 1 }

  constructor(
    private readonly source: string,
    private dotAll: boolean
  ) {}

  run(): { pattern: string } | { mistake: string } {
    while (this.at < this.source.length) {
      const mistake = this.step()
      if (mistake !== null) return { mistake }
      if ((this.sizes.at(-1) as number) > maxSize) return { mistake: 'is too large once its repeats are written out.' }
    }
    return { pattern: this.out }
  }

  private step(): string | null {
    const char = this.source[this.at] as string
    if (char === '\\') return this.escape()
    if (char === '[') return this.charClass()
    if (char === '(') return this.open()
    if (char === ')') return this.close()
    const repeat = quantifier.exec(this.source.slice(this.at, this.at + 40))
    if (repeat && this.out !== '') return this.quantify(repeat)
    if (char === '.') return this.atom(1, this.dotAll ? anything : anyButLineEnds)
    if (char === '^' || char === '$' || char === '|') return this.atom(1, char)
    const point = String.fromCodePoint(this.source.codePointAt(this.at) as number)
    return this.atom(point.length, literal(point))
  }

  private atom(length: number, text: string): null {
    this.at += length
    this.out += text
    this.add(sizeOf(text), 1)
    return null
  }

  private add(size: number, repeat: number): void {
    this.last = { size, repeat }
    this.sizes[this.sizes.length - 1] = (this.sizes.at(-1) as number) + size
    this.repeats[this.repeats.length - 1] = Math.max(this.repeats.at(-1) as number, repeat)
  }

  private quantify(found: RegExpExecArray): string | null {
    const most = found[1] === undefined ? 1 : Math.max(Number(found[1]), Number(found[3] || found[1]), 1)
    const repeat = this.last.repeat * most
    if (repeat > maxRepeat) return `repeats a part more than ${maxRepeat.toLocaleString('en')} times, which this engine cannot.`
    this.at += found[0].length
    this.out += found[0]
    if (this.source[this.at] === '?') {
      this.at++
      this.out += '?'
    }
    this.add(this.last.size * (most - 1), repeat)
    return null
  }

  private open(): string | null {
    const rest = this.source.slice(this.at, this.at + 16)
    if (/^\(\?(?:=|!|<=|<!)/.test(rest)) return `looks ahead or behind with ${rest.slice(0, rest[2] === '<' ? 4 : 3)}…), which this engine cannot; join several conditions with $and or $not instead.`
    const flags = inlineFlags.exec(rest)
    if (flags) return this.openFlags(flags)
    if (this.groups.length >= maxDepth) return `nests more than ${maxDepth} groups.`
    const named = /^\(\?<[^>]*>/.exec(rest.startsWith('(?<') ? this.source.slice(this.at) : '')
    this.at += named ? named[0].length : 1
    this.out += '(?:'
    this.push(this.dotAll)
    return null
  }

  /** `(?i)` holds to the end of its group, `(?i:…)` for its own. The s flag is kept here, since `.` is written out. */
  private openFlags([text, on = '', off = '', end]: RegExpExecArray): null {
    const outer = this.dotAll
    if (on.includes('s')) this.dotAll = true
    if (off.includes('s')) this.dotAll = false
    const kept = on.replaceAll('s', '') + (off.length > 1 ? off.replaceAll('s', '').replace(/^-$/, '') : '')
    this.at += text.length
    if (end === ':') {
      this.out += `(?${kept}:`
      this.push(outer)
    } else if (kept !== '') {
      this.out += `(?${kept})`
    }
    return null
  }

  private push(outerDotAll: boolean): void {
    this.groups.push({ dotAll: this.dotAll, outerDotAll, atoms: 0 })
    this.sizes.push(0)
    this.repeats.push(1)
  }

  private close(): null {
    this.dotAll = this.groups.pop()?.outerDotAll ?? this.dotAll
    const size = this.sizes.pop() ?? 0
    const repeat = this.repeats.pop() ?? 1
    this.at++
    this.out += ')'
    this.add(size, repeat)
    return null
  }

  private escape(): string | null {
    const next = this.source[this.at + 1] as string
    if (/[1-9]/.test(next) || next === 'k') return `refers back to a group with \\${next}, which this engine cannot.`
    if (/[bBAz]/.test(next)) return this.atom(2, `\\${next}`)
    if (next === 'G' || next === 'Z' || next === 'K') return `uses \\${next}, which this engine cannot.`
    const found = this.classEscape(false)
    return 'mistake' in found ? found.mistake : this.atom(found.length, found.text)
  }

  /** What a backslash stands for, in a class or outside one. */
  private classEscape(inClass: boolean): { length: number; text: string } | { mistake: string } {
    const rest = this.source.slice(this.at, this.at + 40)
    const next = rest[1] as string
    if (/[dDwW]/.test(next)) return { length: 2, text: `\\${next}` }
    if (next === 's') return { length: 2, text: inClass ? spaces : `[${spaces}]` }
    if (next === 'S') return { length: 2, text: inClass ? noSpaces : `[${noSpaces}]` }
    const property = /^\\([pP])(?:\{(\^?)([^}]*)\}|([A-Z]))/.exec(rest)
    if (property) {
      const name = property[3] ?? property[4] ?? ''
      if (!categories.test(name)) return { mistake: `names a class of characters this engine does not know: ${property[0]}` }
      return { length: property[0].length, text: `\\${property[1]}{${property[2] ?? ''}${name}}` }
    }
    const code = /^\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|c([A-Za-z]))/.exec(rest)
    if (code) {
      const pair = /^\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(rest)
      if (pair) return { length: 12, text: literal(String.fromCharCode(Number.parseInt(pair[1] as string, 16), Number.parseInt(pair[2] as string, 16))) }
      const value = code[4] === undefined ? Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16) : code[4].charCodeAt(0) % 32
      if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return { mistake: `names half a character or none: ${code[0]}` }
      return { length: code[0].length, text: literal(String.fromCodePoint(value)) }
    }
    const control: Record<string, string> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f', 0: '\0', ...(inClass && { b: '\b' }) }
    if (Object.hasOwn(control, next)) return { length: 2, text: literal(control[next] as string) }
    const point = String.fromCodePoint(this.source.codePointAt(this.at + 1) as number)
    return { length: 1 + point.length, text: literal(point) }
  }

  private charClass(): string | null {
    if (this.source.startsWith('[^]', this.at)) return this.atom(3, anything)
    if (this.source.startsWith('[]', this.at)) return this.atom(2, nothing)
    let text = this.source.startsWith('[^', this.at) ? '[^' : '['
    this.at += text.length
    while (this.source[this.at] !== ']') {
      const char = this.source[this.at] as string
      if (char === '\\') {
        const found = this.classEscape(true)
        if ('mistake' in found) return found.mistake
        this.at += found.length
        text += found.text
      } else if (char === '-') {
        text += this.dash(text)
        this.at++
      } else {
        const point = String.fromCodePoint(this.source.codePointAt(this.at) as number)
        text += literal(point)
        this.at += point.length
      }
    }
    return this.atom(1, `${text}]`)
  }

  /** A dash at either end of a class, or beside \d and its like, is only a dash. */
  private dash(before: string): string {
    const ends = before === '[' || before === '[^' || this.source[this.at + 1] === ']'
    const besideClass = /\\[dDwWsSpP](\{[^}]*\})?$/.test(this.source.slice(Math.max(0, this.at - 60), this.at)) || /^-\\[dDwWsSpP]/.test(this.source.slice(this.at, this.at + 3))
    return ends || besideClass ? literal('-') : '-'
  }
}

/** In multiples of a letter; a Unicode category compiles to a hundred instructions. */
function sizeOf(text: string): number {
  return Math.ceil(text.length / 40) + text.split(/\\[pP]/).length * 150 - 150
}

/** Letters, digits and space stand for themselves, anything else is written by its number. */
function literal(point: string): string {
  return /^[a-zA-Z0-9 _]$/.test(point) ? point : `\\x{${(point.codePointAt(0) as number).toString(16)}}`
}

/** What JavaScript finds wrong with the pattern, once PCRE's inline flags, `\x{…}` and `\p{…}` are out of the way. */
function syntaxError(source: string): string | null {
  const plain = source.replaceAll(/\\[\s\S]|\(\?[ims]*(?:-[ims]+)?[:)]/g, (text) => (text.startsWith('\\') ? text : text.endsWith(')') ? '(?:)' : '(?:'))
  try {
    return new RegExp(plain) instanceof RegExp ? null : 'it is no expression'
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return error.message.replace(/^Invalid regular expression: /, '')
  }
}

/** Option x: white space and #-comments outside classes do not count. */
function withoutComments(pattern: string): string {
  return pattern.replaceAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\s+|#[^\n]*/g, (text) => (/^(\s|#)/.test(text) ? '' : text))
}
