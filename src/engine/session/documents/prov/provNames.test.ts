/** Ids as qualified names: safe in either notation, and different where ids are. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateTimeOf, literalOf } from './provLiterals.ts'
import { provName } from './provNames.ts'

describe('provName', () => {
  it('keeps plain ids and encodes the rest', () => {
    expect(provName('task', '1699.5_a-b')).toBe('task:1699.5_a-b')
    expect(provName('task', "a b/c'\n")).toBe('task:a%20b%2Fc%27%0A')
    expect(provName('task', '-x.')).toBe('task:%2Dx%2E')
    expect(provName('task', 'µ\ud800')).toBe('task:%C2%B5%ED%A0%80')
    expect(provName('value', 't', 'used', 'a.b')).toBe('value:t/used/a.b')
  })

  it('is a local name of PROV-N, and never the same for different parts', () => {
    const parts = fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(provName('task', ...a)).toMatch(/^task:(?:[\w/]|%[0-9A-F]{2})(?:(?:[\w./-]|%[0-9A-F]{2})*(?:[\w/-]|%[0-9A-F]{2}))?$/)
        expect(provName('task', ...a) === provName('task', ...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      })
    )
  })
})

describe('literalOf', () => {
  it('gives every value its type', () => {
    expect([0, -0, 1.5, 2 ** 31, NaN, -Infinity, 2n ** 63n - 1n, 2n ** 64n, true, 'x', [1], {}, null, '\ud800'].map((value) => literalOf(value))).toEqual([
      { type: 'xsd:int', text: '0' },
      { type: 'xsd:double', text: '-0.0' },
      { type: 'xsd:double', text: '1.5' },
      { type: 'xsd:long', text: '2147483648' },
      { type: 'xsd:double', text: 'NaN' },
      { type: 'xsd:double', text: '-INF' },
      { type: 'xsd:long', text: '9223372036854775807' },
      { type: 'xsd:integer', text: '18446744073709551616' },
      { type: 'xsd:boolean', text: 'true' },
      { type: 'xsd:string', text: 'x' },
      { type: 'provscope:json', text: '[1]' },
      { type: 'provscope:json', text: '{}' },
      { type: 'provscope:json', text: 'null' },
      { type: 'provscope:json', text: '"\\ud800"' }
    ])
  })

  it('tells a long text by its head, its length and its hash', () => {
    const literal = literalOf('é'.repeat(20_000))
    expect(literal.type).toBe('provscope:cut')
    expect(JSON.parse(literal.text)).toEqual({ head: 'é'.repeat(1000), length: 20_000, sha256: '0d2b714f0bbfd34d4c5672cd0220630d3796f36b5a962798b81aa6ca8bf9b040' })
  })

  it('writes times to the microsecond, and none that cannot be', () => {
    expect(dateTimeOf(1763870558.123456)).toBe('2025-11-23T04:02:38.123456Z')
    expect(dateTimeOf(1763870558.9999998)).toBe('2025-11-23T04:02:39.000000Z')
    expect([dateTimeOf(-5), dateTimeOf('1763870558'), dateTimeOf(1763870558000), dateTimeOf(NaN)]).toEqual([null, null, null, null])
  })
})
