/** The result of any SELECT over a source's DuckDB as a file, in any format of tables. */
import type { TableFormat } from '#contract/exports'
import type { SourceTable, Sql } from '../table/sourceTable.ts'
import { checkTableFile } from './checkTableFile.ts'
import { selectTable, type SelectTable } from './selectTable.ts'
import { fillsPath, writeTableFile } from './tableFile.ts'
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
  /** Called before it is read and once it is written, failed or cancelled: to keep what the text names. */
  readonly close?: () => Promise<void>
}

export function selectWriting({ close, columns, format, guardFormulas = false, handle, name, select, table, verify = true }: SelectExport): Writing {
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
    close: async () => {
      await result?.close()
      await close?.()
    }
  }
}
