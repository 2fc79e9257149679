/** The thread that takes messages of a frame log to stores. */
import { parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '#contract/reply'
import type { RecordingCall, RecordingNews } from './recordInWorker.ts'
import { runRecording } from './recordingRun.ts'
import type { Recording, RecordingSpec } from './recordingState.ts'

const post = (news: RecordingNews): void => parentPort?.postMessage(news)

async function begin(): Promise<void> {
  let recording: Recording
  try {
    recording = await runRecording(workerData as RecordingSpec)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    post({ news: 'refused', error: error instanceof Refusal ? { code: error.code, message } : { code: 'internal', message } })
    return
  }
  parentPort?.on('message', (call: RecordingCall) => {
    if (call.call === 'stop') void stop(recording, call.withinMs)
    else void recording.safeToStop().then((isSafe) => post({ news: 'safeToStop', id: call.id, isSafe }))
  })
  recording.onState((state) => post({ news: 'state', state }))
  void recording.ended.then((why) => post({ news: 'ended', why }))
  post({ news: 'started', state: recording.state })
}

async function stop(recording: Recording, withinMs: number | undefined): Promise<void> {
  let problem: string | null = null
  try {
    await recording.stop(withinMs)
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  post({ news: 'state', state: recording.state })
  post({ news: 'stopped', error: problem })
}

void begin()
