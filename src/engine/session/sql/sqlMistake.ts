/** What is wrong with a statement, as a sentence with its line and column, and its place in the text. */
import { Refusal } from '#contract/reply'

/**
 * A refusal of the text at `from` (UTF-16 units; null: nowhere in particular). The place crosses the border as the path
 * `["text", from, to]`.
 */
export function sqlMistake(text: string, from: number | null, sentence: string): Refusal {
  if (from === null || from > text.length) return new Refusal('bad-request', sentence)
  const start = Math.min(from, Math.max(0, text.trimEnd().length - 1))
  const before = text.slice(0, start).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return new Refusal('bad-request', `Line ${before.length}, column ${column}: ${sentence}`, ['text', start, tokenEnd(text, start)])
}

/** DuckDB counts bytes of UTF-8. */
export function offsetOfByte(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().length
}

/** Of names that are written somewhat like it, the nearest first. */
export function nearestNames(name: string, names: Iterable<string>, most = 3): string[] {
  const wanted = name.toLowerCase()
  const leaf = wanted.slice(wanted.lastIndexOf('.') + 1)
  const scored: { name: string; score: number }[] = []
  for (const candidate of names) {
    const lower = candidate.toLowerCase()
    const distance = Math.abs(lower.length - wanted.length) > 12 ? Infinity : editDistance(wanted, lower)
    const sameLeaf = leaf.length > 1 && (lower.endsWith(`.${leaf}`) || lower === leaf)
    const score = Math.min(distance, sameLeaf ? 2.5 + distanceOfPrefixes(wanted, lower) : Infinity, leaf.length > 2 && lower.includes(leaf) ? 3.5 + lower.length / 1000 : Infinity)
    if (score <= Math.max(2, wanted.length / 3)) scored.push({ name: candidate, score })
  }
  return scored.toSorted((a, b) => a.score - b.score || a.name.length - b.name.length).slice(0, most).map((one) => one.name)
}

export function nearSentence(near: readonly string[]): string {
  return near.length === 0 ? '' : `; near: ${near.join(', ')}`
}

function distanceOfPrefixes(a: string, b: string): number {
  return a.split('.')[0] === b.split('.')[0] ? 0 : 0.5
}

function tokenEnd(text: string, from: number): number {
  const token = /^(?:(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+)(?:\.(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+))*|'(?:[^']|'')*'|.)/su.exec(text.slice(from))
  return from + (token?.[0].length ?? 0)
}

/** Insertions, deletions, replacements, and neighbours that changed places. */
function editDistance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] as number) + 1 : Infinity
      row.push(Math.min(replaced, swapped, (last[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    ;[before, last] = [last, row]
  }
  return last[b.length] as number
}
