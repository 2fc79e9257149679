/** More than two runs as a table: a row a run, and only columns in which they differ. */
import type { SweepColumn } from '#contract/compare'
import type { Result } from '#contract/methods'
import { cellAsJson, cellForPeople } from './cellText.ts'
import type { Ask } from './openSession.ts'
import type { ViewContext } from './runViewCommands.ts'
import { fit, printable } from './terminalText.ts'
import { textTable } from './textTable.ts'
import type { CompareFlags } from './viewCommandLine.ts'

type Row = Result<'sweep.rows'>['rows'][number]
const columnsAtOnce = 200
const widestValue = 40

export async function runsTable(ask: Ask, { ids, kind, sourceId }: { sourceId: string; kind: 'workflow' | 'campaign'; ids: readonly string[] }, { all, json }: CompareFlags, { note, output }: ViewContext): Promise<void> {
  const of = { sourceId, row: kind, runs: [...ids] }
  const { columns, runs } = await ask('sweep.columns', of)
  const shown = columns.filter((column) => column.filled > 0 && (all || column.distinct > 1 || column.filled < runs))
  const rows = new Map<string, Row>()
  for (let start = 0; start < Math.max(1, shown.length); start += columnsAtOnce) {
    const page = await ask('sweep.rows', { ...of, columns: shown.slice(start, start + columnsAtOnce).map(({ name }) => name), limit: 10_000 })
    for (const row of page.rows) rows.set(row.id, { ...row, cells: [...(rows.get(row.id)?.cells ?? []), ...row.cells] })
  }
  const inOrder = ids.flatMap((id) => rows.get(id) ?? [])
  if (inOrder.length < ids.length) note(`${ids.filter((id) => !rows.has(id)).join(', ')}: no tasks`)
  await output.write(json ? tableJson(shown, inOrder, note) : tableText(shown, inOrder, columns.length - shown.length))
}

function tableJson(columns: readonly SweepColumn[], rows: readonly Row[], note: (text: string) => void): string {
  let lost = 0
  const lines = rows.map(({ cells, id, label, name, status }) => {
    const values = columns.map((column, at) => `${JSON.stringify(column.name)}: ${cellAsJson(cells[at] ?? null, () => lost++)}`)
    return `    {"id": ${JSON.stringify(id)}, "name": ${JSON.stringify(name)}, "label": ${JSON.stringify(label)}, "status": ${JSON.stringify(status)}, "values": {${values.join(', ')}}}`
  })
  if (lost > 0) note(`${lost} values were NaN or infinite, which JSON does not have: they are null`)
  const heads = columns.map(({ name, role, unit }) => `    ${JSON.stringify({ name, role, unit })}`)
  return `{\n  "columns": [\n${heads.join(',\n')}\n  ],\n  "runs": [\n${lines.join(',\n')}\n  ]\n}\n`
}

function tableText(columns: readonly SweepColumn[], rows: readonly Row[], hidden: number): string {
  const heads = [{ title: 'run', align: 'left' as const }, { title: 'status', align: 'left' as const }, ...columns.map(({ name, type, unit }) => ({ title: printable(unit === null ? name : `${name}, ${unit}`), align: type === 'number' ? ('right' as const) : ('left' as const) }))]
  const lines = rows.map(({ cells, id, status }) => [printable(id), status ?? '', ...columns.map(({ type }, at) => fit(cellForPeople(cells[at] ?? null, type === 'time' ? 'time' : 'text'), widestValue))])
  const note = hidden > 0 ? `\n${hidden} columns in which they do not differ or that none has are left out\n` : ''
  return `${textTable(heads, lines, null).lines.join('\n')}\n${note}`
}
