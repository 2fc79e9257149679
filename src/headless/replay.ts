/** `provscope replay`: a buffer or a recording published again as Flowcept would, so that a live view has something to show. */
import { Refusal } from '#contract/reply'
import { type MessagePublisher, openMessagePublisher } from '#engine/inserter/messagePublisher'
import { queueUrl } from '#engine/sources/queue/queueAddress'
import type { QueueTarget } from './queueTarget.ts'
import { openReplayFile, type ReplayFile, type ReplayMessage } from './replayMessages.ts'
import { rewritten } from './replayRewriting.ts'
import { bursts, realPace, timed } from './replaySchedule.ts'

export type Replay = {
  path: string
  target: QueueTarget
  channel: string
  /** Infinity: a burst. */
  speed: number
  loop: boolean
  /** Times are moved to the present, and scaled with the speed. */
  toNow: boolean
}
export type ReplayContext = { signal: AbortSignal; note: (text: string) => void; onProgress: (text: string) => void }
export type Replayed = { messages: number; rounds: number; problems: number; seconds: number; heard: boolean }

const mostProblems = 20

/** @throws Refusal; `cancelled` when it was stopped before the end of the file, unless it plays in a loop */
export async function replay(task: Replay, { signal, note, onProgress }: ReplayContext): Promise<Replayed> {
  const startedAt = Date.now()
  const done: Replayed = { messages: 0, rounds: 0, problems: 0, seconds: 0, heard: false }
  const onProblem = (problem: string): void => {
    // Of a loop's later rounds they are the same.
    if (done.rounds > 0) return
    done.problems++
    if (done.problems <= mostProblems) note(problem)
    if (done.problems === mostProblems + 1) note('more lines like these follow, and are counted')
  }
  const file = await openReplayFile(task.path, { signal, onProblem })
  try {
    const publisher = await openMessagePublisher({ url: queueUrl({ ...task.target.address, channel: task.channel }), password: task.target.password, connectionName: 'provscope-replay' })
    try {
      do {
        await playOnce(task, file, publisher, done, { signal, note, onProgress })
        done.rounds++
      } while (task.loop && !signal.aborted && done.messages > 0)
    } catch (error) {
      if (!signal.aborted) throw told(error, done)
      if (!task.loop) throw new Refusal('cancelled', `Stopped after ${done.messages} messages.`)
    } finally {
      await publisher.close()
    }
  } finally {
    await file.close()
  }
  done.seconds = (Date.now() - startedAt) / 1000
  return done
}

async function playOnce(task: Replay, file: ReplayFile, publisher: MessagePublisher, done: Replayed, { signal, note, onProgress }: ReplayContext): Promise<void> {
  const { speed, toNow } = task
  const end = toNow && speed === Infinity ? await endOf(file.messages()) : null
  const beganAt = Date.now() / 1000
  let origin = 0
  // A burst is of a run that has just ended; anything slower is of one that goes on, so that its times pass as its messages do.
  const present = end === null ? (seconds: number): number => beganAt + (seconds - origin) / speed : (seconds: number): number => seconds + (beganAt - end)
  const rewriting = { time: toNow ? present : null, idSuffix: done.rounds === 0 ? '' : `_${done.rounds + 1}` }
  const due = timed(file.messages(), speed, (seconds) => {
    origin = seconds
  })
  for await (const burst of bursts(due, realPace(speed, signal))) {
    signal.throwIfAborted()
    if (done.messages === 0 && burst[0]?.channel && burst[0].channel !== task.channel) note(`recorded on ${burst[0].channel}, published on ${task.channel}`)
    const heardBy = await publisher.publishRaw(burst.map((message) => changed(message, rewriting)))
    done.heard ||= heardBy === null || heardBy > 0
    done.messages += burst.length
    const share = file.totalBytes ? `, ${Math.min(100, Math.floor((100 * file.readBytes) / file.totalBytes))} % read` : ''
    onProgress(`${done.messages.toLocaleString('en')} messages published${share}${task.loop ? `, round ${done.rounds + 1}` : ''}`)
  }
}

function changed({ payload }: ReplayMessage, rewriting: Parameters<typeof rewritten>[1]): Uint8Array {
  try {
    return rewritten(payload, rewriting)
  } catch (error) {
    // A recording may hold what is no message; it goes out as it came.
    if (error instanceof RangeError) return payload
    throw error
  }
}

async function endOf(messages: AsyncIterable<ReplayMessage>): Promise<number> {
  let end = -Infinity
  for await (const { times } of messages) end = Math.max(end, times?.last ?? -Infinity)
  return end
}

function told(error: unknown, { messages }: Replayed): unknown {
  return error instanceof Refusal && messages > 0 ? new Refusal(error.code, `${error.message} ${messages.toLocaleString('en')} messages had been published before.`) : error
}
