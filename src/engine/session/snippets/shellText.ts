/** Words of a command as shells read them. */

/** As POSIX shells read it, and, where it holds no quotation mark, PowerShell too: neither looks into single quotes. */
export function shellWord(text: string): string {
  if (isPlain(text)) return text
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

export function powershellWord(text: string): string {
  if (isPlain(text)) return text
  // PowerShell takes the typographic ones for quotes as well.
  return `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
}

/** JSON without the mark that would end a quoted word. */
export function quotableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/['\u2018-\u201b]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const isPlain = (text: string): boolean => /^(?:--[a-z-]+|[A-Za-z0-9_./:][A-Za-z0-9_./:-]*)$/.test(text)

/** For a comment, which ends with its line. */
export const oneLine = (text: string): string => text.replaceAll(/[\n\v\f\r\u0085\u2028\u2029]/g, ' ')
