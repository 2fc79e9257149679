/** Regular expressions, as DuckDB matches them, against JavaScript's own. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { translateRegex } from '#contract/filterRegex'

let connection: DuckDBConnection
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => connection.closeSync())

const texts = ['', 'a', 'b', 'ab', 'aab', 'aXb', 'A', 'é', 'É', ' a ', '\t', '\n', 'a\nb', 'a.b', 'a-b', '[a]', 'a{2}', '\\', '"', '1', '42', 'a_1', 'x y', '\u00a0', '\u2028', '\ufeff', '日本', 'aaaa', 'b\n', '(a)', 'a|b', '^a$', '\u0000', '/']

async function matchedHere(pattern: string, options: string): Promise<string[]> {
  const translated = translateRegex(pattern, options)
  if ('mistake' in translated) throw new Error(`${pattern}: ${translated.mistake}`)
  const sql = `SELECT i FROM (VALUES ${texts.map((_, index) => `(${index}, CAST(? AS VARCHAR))`).join(', ')}) v(i, t) WHERE regexp_matches(t, ?) ORDER BY i`
  const reader = await connection.runAndReadAll(sql, [...texts, translated.pattern])
  return reader.getRows().map(([index]) => texts[Number(index)] as string)
}

const single = fc.constantFrom('a', 'b', 'é', 'X', '1', ' ', '-', '_', '/', '"', '日', '.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\n', '\\t', '\\0', '\\.', '\\-', '\\/', '\\{', '\\\\', '\\x41', '\\u00e9', '\\cJ', '\\q', '{', '}', ']')
const inClass = fc.constantFrom('a', 'b', 'a-c', 'A-Z', '0-9', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '.', '-', '[', '\\]', '\\\\', '\\b', '\\n', '\\-', '{', '|', '\\u00e0-\\u00ff', '^', '$', '(', '&&', '[:')
const charClass = fc.tuple(fc.constantFrom('[', '[^'), fc.array(inClass, { maxLength: 3 })).map(([open, items]) => `${open}${items.join('')}]`)
const repeat = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?', '??', '{1,2}?')
const place = fc.constantFrom('^', '$', '\\b', '\\B')
const { expression } = fc.letrec<{ expression: string; term: string }>((tie) => ({
  term: fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.oneof({ weight: 3, arbitrary: single }, charClass), repeat).map((parts) => parts.join('')) },
    place,
    fc.tuple(fc.constantFrom('(', '(?:', '(?<name>'), tie('expression'), repeat).map(([open, inner, times]) => `${open}${inner})${times}`)
  ),
  expression: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie('term'), { minLength: 1, maxLength: 4 }).map((terms) => terms.join('')),
    fc.tuple(tie('expression'), tie('expression')).map((sides) => sides.join('|'))
  )
}))

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp
  } catch {
    return false
  }
}

test('a pattern matches here what it matches in JavaScript', { timeout: 60_000 }, async () => {
  const options = fc.constantFrom('', '', 's')
  await fc.assert(
    fc.asyncProperty(expression.filter(compiles), options, async (pattern, flags) => {
      const regex = new RegExp(pattern, flags)
      expect(await matchedHere(pattern, flags)).toEqual(texts.filter((text) => regex.test(text)))
    }),
    { numRuns: 600 }
  )
})

test.each([
  ['É', 'i', ['é', 'É']],
  ['^b$', 'm', ['b', 'a\nb', 'b\n']],
  ['(?i)^A$', '', ['a', 'A']],
  ['(?i:x)b', '', ['aXb']],
  ['^ a \\. b $ # white space', 'x', ['a.b']],
  ['^\\p{Lu}$', '', ['A', 'É']],
  ['\\Aa\\z', 'm', ['a']],
  ['(?s)a.b', '', ['aab', 'aXb', 'a\nb', 'a.b', 'a-b', 'a|b']]
])('%j with %j matches %j', async (pattern, options, expected) => {
  expect(await matchedHere(pattern, options)).toEqual(expected)
})

test.each(['a', '.', '日', '\\S', '\\p{L}', '[^é\\s]', '\\w'])('as often as %j may be repeated, it compiles', async (atom) => {
  const repeated = (times: number): { pattern: string } | { mistake: string } => translateRegex(`(?:${atom.repeat(times)}){10}`, 'i')
  let most = 1001
  while ('mistake' in repeated(most)) most--
  expect(most).toBeGreaterThan(5)
  expect(most).toBeLessThan(1001)
  const { pattern } = repeated(most) as { pattern: string }
  const reader = await connection.runAndReadAll('SELECT regexp_matches(?, ?), regexp_matches(?, ?)', ['', pattern, 'a'.repeat(10 * most), pattern])
  expect(reader.getRows()).toEqual([[false, atom !== '日']])
})
