/**
 * The intake alone, for long: keeps every frame of a channel, reads them all behind it as the view and the stores do, and counts. Started by
 * soak.mjs with the queue's address, a folder and the number of messages to wait for; prints JSON.
 */
import { openFrameLogReader } from '#engine/sources/queue/frameLog'
import { parseQueueUrl } from '#engine/sources/queue/queueAddress'
import { startIntake } from '#engine/sources/queue/startIntake'

const [url = '', folder = '', expectedText = '0'] = process.argv.slice(2)
const expected = Number(expectedText)
/** Nothing has come for so long: nothing will. */
const quietMs = 30_000
const { address, password } = parseQueueUrl(url)
const intake = await startIntake({ address, password, folder, limitBytes: 20e9 })
await intake.ready
const reader = await openFrameLogReader(folder, 'view')
process.stdout.write('ready\n')

let frames = 0
let bytes = 0
let lost = 0
let mostSpillBytes = 0
const events: string[] = []
let lastMs = Infinity
const quiet = new AbortController()
const timer = setInterval(() => {
  mostSpillBytes = Math.max(mostSpillBytes, intake.state.spillBytes)
  if (Date.now() - lastMs > quietMs) quiet.abort()
}, 500)
try {
  while (frames < expected) {
    const entries = await reader.next(8 << 20, quiet.signal)
    for (const entry of entries) {
      if (entry.kind === 'frame') {
        frames += 1
        bytes += entry.payload.length
      } else {
        events.push(`${entry.event}: ${entry.reason}`)
        lost += entry.lost ?? 0
      }
    }
    lastMs = Date.now()
    const last = entries.at(-1)
    if (last) await reader.commit(last.seq)
  }
} catch (error) {
  if (!quiet.signal.aborted) throw error
}
clearInterval(timer)
await reader.release()
await reader.close()
await intake.stop()
const { received } = intake.state
process.stdout.write(`${JSON.stringify({ received, frames, bytes, lost, mostSpillBytes, events, peakBytes: process.resourceUsage().maxRSS * 1024 })}\n`)
