/** Code in pieces to be coloured: words of the language, texts, numbers, comments. A quiet help for the eye, no parser. */
import type { SnippetLanguage } from '#contract/snippets'

export type Piece = { readonly kind: 'word' | 'text' | 'number' | 'comment' | 'plain'; readonly text: string }

const python = { comment: String.raw`#[^\n]*`, words: 'and as assert break continue def del elif else except False finally for from if import in is lambda None not or pass raise return True try while with yield' }
const script = { comment: String.raw`\/\/[^\n]*`, words: 'true false null' }
const shell = { comment: String.raw`(?<=^|\n)#[^\n]*`, words: 'provscope query' }
const sql = 'SELECT FROM WHERE WITH AS AND OR NOT IN IS NULL CASE WHEN THEN ELSE END GROUP BY ORDER ASC DESC NULLS LAST FILTER CAST TRY_CAST DISTINCT TRUE FALSE OVER PARTITION'

export function highlight(code: string, language: SnippetLanguage): Piece[] {
  const { comment, words } = language === 'mongosh' ? script : language === 'provscope' ? shell : python
  // The SQL of DuckDB lies in a Python text, and is what is to be read.
  const text = language === 'duckdb' ? String.raw`'(?:[^'\n]|'')*'` : String.raw`r?"""[\s\S]*?"""|r?"(?:\\.|[^"\\\n])*"|'[^'\n]*'`
  const known = new Set(`${words}${language === 'duckdb' ? ` ${sql}` : ''}`.split(' '))
  const token = new RegExp(String.raw`(?<comment>${comment}${language === 'duckdb' ? String.raw`|--[^\n]*` : ''})|(?<text>${text})|(?<word>[A-Za-z_]\w*)|(?<number>\b\d[\d_.]*(?:e[+-]?\d+)?)`, 'g')
  const pieces: Piece[] = []
  let at = 0
  for (const match of code.matchAll(token)) {
    const kind = match.groups?.['comment'] !== undefined ? 'comment' : match.groups?.['text'] !== undefined ? 'text' : match.groups?.['number'] !== undefined ? 'number' : known.has(match[0]) ? 'word' : 'plain'
    if (kind === 'plain') continue
    if (match.index > at) pieces.push({ kind: 'plain', text: code.slice(at, match.index) })
    pieces.push({ kind, text: match[0] })
    at = match.index + match[0].length
  }
  if (at < code.length) pieces.push({ kind: 'plain', text: code.slice(at) })
  return pieces
}
