/** A bar, a bin or a lane in words: for tooltips, screen readers and the table. */
import type { Lane, LaneBy } from '#contract/timeline'
import { clock, count, counted, date, decimal, seconds } from '../../parts/format.ts'
import { statusWord } from '../../parts/StatusMark.tsx'
import type { Bars, BarStatus, Bins } from './laneShapes.ts'

type Zone = 'utc' | 'local'

export const byWord: Record<LaneBy, string> = { activity: 'Activity', host: 'Host', worker: 'Worker', agent: 'Agent', workflow: 'Workflow', parent: 'Parent' }
const noneWord: Record<LaneBy, string> = { activity: 'no activity', host: 'no host', worker: 'no worker', agent: 'no agent', workflow: 'no workflow', parent: 'no parent' }
export const laneName = ({ name }: Pick<Lane, 'name'>, by: LaneBy): string => name ?? noneWord[by]

export function barStatusWord(status: BarStatus): string {
  return status === 'END_NOT_SEEN' ? 'End not seen' : statusWord(status).word
}

/** Exact to the microsecond where a task is that short. */
export function barLines(bars: Bars, index: number, zone: Zone, edge: number): string[] {
  const start = bars.start[index] as number
  const end = bars.end[index] as number
  const submitted = bars.submitted[index] ?? null
  const n = bars.count[index] as number
  const status = bars.status[index] as BarStatus
  const isSeen = bars.endless[index] === 0
  const length = Math.min(end, edge) - start
  const digits = length < 0.01 ? 6 : 3
  const span = `${at(start, zone, digits)} → ${end === Infinity || !isSeen ? 'no end' : at(end, zone, digits, start)}`
  if (n > 1) return [`${counted(n, 'task')} closer together than a pixel`, status === 'ERROR' ? 'with errors' : `${barStatusWord(status)} at worst`, span, 'Click to zoom in']
  return [
    `${barStatusWord(status)}${end === Infinity ? (length >= 0 ? `, for ${seconds(length)} so far` : '') : isSeen ? `, ${seconds(end - start)}` : status === 'END_NOT_SEEN' ? '' : ', end not seen'}`,
    span,
    ...(submitted !== null ? [`waited ${seconds(start - submitted)} since ${at(submitted, zone, digits)}`] : []),
    ...(bars.id[index] != null ? [bars.id[index] as string] : [])
  ]
}

export function binLines(bins: Bins, index: number, zone: Zone): string[] {
  const from = bins.from + index * bins.binSeconds
  const digits = bins.binSeconds < 0.01 ? 6 : bins.binSeconds < 1 ? 3 : 0
  const errors = bins.errors[index] ?? 0
  return [`${decimal(bins.running[index] ?? 0, 2)} tasks at once, peak ${decimal(bins.peak, 2)}`, ...(errors > 0 ? [`${counted(errors, 'error')} ended`] : []), `${at(from, zone, digits)} → ${at(from + bins.binSeconds, zone, digits, from)}`]
}

export const laneWords = (lane: Lane): string =>
  [counted(lane.tasks, 'task'), lane.errors > 0 ? counted(lane.errors, 'error') : null, lane.running > 0 ? `${count(lane.running)} running` : null, lane.p50 === null ? null : `median ${seconds(lane.p50)}`, lane.timed < lane.tasks ? `${count(lane.tasks - lane.timed)} not drawn` : null].filter(Boolean).join(', ')

/** With the date where it is another day than `day`. */
export const at = (time: number, zone: Zone, digits: number, day = Date.now() / 1000): string => (date(time, zone) === date(day, zone) ? clock(time, zone, digits) : `${date(time, zone)} ${clock(time, zone, digits)}`)
