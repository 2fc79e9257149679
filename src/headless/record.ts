/** `provscope record`: takes a queue's messages to stores until it is stopped, and says with its exit code whether anything is missing. */
import { writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recording, RecordingState } from '#engine/inserter/recordingState'
import { startRecording } from '#engine/inserter/startRecording'
import { lockFolder } from '#engine/sources/queue/folderLock'
import type { Intake } from '#engine/sources/queue/intakeState'
import { startIntake } from '#engine/sources/queue/startIntake'
import { type FollowedLedger, followLedger } from './recordLedger.ts'
import type { RecordPlan } from './recordPlan.ts'
import { missing, report, type RecordStatus, statusJson, statusLine } from './recordStatus.ts'
import { printable } from './terminalText.ts'

export type RecordTask = { plan: RecordPlan; folder: string; spillBytes: number; asJson: boolean }
export type RecordContext = {
  /** Stops receiving and flushes. */
  signal: AbortSignal
  /** Aborted right before the process ends at once. */
  leaving: AbortSignal
  /** Results. */
  write: (text: string) => Promise<void>
  note: (text: string) => void
  /** Null where stderr is no terminal. */
  showStatus: ((line: string) => void) | null
}

const endings = {
  stopped: 'Stopping: no more is received, what has arrived is written. Interrupt once more to leave at once.',
  control: 'The run asked its inserter to stop: writing what has arrived.',
  detached: 'The intake has ended by itself: writing what has arrived.'
}
/** How long a store that is away is waited for at the end. */
const awayMs = 30_000
const plainEveryMs = 10_000
const jsonEveryMs = 1000
const drawEveryMs = 200

/** @returns whether nothing is missing. @throws Refusal where the queue or a store cannot be used */
export async function record(task: RecordTask, context: RecordContext): Promise<boolean> {
  const { plan, folder, spillBytes } = task
  const unlock = await alone(folder)
  try {
    // Its cursors have to be there before the first frame is.
    const recording = await startRecording({ ...plan.recording, folder, logLimitBytes: spillBytes })
    return await follow(task, recording, context).finally(async () => {
      // Nothing is left to do here unless something has failed.
      await recording.stop(0)
    })
  } finally {
    unlock()
  }
}

/** Two with the same stores would read with the same cursors. @throws Refusal if there is another */
async function alone(folder: string): Promise<() => void> {
  const place = join(folder, 'command')
  await mkdir(place, { recursive: true })
  return lockFolder(place)
}

async function follow(task: RecordTask, recording: Recording, context: RecordContext): Promise<boolean> {
  const ledger = await followLedger(task.folder, (error) => context.note(`The account of gaps is not kept any more: ${String(error)}`))
  try {
    return await receive(task, { recording, ledger }, context)
  } finally {
    await ledger.close()
  }
}

async function receive(task: RecordTask, { recording, ledger }: { recording: Recording; ledger: FollowedLedger }, context: RecordContext): Promise<boolean> {
  const { plan, folder, spillBytes } = task
  const intake = await startIntake({ ...plan.target, folder, limitBytes: spillBytes })
  let isReached = false
  void intake.ready.then(() => { isReached = true }, () => undefined)
  const now = (): RecordStatus => ({ isReached, intake: intake.state, recording: recording.state, gaps: ledger.gaps })
  const leave = (): void => {
    const lines = missing(now())
    writeSync(2, `\nLeft at once. ${lines.length === 0 ? 'Everything that had arrived is stored.' : `Missing:\n  ${lines.join('\n  ')}`}\n`)
  }
  context.leaving.addEventListener('abort', leave, { once: true })
  try {
    announce(task, context)
    const stopTelling = tellStatus(task, { intake, recording }, now, context)
    const why = await untilEnded({ intake, recording }, context).finally(stopTelling)
    context.note(endings[why])
    if (plan.kv !== null && why === 'stopped' && !(await recording.safeToStop())) context.note('A run that uses this inserter has not ended: what it still sends is not recorded.')
    return await finish(task, { intake, recording, ledger }, now, context)
  } finally {
    await intake.stop()
    context.leaving.removeEventListener('abort', leave)
  }
}

/** A queue that is away at first is waited for. @throws Refusal where waiting is no use */
async function untilEnded({ intake, recording }: { intake: Intake; recording: Recording }, { signal, note }: RecordContext): Promise<keyof typeof endings> {
  const ends = [aborted(signal), recording.ended, detached(intake)]
  const early = await Promise.race([intake.ready, ...ends])
  if (early !== undefined) return early
  note(`Sent to the queue: ${intake.state.sent.join(', ')}`)
  return await Promise.race(ends)
}

async function finish({ asJson, plan }: RecordTask, { intake, recording, ledger }: { intake: Intake; recording: Recording; ledger: FollowedLedger }, now: () => RecordStatus, { write, showStatus, note }: RecordContext): Promise<boolean> {
  await intake.stop()
  const draw = setInterval(() => showStatus?.(statusLine(now())), drawEveryMs)
  const away = recording.state.stores.filter(({ state }) => state.name !== 'live' && state.name !== 'connecting')
  if (away.length > 0) note(`${away.map(({ type }) => type).join(' and ')} cannot be reached: waiting ${awayMs / 1000} s for it.`)
  await recording.stop(awayMs).finally(() => clearInterval(draw))
  await ledger.catchUp()
  const status = now()
  const lacking = missing(status)
  await write(asJson ? `${statusJson('ended', status, { complete: lacking.length === 0, missing: lacking, queue: plan.target.address.url })}\n` : report(status))
  ledger.told()
  return lacking.length === 0
}

/** Who it is and where it writes; what it sends is known once it is connected. */
function announce({ plan, folder, spillBytes }: RecordTask, { note }: RecordContext): void {
  const { address } = plan.target
  const bundle = plan.recording.asInserter?.bundleExecId
  for (const problem of plan.problems) note(`Flowcept’s settings: ${problem}`)
  note(`Recording ${address.url} (${plan.targetOrigin})`)
  note(plan.kv === null ? '  role: record; answers no control messages' : `  role: record as inserter; answers control messages of ${bundle === null || bundle === undefined ? 'every bundle' : `bundle ${bundle}`} in ${plan.kv.url} (${plan.kv.origin})`)
  for (const { type, name, origin } of plan.stores) note(`  writes ${type} ${printable(name)} (${origin})`)
  note(`  kept until it is written: in ${folder}, ${gibibytes(spillBytes)} at most`)
}

/** @returns what ends it */
function tellStatus({ asJson }: RecordTask, { intake, recording }: { intake: Intake; recording: Recording }, now: () => RecordStatus, { write, note, showStatus }: RecordContext): () => void {
  const tell = asJson ? () => void write(`${statusJson('status', now())}\n`) : showStatus === null ? () => note(`${new Date().toISOString()} ${statusLine(now())}`) : () => showStatus(statusLine(now()))
  const timer = setInterval(tell, asJson ? jsonEveryMs : showStatus === null ? plainEveryMs : drawEveryMs)
  tell()
  // What changes rarely and matters is told at once.
  let known = summary(intake.state.link.name, recording.state)
  const onChange = (): void => {
    const present = summary(intake.state.link.name, recording.state)
    if (present === known) return
    known = present
    tell()
  }
  const listeners = [intake.onState(onChange), recording.onState(onChange)]
  return () => {
    clearInterval(timer)
    for (const end of listeners) end()
  }
}

const summary = (link: string, { stores }: RecordingState): string => [link, ...stores.map(({ type, state }) => `${type} ${state.name}`)].join()

function aborted(signal: AbortSignal): Promise<'stopped'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('stopped')
    else signal.addEventListener('abort', () => resolve('stopped'), { once: true })
  })
}

function detached(intake: Intake): Promise<'detached'> {
  return new Promise((resolve) => {
    intake.onState(({ link }) => {
      if (link.name === 'detached') resolve('detached')
    })
  })
}

const gibibytes = (bytes: number): string => (bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.floor(bytes / 2 ** 20).toLocaleString('en')} MiB`)
