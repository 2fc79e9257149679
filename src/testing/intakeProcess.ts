/**
 * A process that runs an intake until it is killed: takes its address and folder as arguments, says `ready`, and then, a line each time, the
 * number of the newest entry that a reader has seen on disk.
 */
import { openFrameLogReader } from '../engine/sources/queue/frameLog.ts'
import { parseQueueUrl } from '../engine/sources/queue/queueAddress.ts'
import { startIntake } from '../engine/sources/queue/startIntake.ts'

const [, , url = '', folder = ''] = process.argv

async function run(): Promise<void> {
  const { address, password } = parseQueueUrl(url)
  const intake = await startIntake({ address, password, folder, limitBytes: 1 << 30 })
  await intake.ready
  process.stdout.write('ready\n')
  const reader = await openFrameLogReader(folder, `witness-${process.pid}`)
  for (;;) {
    const last = (await reader.next(1 << 20)).at(-1)
    if (last) process.stdout.write(`${last.seq}\n`)
  }
}

void run()
