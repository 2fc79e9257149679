/** What a table shows as a file of the format asked for: its order and its secrets settled first, and kept until the file is read back. */
import type { ExportCheck } from '#contract/exports'
import type { Params } from '#contract/methods'
import type { SourceTable } from '../table/sourceTable.ts'
import { checkRecordLines } from './checkRecordLines.ts'
import { checkTableFile, type Checking } from './checkTableFile.ts'
import type { ManifestOf } from './manifest.ts'
import { besideRows, openOutTable, withReplacements, type OpenOutTable, type OutTable } from './outTable.ts'
import { writeRecordLines, type RecordLinesFacts, type RecordLinesParams } from './recordLines.ts'
import { selectForStore, type StoreSelection } from './storeSelection.ts'
import { fillsPath, writeTableFile } from './tableFile.ts'
import { manifestColumns, recordNotes, tableNotes } from './tableManifest.ts'
import { replacementTables, type Replacements } from './tableSecrets.ts'
import type { Progress, Writing, Written } from './writing.ts'

type Asked = Params<'exports.start'>
/** What was settled before the first byte. */
type Settled = { readonly opened: OpenOutTable; readonly out: OutTable; readonly replacements: Replacements; readonly selection: StoreSelection | null }

let made = 0

export type TableWritingOptions = Pick<Writing, 'gaps'> & {
  /** The text of the manifest; without it there is none. */
  readonly manifest?: (of: ManifestOf) => Promise<string>
}

export function tableWriting(table: SourceTable, params: Asked, { gaps, manifest }: TableWritingOptions = {}): Writing {
  const startedAt = new Date()
  let settled: Settled | null = null
  let facts: RecordLinesFacts | null = null
  const now = (): Settled => {
    if (!settled) throw new Error('A table is settled before it is written.')
    return settled
  }
  return {
    kind: params.format,
    name: params.name,
    handle: params.handle,
    fillsPath: fillsPath(params.format),
    gaps,
    countRows: async (signal) => {
      settled = await settle(table, params, signal)
      return settled.opened.order.total
    },
    write: async (sink, context): Promise<Progress> => {
      if (params.format !== 'jsonl') return await writeTableFile(now().out, params, sink, context)
      const { bytes, rows, ...rest } = await writeRecordLines(linesParams(table, params, now()), sink, context)
      facts = rest
      return { rows, bytes }
    },
    check: params.verify ? async (path, checking) => await checkAny(params, now(), path, checking) : undefined,
    manifest: params.manifest && manifest ? async (written) => await manifest({ ...(await factsFor(params, now(), facts)), ...sameIn(params, written), startedAt }) : undefined,
    close: async () => {
      if (settled) await unsettle(table, settled)
    }
  }
}

async function settle(table: SourceTable, params: Asked, signal: AbortSignal): Promise<Settled> {
  const isLines = params.format === 'jsonl'
  const opened = await openOutTable(table, isLines ? { ...params, columns: [] } : params, signal)
  try {
    const columns = opened.out.columns.flatMap(({ name }) => table.column(params.records, name) ?? [])
    const replacements = await replacementTables(table, { columns, records: params.records, scope: params.scope, treatment: params.secrets, name: replacementName(table) }, signal)
    const selection = isLines && params.records === 'tasks' ? await selectForStore(table, { records: 'tasks', scope: params.scope, related: true }, signal) : null
    return { opened, out: withReplacements(opened.out, replacements), replacements, selection }
  } catch (error) {
    opened.close()
    throw error
  }
}

function sameIn({ columns, format, guardFormulas, records, scope, sort }: Asked, { bytes, checks, name, rows, sha256 }: Written): Pick<ManifestOf, 'format' | 'result' | 'selection' | 'rows' | 'checks'> {
  const isLines = format === 'jsonl'
  return { format, result: { name, bytes, sha256 }, selection: { records, scope, sort, columns: isLines || columns.length === 0 ? null : columns, ...(guardFormulas ? { guardFormulas } : {}) }, rows, checks }
}

async function factsFor(params: Asked, { out, replacements }: Settled, lines: RecordLinesFacts | null): Promise<Pick<ManifestOf, 'columns' | 'related' | 'secrets' | 'notes'>> {
  const fields = [...replacements.keys()]
  if (lines) {
    const { [params.records]: _, ...related } = lines.written
    return { related, secrets: { treatment: params.secrets, values: lines.treated, fields }, notes: recordNotes(lines) }
  }
  const columns = await manifestColumns(out, params.format, new AbortController().signal)
  const values = [...replacements.values()].reduce((sum, one) => sum + one.values, 0)
  return { columns, secrets: { treatment: params.secrets, values, fields }, notes: tableNotes(columns, params.format) }
}

async function checkAny(params: Asked, { out, selection }: Settled, path: string, checking: Checking): Promise<ExportCheck[]> {
  if (params.format !== 'jsonl') return await checkTableFile(out, params, path, checking)
  const relatedTotal = relatedOf(selection).reduce((sum, { selected }) => sum + selected.total, 0)
  return await checkRecordLines({ out, records: params.records, secrets: params.secrets, relatedTotal }, path, checking)
}

async function unsettle(table: SourceTable, { opened, replacements, selection }: Settled): Promise<void> {
  opened.close()
  await selection?.close()
  for (const { table: place } of replacements.values()) await table.query({ text: `DROP TABLE IF EXISTS ${place}`, values: [] })
}

function replacementName(table: SourceTable): (index: number) => string {
  made += 1
  const number = made
  return (index) => besideRows(table, `secrets_${number}_${index}`)
}

function linesParams(table: SourceTable, { records, secrets }: Asked, { opened, selection }: Settled): RecordLinesParams {
  return { table, records, secrets, order: opened.order, related: relatedOf(selection) }
}

function relatedOf(selection: StoreSelection | null): RecordLinesParams['related'] {
  return selection ? (['workflow', 'agent', 'object'] as const).map((kind) => ({ kind, selected: selection.kinds[kind] })) : []
}
