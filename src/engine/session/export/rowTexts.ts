/** Texts of many rows at once: what lies close together is read in one go. */
import type { SourceTable } from '../table/sourceTable.ts'

export type TextPlace = { readonly file: number; readonly byte: number; readonly size: number }

const mostBytes = 1 << 20
const readsAtOnce = 8

/** In the order of the places. */
export async function rowTexts(table: Pick<SourceTable, 'text'>, places: readonly TextPlace[]): Promise<string[]> {
  const texts: string[] = []
  const inOrder = places.map((place, at) => ({ ...place, at })).toSorted((a, b) => a.file - b.file || a.byte - b.byte)
  const groups: (typeof inOrder)[] = []
  for (const place of inOrder) {
    const group = groups.at(-1)
    const [first, last] = [group?.[0], group?.at(-1)]
    // A gap is read along where it is no longer than what is wanted: line ends, messages that were merged.
    const fits = first !== undefined && last !== undefined && first.file === place.file && place.byte + place.size - first.byte <= mostBytes && place.byte - (last.byte + last.size) <= last.size + place.size
    if (fits) group?.push(place)
    else groups.push([place])
  }
  for (let at = 0; at < groups.length; at += readsAtOnce) {
    await Promise.all(groups.slice(at, at + readsAtOnce).map(async (group) => { for (const { at: index, text } of await readGroup(table, group)) texts[index] = text }))
  }
  return texts
}

async function readGroup(table: Pick<SourceTable, 'text'>, group: readonly (TextPlace & { at: number })[]): Promise<{ at: number; text: string }[]> {
  const [first, last] = [group[0] as TextPlace, group.at(-1) as TextPlace]
  if (group.length > 1) {
    const size = last.byte + last.size - first.byte
    const bytes = Buffer.from(await table.text({ file: first.file, byte: first.byte, size }))
    // Bytes that are no text would have become other ones.
    if (bytes.length === size && !bytes.includes(replacement)) return group.map((place) => ({ at: place.at, text: bytes.toString('utf8', place.byte - first.byte, place.byte - first.byte + place.size) }))
  }
  return await Promise.all(group.map(async (place) => ({ at: place.at, text: await table.text(place) })))
}

const replacement = Buffer.from('\ufffd')
