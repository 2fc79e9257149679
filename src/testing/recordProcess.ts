/** A process that records a queue until it is killed or told to stop on standard input, and says each state on a line of its own. */
import type { RecordingSpec } from '#engine/inserter/recordingState'
import { startRecording } from '#engine/inserter/startRecording'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import { startIntake } from '#engine/sources/queue/startIntake'

export type RecordProcessSpec = { readonly url: string; readonly recording: RecordingSpec }
export type RecordProcessState = { readonly received: number; readonly stores: readonly { readonly type: string; readonly messages: number; readonly waiting: number }[]; readonly isEnd: boolean }

const { url, recording: spec } = JSON.parse(process.argv[2] ?? '{}') as RecordProcessSpec
const recording = await startRecording(spec)
const { address, password } = parseQueueUrl(url)
const intake = await startIntake({ address, password, folder: spec.folder, limitBytes: 1 << 30 })
const say = (isEnd: boolean): void => {
  const stores = recording.state.stores.map(({ type, messages, waiting }) => ({ type, messages, waiting }))
  process.stdout.write(`${JSON.stringify({ received: intake.state.received, stores, isEnd } satisfies RecordProcessState)}\n`)
}
await intake.ready
say(false)
recording.onState(() => say(false))
process.stdin.once('data', () => {
  void (async () => {
    await intake.stop()
    await recording.stop(60_000)
    say(true)
    process.exit(0)
  })()
})
