/** Ids and fields as qualified names: every character that some notation minds is percent-encoded, so that different ids stay different. */
import type { Namespace, ProvName } from './provModel.ts'

/** Several parts are told apart by `/`, which within a part is encoded. */
export function provName(namespace: Namespace | 'prov', ...parts: readonly string[]): ProvName {
  const local = parts.map((part) => encoded(part)).join('/')
  // A local name may not begin with these, nor end with a point.
  return `${namespace}:${local.replace(/^[-.]/, percent).replace(/\.$/, percent)}` as ProvName
}

/** The id that a name of one part was made of, for people: half a surrogate pair becomes the sign for what cannot be shown. */
export function idOfName(name: ProvName): string {
  const local = name.slice(name.indexOf(':') + 1)
  const bytes = local.split(/(%[0-9A-F]{2})/).map((part) => (part.startsWith('%') ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part)))
  return Buffer.concat(bytes).toString()
}

const plain = /[^\w.-]/gu

function encoded(part: string): string {
  return part.replaceAll(plain, percent)
}

/** The bytes of a character in UTF-8; of half a surrogate pair, which UTF-8 does not have, those that it would have. */
function percent(character: string): string {
  const point = character.codePointAt(0) as number
  const isHalf = point >= 0xd800 && point <= 0xdfff
  const bytes = isHalf ? [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f)] : [...Buffer.from(character)]
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
