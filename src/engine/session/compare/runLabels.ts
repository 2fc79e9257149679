/** What tells a workflow from its siblings: the parameters in which those of one name and campaign differ, as `nx 16, omega 0.8`. */
import { everything, rowsIn } from '../table/rowsIn.ts'
import { cellReader, cellText } from '../table/cells.ts'
import type { SourceTable } from '../table/sourceTable.ts'

/** A label is a name, not a table: longer ones end in an ellipsis. */
const mostFields = 6
const mostColumns = 60
const cellLength = 24

/** @param groupOf siblings have the same; null for what gets no label */
export async function runLabels(table: SourceTable, groupOf: (workflow: string) => string | null, signal: AbortSignal): Promise<Map<string, string>> {
  const columns = table.columns('workflows').filter(({ name, storage, type }) => name.startsWith('used.') && type !== 'empty' && type !== 'list' && storage !== 'JSON').slice(0, mostColumns)
  const labels = new Map<string, string>()
  if (columns.length === 0) return labels
  const readers = columns.map((column) => cellReader(column, cellLength))
  const { text, values } = rowsIn(table, 'workflows', everything)
  const rows = await table.query({ text: `SELECT r.record_id, ${readers.flatMap(({ sql }) => sql).join(', ')} ${text} ORDER BY r.first_line`, values }, signal)
  const groups = new Map<string, { id: string; texts: (string | null)[] }[]>()
  for (const row of rows) {
    const id = String(row[0])
    const group = groupOf(id)
    if (group === null) continue
    let at = 1
    const texts = readers.map((reader) => {
      const cell = reader.read(row, at)
      at += reader.sql.length
      return cell === null ? null : cellText(cell)
    })
    const list = groups.get(group)
    if (list) list.push({ id, texts })
    else groups.set(group, [{ id, texts }])
  }
  for (const siblings of groups.values()) label(siblings, columns.map(({ name }) => name.slice(name.lastIndexOf('.') + 1)), labels)
  return labels
}

function label(siblings: readonly { id: string; texts: readonly (string | null)[] }[], names: readonly string[], labels: Map<string, string>): void {
  const varying = names.flatMap((name, at) => (siblings.some(({ texts }) => texts[at] !== siblings[0]?.texts[at]) ? [{ name, at }] : []))
  for (const { id, texts } of siblings) {
    const parts = varying.flatMap(({ at, name }) => (texts[at] === null ? [] : [`${name} ${texts[at]}`]))
    labels.set(id, parts.length > mostFields ? `${parts.slice(0, mostFields).join(', ')}, …` : parts.join(', '))
  }
}
