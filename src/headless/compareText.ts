/** Two runs compared, for people: the sections of the view Compare, one below the other. */
import type { RunFigure } from '#contract/compare'
import type { Cell } from '#contract/values'
import { cellForPeople, timeText } from './cellText.ts'
import { type Compared, runTitle } from './compareCommand.ts'
import { fit, printable } from './terminalText.ts'
import { type TextColumn, textTable } from './textTable.ts'
import { secondsText } from './secondsText.ts'

const widestValue = 40

export function compareText(compared: Compared): string {
  const { summary } = compared
  const blocks = [heading(compared), fieldsText(compared), unmatchedText('Missing in B', compared.onlyA), unmatchedText('Missing in A', compared.onlyB), unmatchedText('Changed status', compared.status), divergenceText(compared), activitiesText(compared), telemetryText(compared)]
  if (summary.matched === 0) blocks.splice(1, 1, ['No task of one run has a counterpart in the other.'])
  return `${blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function heading({ summary: { a, b, inputs, matched, onlyA, onlyB, outputs, parameters, statusChanged } }: Compared): string[] {
  const of = ({ differ, of: all }: { differ: number; of: number }): string => `${count(differ)} of ${count(all)}`
  return [
    runLine('A', a), runLine('B', b), '',
    `${of(parameters)} parameters, ${of(inputs)} inputs and ${of(outputs)} outputs differ`,
    `${count(matched)} tasks matched, ${count(onlyA)} only in A, ${count(onlyB)} only in B, ${count(statusChanged)} with another status`
  ]
}

function runLine(side: string, figure: RunFigure): string {
  const { errors, hosts, seconds, start, tasks } = figure
  const parts = [start === null ? '' : timeText(start), `${count(tasks)} ${tasks === 1 ? 'task' : 'tasks'}`, errors > 0 ? `${count(errors)} errors` : '', seconds === null ? '' : secondsText(seconds), hosts.join(', ')]
  return `${side}  ${printable([runTitle(figure), ...parts.filter((part) => part !== '')].join('  '))}`
}

function fieldsText({ fields: { leftOut, rows, sections } }: Compared): string[] {
  const columns: TextColumn[] = [{ title: 'field', align: 'left' }, { title: 'A', align: 'right' }, { title: 'B', align: 'right' }, { title: 'B − A', align: 'right' }, { title: '%', align: 'right' }, { title: 'pairs', align: 'right' }]
  const lines: string[][] = []
  for (const { activity, carried, carriedFrom, equal, rows: listed } of sections) {
    const folded = [equal > 0 ? `${count(equal)} equal` : '', carried > 0 ? `${count(carried)} carried over from ${carriedFrom}` : ''].filter((part) => part !== '').join(', ')
    const name = activity === null ? 'Workflow' : activity === '' ? 'No activity' : printable(activity)
    if (listed > 0 || carried > 0) lines.push([`${name}${folded === '' ? '' : ` (${folded})`}`])
    for (const row of rows.filter((one) => one.activity === activity)) {
      const { carriedFrom: from, differ, difference, field, pairs, percent } = row
      lines.push([`  ${printable(field)}${from === null ? '' : ` from ${printable(from)}`}`, valueText(row.a, row.pairs), valueText(row.b, row.pairs), difference === null ? '' : numberText(difference), percent === null ? '' : percentText(percent), pairs === 1 ? '' : `${count(differ)} of ${count(pairs)}`])
    }
  }
  const hidden = leftOut.map(({ fields, what }) => `${count(fields)} ${what}`).join(', ')
  const note = hidden === '' ? [] : [`Not compared: ${hidden}.`]
  if (lines.length === 0) return ['No field differs.', ...note]
  // Headings of sections are as long as they like.
  const widths = textTable(columns, lines.map((line) => (line.length === 1 ? [] : line)), null).lines
  return [...widths.slice(0, 2), ...lines.map((line, at) => (line.length === 1 ? (line[0] as string) : (widths[at + 2] as string))), ...note]
}

function unmatchedText(title: string, { groups, total }: Compared['onlyA']): string[] {
  if (total === 0) return []
  return [`${title}`, ...groups.map(({ activity, count: tasks, detail, why }) => `  ${printable([`${activity ?? 'no activity'}${tasks > 1 ? ` ×${count(tasks)}` : ''}`, detail, why].filter((part) => part !== '').join('  '))}`)]
}

function divergenceText({ divergence: { first } }: Compared): string[] {
  if (first === null) return []
  const { a, activity, b, field, from, taskA, taskB } = first
  return ['First value that differs', `  ${printable(`${activity ?? 'no activity'}  ${field}  A ${valueText(a, 1)}  B ${valueText(b, 1)}${from === null ? '' : `  from ${from}`}  tasks ${taskA}, ${taskB}`)}`]
}

function activitiesText({ activities: { activities } }: Compared): string[] {
  const columns: TextColumn[] = [{ title: 'activity', align: 'left' }, ...['A tasks', 'B tasks', 'A median', 'B median', 'B − A', '%'].map((title): TextColumn => ({ title, align: 'right' }))]
  const lines = activities.map(({ a, activity, b, difference, percent }) => [
    printable(activity ?? 'no activity'), count(a?.tasks ?? 0), count(b?.tasks ?? 0),
    ...[a?.p50, b?.p50].map((seconds) => (seconds == null ? '' : secondsText(seconds))),
    difference === null ? '' : secondsText(difference), percent === null ? '' : percentText(percent)
  ])
  return lines.length === 0 ? [] : textTable(columns, lines, null).lines
}

function telemetryText({ telemetry: { rows } }: Compared): string[] {
  const columns: TextColumn[] = [{ title: 'telemetry, mean of a task', align: 'left' }, ...['A', 'B', '%'].map((title): TextColumn => ({ title, align: 'right' }))]
  const lines = rows.map(({ a, b, metric, percent, unit }) => [`${printable(metric)}${unit === null ? '' : `, ${unit}`}`, ...[a, b].map((value) => (value === null ? '' : numberText(value))), percent === null ? '' : percentText(percent)])
  return lines.length === 0 ? [] : textTable(columns, lines, null).lines
}

const count = (value: number): string => value.toLocaleString('en')
const numberText = (value: number): string => String(Number(value.toPrecision(7)))
const percentText = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`

/** Of several pairs that hold no numbers there is no one value. */
function valueText(cell: Cell, pairs: number): string {
  if (cell === null) return pairs > 1 ? '' : 'null'
  return fit(typeof cell === 'number' && pairs > 1 ? numberText(cell) : cellForPeople(cell, 'text'), widestValue)
}
