/** How a recording stands: as a line for people, as JSON for programs, and as the report at its end. */
import type { RecordingState, StoreProgress } from '#engine/inserter/recordingState'
import type { IntakeState } from '#engine/sources/queue/intakeState'
import { printable } from './terminalText.ts'
import { timeText } from './cellText.ts'

/** Something that may be missing: from when to when (epoch seconds; null while it lasts), and why. */
export type RecordGap = { readonly from: number; readonly to: number | null; readonly messages: number | null; readonly reason: string }
export type RecordStatus = {
  /** Whether the queue has been subscribed to at all. */
  readonly isReached: boolean
  readonly intake: IntakeState
  readonly recording: RecordingState
  readonly gaps: readonly RecordGap[]
}

const rateSeconds = 5

/** `live · 12,345 received · 1,020/s · lmdb 12,300 stored, 45 waiting · no gaps` */
export function statusLine({ intake, recording, gaps }: RecordStatus): string {
  const { name, attempt, reason } = intake.link
  const link = name === 'retrying' || name === 'lost' ? `${name} (attempt ${attempt}${reason === null ? '' : `: ${reason}`})` : name
  const parts = [
    link,
    `${count(intake.received)} received`,
    `${count(Math.round(perSecond(intake)))}/s`,
    ...recording.stores.map(storeLine),
    ...(recording.undecodable > 0 ? [`${count(recording.undecodable)} undecodable`] : []),
    gaps.length === 0 ? 'no gaps' : `${count(gaps.length)} ${gaps.length === 1 ? 'gap' : 'gaps'}`
  ]
  return printable(parts.join(' · '))
}

/** One object a line; times are epoch seconds, sizes bytes. */
export function statusJson(event: 'status' | 'ended', { intake, recording, gaps }: RecordStatus, more: object = {}): string {
  const { link, received, receivedBytes, spillBytes, spillLimitBytes } = intake
  return JSON.stringify({
    event,
    at: Date.now() / 1000,
    link: { name: link.name, reason: link.reason, since: link.since, attempt: link.attempt },
    received,
    receivedBytes,
    perSecond: perSecond(intake),
    spillBytes,
    spillLimitBytes,
    undecodable: recording.undecodable,
    controlMessages: recording.controlMessages,
    stores: recording.stores.map(({ type, name, state, written, messages, waiting, problems, problem }) => ({ type, name, state: state.name, written, messages, waiting, problems, problem })),
    gaps,
    ...more
  })
}

/** What is missing, as sentences; none if every message that was sent meanwhile is stored. */
export function missing({ isReached, recording, gaps }: RecordStatus): string[] {
  return [
    ...(isReached ? [] : ['everything: the queue was never reached']),
    ...gaps.map(gapLine),
    ...(recording.undecodable > 0 ? [`${messages(recording.undecodable)} could not be decoded`] : []),
    ...((recording.unanswered ?? 0) > 0 ? [`${count(recording.unanswered ?? 0)} control messages not answered${recording.answerProblem ? `: ${recording.answerProblem}` : ''}`] : []),
    ...recording.stores.filter(({ waiting }) => waiting > 0).map(({ type, name, waiting }) => `${type} ${name}: ${messages(waiting)} not stored yet; they are kept, and the same command goes on with them`),
    ...recording.stores.filter(({ problems }) => problems > 0).map(({ type, name, problems, problem }) => `${type} ${name}: ${count(problems)} ${problems === 1 ? 'value' : 'values'} not kept as sent${problem === null ? '' : `, the last one: ${problem}`}`)
  ].map(printable)
}

export function report(status: RecordStatus): string {
  const { intake, recording } = status
  const lacking = missing(status)
  return [
    `${messages(intake.received)} received${recording.controlMessages > 0 ? `, ${count(recording.controlMessages)} of them control messages` : ''}`,
    ...recording.stores.map(({ type, name, written, messages: stored }) => printable(`${type} ${name}: ${messages(stored)} stored in ${count(written)} ${written === 1 ? 'record' : 'records'}`)),
    ...(lacking.length === 0 ? ['Nothing is missing.'] : ['Missing:', ...lacking.map((line) => `  ${line}`)]),
    ''
  ].join('\n')
}

function storeLine({ type, state, messages: stored, waiting, problems }: StoreProgress): string {
  const away = state.name === 'live' ? '' : ` ${state.name}`
  return `${type}${away} ${count(stored)} stored${waiting > 0 ? `, ${count(waiting)} waiting` : ''}${problems > 0 ? `, ${count(problems)} problems` : ''}`
}

function gapLine({ from, to, messages: lost, reason }: RecordGap): string {
  const amount = lost === null ? 'an unknown number of messages' : messages(lost)
  return `${amount} from ${timeText(from)} to ${to === null ? 'now' : timeText(to)}: ${reason}`
}

const perSecond = ({ rates }: IntakeState): number => {
  const latest = rates.slice(-rateSeconds)
  return latest.length === 0 ? 0 : latest.reduce((sum, rate) => sum + rate, 0) / latest.length
}
const count = (value: number): string => value.toLocaleString('en')
const messages = (value: number): string => `${count(value)} ${value === 1 ? 'message' : 'messages'}`
