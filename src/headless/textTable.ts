/** Rows as an aligned table for people. */
import { fit, pad, width } from './terminalText.ts'

export type TextColumn = { title: string; align: 'left' | 'right' }
/** So that one long value does not push everything else off a terminal. */
const widestCell = 40
const gap = '  '

/**
 * @param terminalColumns null when the output is not a terminal: then nothing is cut
 * @returns the lines, and how many columns did not fit
 */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], terminalColumns: number | null): { lines: string[]; columnsLeftOut: number } {
  const natural = columns.map(({ title }, at) => rows.reduce((widest, row) => Math.max(widest, width(row[at] ?? '')), width(title)))
  const widths = terminalColumns === null ? natural : fitting(natural.map((columnWidth) => Math.min(columnWidth, widestCell)), terminalColumns)
  const line = (cells: readonly string[]): string =>
    widths.map((columnWidth, at) => pad(fit(cells[at] ?? '', columnWidth), columnWidth, columns[at]?.align ?? 'left')).join(gap).trimEnd()
  const rule = widths.map((columnWidth) => '─'.repeat(columnWidth)).join(gap)
  return { lines: [line(columns.map(({ title }) => title)), rule, ...rows.map(line)], columnsLeftOut: columns.length - widths.length }
}

/** As many columns from the left as fit; at least one, cut to the terminal. */
function fitting(widths: readonly number[], terminalColumns: number): number[] {
  const kept: number[] = []
  let used = 0
  for (const columnWidth of widths) {
    const next = used + (kept.length > 0 ? gap.length : 0) + columnWidth
    if (next > terminalColumns) break
    kept.push(columnWidth)
    used = next
  }
  return kept.length > 0 ? kept : [Math.max(1, Math.min(widths[0] ?? 1, terminalColumns))]
}
