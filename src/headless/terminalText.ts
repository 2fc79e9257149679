/** Text from records made fit for a terminal: nothing in it can move the cursor, and its width is known. */

const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u
// oxlint-disable-next-line no-control-regex -- control characters are what is shown instead of obeyed
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** On one line; control characters and those that turn the direction of text are written as escapes. */
export function printable(text: string): string {
  return text.replace(controls, (character) => {
    const known = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
    return known ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Columns of a terminal that it takes. */
export function width(text: string): number {
  // oxlint-disable-next-line no-control-regex -- plain ASCII needs no look at each character
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += widthOf(character)
  return columns
}

/** Cut to at most `columns`, the last of them an ellipsis if anything was left out. */
export function fit(text: string, columns: number): string {
  if (width(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    const next = widthOf(character)
    if (used + next > columns - 1) break
    kept += character
    used += next
  }
  return columns > 0 ? `${kept}…` : ''
}

export function pad(text: string, columns: number, side: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, columns - width(text)))
  return side === 'left' ? text + spaces : spaces + text
}

const widthOf = (character: string): number => (zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1)
