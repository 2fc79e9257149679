/** Patterns of filters, which are RE2's by now, as Python's `re` has them. */
import { Unsayable } from './snippetView.ts'

/** @throws Unsayable for what only RE2 has */
export function pythonRegex(pattern: string): string {
  const isMultiline = /^\(\?[is]*m/.test(pattern)
  const flags = /^\(\?[ims]+\)/.exec(pattern)?.[0] ?? ''
  const rest = pattern.slice(flags.length)
  let inClass = false
  return flags + rest.replaceAll(/\\x\{([0-9a-f]+)\}|\\[pP](?:\{[^}]*\}|.)|\\[\s\S]|\(\?[ims]*-?[ims]*[:)]|[[\]$]|[^\\[\]$(]+|\(/g, (text, code: string | undefined) => {
    if (code !== undefined) return codePoint(Number.parseInt(code, 16))
    if (text === '[' && !inClass) inClass = true
    else if (text === ']') inClass = false
    if (inClass && !text.startsWith('\\')) return text
    if (/^\\[pP]/.test(text)) throw new Unsayable(`Python’s re knows no ${text}; write the characters out, or use another language.`)
    if (/^\(\?[ims]+\)|^\(\?[ims]*-|^\(\?[ims]+:/.test(text)) throw new Unsayable('The pattern changes its flags on the way, which Python’s re does only for groups: put them at its beginning.')
    if (text === '$' && !isMultiline) return String.raw`\Z`
    return escapes[text]?.[inClass ? 1 : 0] ?? text
  })
}

/** Of RE2 these know ASCII only; of Python all of Unicode. */
const escapes: Readonly<Record<string, readonly [string, string]>> = {
  [String.raw`\d`]: ['[0-9]', '0-9'],
  [String.raw`\D`]: ['[^0-9]', String.raw`\x00-/:-\U0010ffff`],
  [String.raw`\w`]: ['[0-9A-Za-z_]', '0-9A-Za-z_'],
  [String.raw`\W`]: ['[^0-9A-Za-z_]', String.raw`\x00-/:-@\[-^` + '`' + String.raw`{-\U0010ffff`],
  [String.raw`\b`]: [String.raw`(?a:\b)`, String.raw`\x08`],
  [String.raw`\B`]: [String.raw`(?a:\B)`, String.raw`\B`],
  [String.raw`\z`]: [String.raw`\Z`, String.raw`\z`]
}

function codePoint(code: number): string {
  const character = String.fromCodePoint(code)
  if (/^[ !"#%&',/:;<=>@_`~-]$/.test(character)) return character === '-' ? String.raw`\-` : /[&~]/.test(character) ? `\\${character}` : character
  if (code < 0x80 && /[!-/:-@[-`{-~]/.test(character)) return `\\${character}`
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}
