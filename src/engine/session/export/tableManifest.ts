/** What the manifest says of a table's columns, and what of its values is not in the file as it was. */
import type { TableFormat } from '#contract/exports'
import type { ManifestColumn } from './manifest.ts'
import { type OutColumn, type OutTable, uniqueNames } from './outTable.ts'
import type { RecordLinesFacts } from './recordLines.ts'
import { number } from './tableFacts.ts'

const countedAtOnce = 200

export async function manifestColumns(out: OutTable, format: TableFormat, signal: AbortSignal): Promise<ManifestColumn[]> {
  const names = namesIn(out, format)
  const { from } = await out.rows(null, signal)
  const filled: number[] = []
  for (let at = 0; at < out.columns.length; at += countedAtOnce) {
    const batch = out.columns.slice(at, at + countedAtOnce)
    const [row = []] = await out.query({ text: `SELECT ${batch.map(({ sql }) => `count(${sql})`).join(', ')} ${from}`, values: [] }, signal)
    filled.push(...row.map(Number))
  }
  return out.columns.map((column, at) => {
    const { derived, name, type, unit } = column
    const other = names[at] === name ? {} : { writtenAs: names[at] as string }
    return { name, ...other, type, unit, derived, stored: storedAs(column, format), nulls: out.total - (filled[at] ?? 0) }
  })
}

function namesIn({ columns }: OutTable, format: TableFormat): string[] {
  if (format === 'parquet') return uniqueNames(columns, 'any case')
  return format === 'jsonl' || format === 'arrow' ? uniqueNames(columns, 'same case') : columns.map(({ name }) => name)
}

function storedAs({ hasGaps, storage }: OutColumn, format: TableFormat): string {
  if (format === 'csv' || format === 'tsv') return storage === 'JSON' ? 'text, lists and dicts as JSON' : storage === 'BIGINT' && hasGaps ? 'text, integers with .0' : 'text'
  if (format === 'jsonl') return storage === 'JSON' ? 'JSON' : storage
  if (storage === 'JSON') return 'VARCHAR, each value as JSON'
  return storage
}

export function tableNotes(columns: readonly ManifestColumn[], format: TableFormat): string[] {
  const json = columns.filter(({ stored }) => stored === 'VARCHAR, each value as JSON')
  const wide = json.filter(({ type }) => type === 'integer')
  const mixed = json.filter(({ type }) => type !== 'integer')
  const renamed = columns.filter(({ writtenAs }) => writtenAs !== undefined)
  return [
    ...(mixed.length > 0 ? [`Lists, dicts and values of several kinds are JSON texts: ${some(mixed)}.`] : []),
    ...(wide.length > 0 ? [`Integers beyond 64 bits keep their digits as texts: ${some(wide)}.`] : []),
    ...(renamed.length > 0 ? [`Names that this format cannot tell apart have a number behind: ${renamed.map(({ name, writtenAs }) => `${name} is ${writtenAs}`).slice(0, 10).join(', ')}.`] : []),
    ...(format === 'jsonl' ? [] : ['A field that is null and one that a record does not have are both empty here.'])
  ]
}

export function recordNotes({ notFinite, wide }: RecordLinesFacts): string[] {
  return [
    ...(notFinite > 0 ? [`${number(notFinite)} numbers that are NaN or infinite are null, as Flowcept writes them: its reader refuses the others.`] : []),
    ...(wide > 0 ? [`${number(wide)} integers are beyond 64 bits: they are here with all digits, but Flowcept's reader makes floats of them.`] : [])
  ]
}

function some(columns: readonly ManifestColumn[]): string {
  return columns.slice(0, 10).map(({ name }) => name).join(', ') + (columns.length > 10 ? ` and ${number(columns.length - 10)} more` : '')
}
