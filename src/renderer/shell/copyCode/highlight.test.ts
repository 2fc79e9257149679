import { expect, test } from 'vitest'
import { snippetLanguages } from '#contract/snippets'
import { highlight } from './highlight.ts'

test('the pieces are the code, whatever the language', () => {
  const code = `import json  # why "not"\nrows = duckdb.sql(r"""\nSELECT 'it''s' -- all\n""")\nx = {"a": 1.5e3}\n// db.find({ a: null })\n'unended`
  for (const language of snippetLanguages) expect(highlight(code, language).map(({ text }) => text).join('')).toBe(code)
})

test('words, texts, numbers and comments are told apart', () => {
  expect(highlight('import os  # it\nx = "if 5"', 'pandas').filter(({ kind }) => kind !== 'plain')).toEqual([
    { kind: 'word', text: 'import' },
    { kind: 'comment', text: '# it' },
    { kind: 'text', text: '"if 5"' }
  ])
  expect(highlight("WHERE a = 'x' -- so", 'duckdb').map(({ kind }) => kind)).toEqual(['word', 'plain', 'text', 'plain', 'comment'])
})
