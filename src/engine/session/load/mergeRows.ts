/** Merges the messages of many records, read back from their files in large pieces. */
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '#contract/json'
import type { RecordKind } from '#engine/records/classify'
import { mergeRecord } from '#engine/records/mergeRecord'
import type { Segments } from '#engine/sources/segments'

/** Survives a structured clone. Messages of one record stand together, in order of arrival. */
export type MergeGroups = {
  /** `kindNumber` of each record, and where its messages begin. */
  readonly kinds: Uint8Array
  readonly starts: Int32Array
  /** Places of the messages. */
  readonly files: Int32Array
  readonly bytes: Float64Array
  readonly sizes: Int32Array
  readonly lines: Float64Array
  readonly fileLines: Float64Array
}

const recordKinds: readonly RecordKind[] = ['task', 'workflow', 'agent', 'object']
/** What lies between two messages is read along with them if it is less than this. */
const gapBytes = 64 << 10
const mostBytesAtOnce = 16 << 20

export async function mergeRows(
  groups: MergeGroups,
  segments: Segments,
  nameFor: (place: { file: number; fileLine: number }) => string,
  put: (kind: number, id: string, messages: number, firstLine: number, text: string) => void
): Promise<void> {
  const texts = await readMessages(groups, segments)
  for (let group = 0; group < groups.kinds.length; group++) {
    const start = groups.starts[group] as number
    const end = groups.starts[group + 1] ?? groups.files.length
    const kind = groups.kinds[group] as number
    let isPlain = true
    const messages: JsonObject[] = []
    for (let i = start; i < end; i++) {
      const text = (texts[i] as Buffer).toString()
      isPlain &&= !mayHoldOddNumbers.test(text)
      const message = isPlain ? (JSON.parse(text) as JsonObject) : parseJson(text)
      if (!isJsonObject(message)) throw new Error('A message that was an object is none any more: the file has changed while it was read.')
      messages.push(message)
    }
    const newId = (): string => nameFor({ file: groups.files[start] as number, fileLine: groups.fileLines[start] as number })
    const { document, id } = mergeRecord(recordKinds[kind] as RecordKind, messages, { newId })
    put(kind, id, end - start, groups.lines[start] as number, isPlain ? JSON.stringify(document) : stringifyJson(document))
  }
}

/** Integers beyond 2^53, numbers that JSON.stringify would write as integers or null, NaN and −0: exact, but slower. Also true of some texts. */
const mayHoldOddNumbers = /[[:,\s]-?(?:\d{16}|\d+(?:\.\d+)?[eE]\+?\d)|NaN|Infinity|[[:,\s]-0(?:\.0*)?(?![.\d])/

async function readMessages({ bytes, files, sizes }: MergeGroups, segments: Segments): Promise<Buffer[]> {
  const order = Array.from(files, (_, index) => index).sort((a, b) => (files[a] as number) - (files[b] as number) || (bytes[a] as number) - (bytes[b] as number))
  const texts: Buffer[] = []
  for (let i = 0; i < order.length; ) {
    const first = order[i] as number
    const file = files[first] as number
    const from = bytes[first] as number
    let to = from + (sizes[first] as number)
    let next = i + 1
    for (; next < order.length; next++) {
      const at = order[next] as number
      const end = (bytes[at] as number) + (sizes[at] as number)
      if (files[at] !== file || (bytes[at] as number) - to > gapBytes || end - from > mostBytesAtOnce) break
      to = Math.max(to, end)
    }
    const span = await segments.readText(file, from, to - from)
    if (span.length < to - from) throw new Error('The file became shorter while it was read.')
    for (; i < next; i++) {
      const at = order[i] as number
      const offset = (bytes[at] as number) - from
      texts[at] = Buffer.from(span.buffer, span.byteOffset + offset, sizes[at] as number)
    }
  }
  return texts
}
