/** Files dropped on a served page: streamed to a folder of their own and granted to the page by handle. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { join } from 'node:path'
import { fileName } from '#hosting/fileName'

export type Uploaded = { path: string; name: string; sizeBytes: number }

/**
 * Nothing of a file stays if it does not arrive whole.
 * @param expectedBytes what the sender announced; null if it did not
 */
export async function receiveUpload(body: Readable, { name, folder, expectedBytes }: { name: string; folder: string; expectedBytes: number | null }): Promise<Uploaded> {
  const own = await mkdtemp(join(folder, 'upload-'))
  const kept = fileName(name, 'upload.jsonl')
  const path = join(own, kept)
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    await pipeline(body, file)
    if (expectedBytes !== null && file.bytesWritten !== expectedBytes) throw new Error(`Only ${file.bytesWritten} of ${expectedBytes} bytes arrived.`)
    return { path, name: kept, sizeBytes: file.bytesWritten }
  } catch (error) {
    await rm(own, { recursive: true, force: true })
    throw error
  }
}
