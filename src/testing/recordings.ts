/** What Flowcept published on a message queue, as recorded: frames to send again. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

export type RecordedFrame = {
  /** Seconds since the first message. */
  readonly t: number
  readonly channel: string
  /** A msgpack map. */
  readonly payload: Buffer
}

export const recordingNames = [
  'agents',
  'big',
  'bytes_and_bigints',
  'campaign_nested',
  'dask',
  'errors',
  'mq_only_chunked_other_channel',
  'mq_only_single_bulk_flush',
  'odd_values',
  'small_pipeline_full_telemetry',
  'status_updates_across_batches',
  'sweep'
] as const
export type RecordingName = (typeof recordingNames)[number]

export function readRecording(name: RecordingName): RecordedFrame[] {
  const folder = join(import.meta.dirname, 'fixtures/mq')
  const text = name === 'big' ? gunzipSync(readFileSync(join(folder, 'big.jsonl.gz'))).toString('utf8') : readFileSync(join(folder, `${name}.jsonl`), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { t, channel, payload_b64 } = JSON.parse(line) as { t: number; channel: string; payload_b64: string }
      return { t, channel, payload: Buffer.from(payload_b64, 'base64') }
    })
}
