/** What says nothing goes, what is false or zero stays. */
import { expect, test } from 'vitest'
import { parseJson, stringifyJson, type JsonObject } from '#contract/json'
import { removeEmptyFields } from './removeEmptyFields.ts'

test('null, empty text and dicts left empty go; zero, false and lists stay; the document is not changed', () => {
  const text = '{"a":null,"b":"","c":{},"d":{"e":{"f":null,"g":""}},"h":{"i":{},"j":0},"k":false,"l":[],"m":[null,"",{}],"__proto__":{"n":null,"o":1}}'
  const document = parseJson(text) as JsonObject
  expect(stringifyJson(removeEmptyFields(document))).toBe('{"h":{"j":0},"k":false,"l":[],"m":[null,"",{}],"__proto__":{"o":1}}')
  expect(stringifyJson(document)).toBe(text)
})

test('records of any depth', () => {
  const deep = (inner: string): JsonObject => parseJson('{"k":'.repeat(100_000) + inner + '}'.repeat(100_000)) as JsonObject
  expect(stringifyJson(removeEmptyFields(deep('null')))).toBe('{}')
  expect(stringifyJson(removeEmptyFields(deep('1'))) === stringifyJson(deep('1'))).toBe(true)
})
