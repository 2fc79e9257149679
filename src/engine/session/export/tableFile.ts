/** A table in any of the formats of tables. */
import type { TableFormat } from '#contract/exports'
import { writeArrow } from './arrowFile.ts'
import { writeDelimited } from './delimited.ts'
import type { OutTable } from './outTable.ts'
import { writeParquet } from './parquetFile.ts'
import { writeRowLines } from './rowLines.ts'
import type { Progress, Sink, WritingContext } from './writing.ts'

export type TableFileParams = { readonly format: TableFormat; readonly guardFormulas: boolean }

export const fillsPath = (format: TableFormat): boolean => format === 'parquet'

/** `jsonl` here: objects of its columns, not whole records. */
export async function writeTableFile(out: OutTable, { format, guardFormulas }: TableFileParams, sink: Sink, context: WritingContext): Promise<Progress> {
  switch (format) {
    case 'csv':
    case 'tsv':
      return await writeDelimited(out, { guardFormulas, separator: format === 'csv' ? ',' : '\t' }, sink, context)
    case 'jsonl':
      return await writeRowLines(out, sink, context)
    case 'parquet':
      return await writeParquet(out, context)
    case 'arrow':
      return await writeArrow(out, sink, context)
  }
}
