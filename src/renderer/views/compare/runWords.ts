/** Runs in words: their name, what tells them apart, when they ran and how much. */
import type { Run, RunFigure } from '#contract/compare'
import type { Zone } from '../../state/appearance.ts'
import { counted, dateTime, zoneName } from '../../parts/format.ts'
import { figureText, timeUnit } from './valueText.ts'

/** What stands where a run is named shortly: its differing parameters, else the head of its id. */
export const shortName = ({ label, run, name }: Pick<RunFigure, 'label' | 'run' | 'name'>): string => (label !== '' ? label : run.kind === 'workflow' && run.id !== null ? run.id.slice(0, 8) : name)

export const shortId = (run: Run): string => (run.id === null ? '' : run.kind === 'workflow' ? run.id.slice(0, 8) : run.id)

/** `1.31 ms`, `4.20 s`. */
export function lengthText(seconds: number | null): string {
  if (seconds === null) return 'no end known'
  const { unit, perSecond } = seconds < 0.00002 ? { unit: 'µs', perSecond: 1e6 } : timeUnit(Math.max(seconds, 0.002))
  return `${figureText(seconds * perSecond)} ${unit}`
}

/** `2026-11-23 04:02:47.002 UTC, gpu-a2, 21 tasks, 1.31 ms`. */
export function factsText({ start, hosts, tasks, errors, seconds }: RunFigure, zone: Zone): string {
  const when = start === null ? 'no start known' : `${dateTime(start, zone, 3)} ${zoneName(zone, start)}`
  const where = hosts.length === 0 ? '' : hosts.length === 1 ? (hosts[0] ?? '') : counted(hosts.length, 'host')
  return [when, where, counted(tasks, 'task'), errors > 0 ? counted(errors, 'error') : '', lengthText(seconds)].filter(Boolean).join(', ')
}
