/** Publishes messages as Flowcept does: msgpack maps on a channel of Redis. */
import { Redis } from 'ioredis'
import { Packr } from 'msgpackr'
import { readRecording, type RecordedFrame, type RecordingName } from './recordings.ts'

const packr = new Packr({ useRecords: false })
const atOnce = 1000

/** A message as its frame; whole numbers are integers, as Python's `int`. */
export function frameOf(message: object): Buffer {
  return packr.pack(message)
}

export class Publisher {
  private readonly redis: Redis

  /** @param url `redis://127.0.0.1:<port>` */
  constructor(
    url: string,
    readonly channel = 'interception'
  ) {
    this.redis = new Redis(url, { maxRetriesPerRequest: null })
    // Reconnecting is its own; a server that a test has stopped is no failure of the test.
    this.redis.on('error', () => undefined)
  }

  async message(...messages: object[]): Promise<void> {
    await this.frames(messages.map(frameOf))
  }

  /** In their order, as fast as the server takes them; on the channel they name, if they name one. */
  async frames(frames: readonly (Buffer | Pick<RecordedFrame, 'channel' | 'payload'>)[]): Promise<void> {
    for (let at = 0; at < frames.length; at += atOnce) {
      const pipeline = this.redis.pipeline()
      for (const frame of frames.slice(at, at + atOnce)) {
        if (Buffer.isBuffer(frame)) pipeline.publish(this.channel, frame)
        else pipeline.publish(frame.channel, frame.payload)
      }
      await pipeline.exec()
    }
  }

  /** A whole recorded run at once. */
  async recording(name: RecordingName): Promise<number> {
    const frames = readRecording(name)
    await this.frames(frames)
    return frames.length
  }

  async close(): Promise<void> {
    this.redis.disconnect()
    await Promise.resolve()
  }
}
