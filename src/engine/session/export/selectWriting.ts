/** The result of any SELECT over a source's DuckDB as a file, in any format of tables. */
import type { TableFormat } from '#contract/exports'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { checkTableFile } from './checkTableFile.ts'
import type { ManifestOf } from './manifest.ts'
import { selectTable, type SelectTable } from './selectTable.ts'
import { fillsPath, writeTableFile } from './tableFile.ts'
import { manifestColumns, tableNotes } from './tableManifest.ts'
import type { Writing } from './writing.ts'

export type SelectExport = {
  /** Of which `query` runs the text, and may make a table beside `rows`, which is kept until the file is written. */
  readonly table: Pick<SourceTable, 'rows' | 'query'>
  /** One SELECT, that may stand in brackets. Its order is that of the file. */
  readonly select: Sql
  /** Names of its columns as they are to be written, in order. */
  readonly columns: readonly string[]
  readonly format: TableFormat
  readonly name: string
  readonly handle?: string | undefined
  readonly guardFormulas?: boolean
  /** Reads the file back and compares it; true unless told. */
  readonly verify?: boolean
  /** The text of the manifest; without it there is none. `sql` is what was asked. */
  readonly manifest?: (of: ManifestOf) => Promise<string>
  readonly sql?: string
  /** Called before it is read and once it is written, failed or cancelled: to keep what the text names. */
  readonly close?: () => Promise<void>
}

export function selectWriting({ close, columns, format, guardFormulas = false, handle, manifest, name, select, sql, table, verify = true }: SelectExport): Writing {
  const startedAt = new Date()
  let result: SelectTable | null = null
  const out = () => {
    if (!result) throw new Error('What is to be written is selected first.')
    return result.out
  }
  return {
    kind: format,
    name,
    handle,
    fillsPath: fillsPath(format),
    countRows: async (signal) => {
      result = await selectTable(table, select, columns, signal)
      return result.out.total
    },
    write: async (sink, context) => await writeTableFile(out(), { format, guardFormulas }, sink, context),
    check: verify ? async (path, checking) => await checkTableFile(out(), { format, guardFormulas }, path, checking) : undefined,
    manifest: manifest && (async ({ bytes, checks, name: fileName, rows, sha256 }) => {
      const described = await manifestColumns(out(), format, new AbortController().signal)
      const selection: ManifestOf['selection'] = { records: 'query', scope: { filter: {}, search: '' }, sort: [], columns: null, query: sql ?? select.text }
      return await manifest({ format, result: { name: fileName, bytes, sha256 }, selection, rows, columns: described, secrets: null, checks, notes: tableNotes(described, format), startedAt })
    }),
    close: async () => {
      await result?.close()
      await close?.()
    }
  }
}
