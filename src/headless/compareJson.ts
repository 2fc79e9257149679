/** Two runs compared as one JSON object. */
import type { RunFigure } from '#contract/compare'
import type { Cell } from '#contract/values'
import { cellAsJson } from './cellText.ts'
import type { Compared } from './compareCommand.ts'

export function compareJson({ activities, divergence, fields, onlyA, onlyB, status, summary, telemetry }: Compared, note: (text: string) => void): string {
  let lost = 0
  const value = (cell: Cell): JsonText => new JsonText(cellAsJson(cell, () => lost++))
  const groups = (of: Compared['onlyA']) => of.groups.map(({ activity, count, detail, tasks, why }) => ({ activity, count, tasks, detail, why }))
  const { matched, onlyA: only, onlyB: other, statusChanged, parameters, inputs, outputs } = summary
  const object = {
    a: runJson(summary.a),
    b: runJson(summary.b),
    matched, only_a: only, only_b: other, status_changed: statusChanged, parameters, inputs, outputs,
    fields: fields.rows.map(({ a, activity, b, carriedFrom, differ, difference, field, pairs, part, percent, taskA, taskB }) => ({ activity, part, field, a: value(a), b: value(b), pairs, differ, difference, share: percent, task_a: taskA, task_b: taskB, carried_from: carriedFrom })),
    sections: fields.sections.map(({ activity, carried, carriedFrom, equal, rows }) => ({ activity, listed: rows, equal, carried, carried_from: carriedFrom })),
    not_compared: Object.fromEntries(fields.leftOut.map(({ fields: count, what }) => [what, count])),
    missing_in_b: groups(onlyA),
    missing_in_a: groups(onlyB),
    changed_status: status.groups.map(({ activity, count, counterparts, detail, tasks, why }) => ({ activity, count, tasks, counterparts, detail, why })),
    activities: activities.activities,
    telemetry: telemetry.rows,
    first_divergence: divergence.first && { ...divergence.first, a: value(divergence.first.a), b: value(divergence.first.b) }
  }
  const text = jsonOf(object)
  if (lost > 0) note(`${lost} values were NaN or infinite, which JSON does not have: they are null`)
  return `${text}\n`
}

const runJson = ({ errors, hosts, label, name, run, seconds, start, tasks }: RunFigure) => ({ kind: run.kind, id: run.id, name, label, start, seconds, tasks, errors, hosts })

/** A value that is JSON text already: numbers of any size keep every digit. */
class JsonText {
  constructor(readonly text: string) {}
}

function jsonOf(value: unknown, indent = ''): string {
  if (value instanceof JsonText) return value.text
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const deeper = `${indent}  `
  const isList = Array.isArray(value)
  const entries = isList ? value.map((one) => jsonOf(one, deeper)) : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${jsonOf(one, deeper)}`)
  if (entries.length === 0) return isList ? '[]' : '{}'
  return `${isList ? '[' : '{'}\n${deeper}${entries.join(`,\n${deeper}`)}\n${indent}${isList ? ']' : '}'}`
}
