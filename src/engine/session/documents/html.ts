/** HTML put together from pieces, in which every text is escaped unless it is HTML already. */

/** Text that may stand in a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}
type Piece = Html | string | number | null | readonly Piece[]

export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let text = strings[0] as string
  for (const [index, piece] of pieces.entries()) text += textOf(piece) + (strings[index + 1] as string)
  return new Html(text)
}

/** Our own text, such as a style sheet: nothing captured. */
export const rawHtml = (text: string): Html => new Html(text)

function textOf(piece: Piece): string {
  if (piece === null) return ''
  if (piece instanceof Html) return piece.text
  if (typeof piece === 'object') return piece.map(textOf).join('')
  return escaped(String(piece))
}

/** Control characters that HTML refuses, and halves of surrogate pairs, are shown as the sign for what cannot be shown. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] as string).replaceAll(/(?![\t\n\r])[\p{Surrogate}\p{Cc}]/gu, '\uFFFD')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
