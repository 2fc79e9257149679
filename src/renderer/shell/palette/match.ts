/** How well a title fits what was typed: each word somewhere, best at the beginning of a word. */

export type Match = { score: number; places: [number, number][] }

export function match(title: string, typed: string): Match | null {
  const lower = title.toLowerCase()
  const places: [number, number][] = []
  let score = 0
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = bestPlace(lower, word)
    if (at === -1) return null
    places.push([at, at + word.length])
    score += at === 0 ? 3 : isWordStart(lower, at) ? 2 : 1
  }
  places.sort((a, b) => a[0] - b[0])
  return { score: score - lower.length / 1000, places: withoutOverlap(places) }
}

function bestPlace(text: string, word: string): number {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) if (isWordStart(text, at)) return at
  return text.indexOf(word)
}

const isWordStart = (text: string, at: number): boolean => at === 0 || /[\s._:/-]/.test(text[at - 1] ?? '')

const withoutOverlap = (places: [number, number][]): [number, number][] => places.filter((place, index) => index === 0 || place[0] >= (places[index - 1]?.[1] ?? 0))

/** Whether each word that was typed is somewhere in the text. */
export const matchWords = (text: string, typed: string): boolean => match(text, typed) !== null
