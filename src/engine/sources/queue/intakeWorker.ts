/** The thread that drains a broker into the frame log, as startIntake.ts asks; it does nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import type { IntakeSpec } from './intakeState.ts'
import { LocalIntake } from './localIntake.ts'
import { type IntakeCall, type IntakeNews, sentError } from './startIntake.ts'

function tell(news: IntakeNews): void {
  parentPort?.postMessage(news)
}

function obey(intake: LocalIntake): void {
  tell({ news: 'started', state: intake.state })
  intake.onState((state) => tell({ news: 'state', state }))
  intake.ready.then(
    () => tell({ news: 'ready' }),
    (error: unknown) => tell({ news: 'refused', error: sentError(error) })
  )
  parentPort?.on('message', (call: IntakeCall) => {
    if (call.call === 'append') {
      intake.append(call.channel, call.payloads).then(
        () => tell({ news: 'appended', error: null }),
        (error: unknown) => tell({ news: 'appended', error: sentError(error) })
      )
      return
    }
    void intake
      .stop()
      .then(() => tell({ news: 'stopped', error: null }))
      .catch((error: unknown) => tell({ news: 'stopped', error: sentError(error) }))
      .finally(() => parentPort?.close())
  })
}

LocalIntake.start(workerData as IntakeSpec).then(obey, (error: unknown) => tell({ news: 'not started', error: sentError(error) }))
