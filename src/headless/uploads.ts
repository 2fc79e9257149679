/** Files dropped on a served page: streamed to a folder of their own and granted to the page by handle. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { join } from 'node:path'

export type Uploaded = { path: string; name: string; sizeBytes: number }

/**
 * Nothing of a file stays if it does not arrive whole.
 * @param expectedBytes what the sender announced; null if it did not
 */
export async function receiveUpload(body: Readable, { name, folder, expectedBytes }: { name: string; folder: string; expectedBytes: number | null }): Promise<Uploaded> {
  const own = await mkdtemp(join(folder, 'upload-'))
  const path = join(own, fileName(name))
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    await pipeline(body, file)
    if (expectedBytes !== null && file.bytesWritten !== expectedBytes) throw new Error(`Only ${file.bytesWritten} of ${expectedBytes} bytes arrived.`)
    return { path, name: fileName(name), sizeBytes: file.bytesWritten }
  } catch (error) {
    await rm(own, { recursive: true, force: true })
    throw error
  }
}

/** The last part of whatever path was named, without what file systems refuse. */
export function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const plain = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_').replace(/^\.+/, '')
  const kept = Buffer.byteLength(plain) <= 200 ? plain : Buffer.from(plain).subarray(-200).toString('utf8').replace(/^\ufffd+/, '')
  return kept === '' ? 'upload.jsonl' : kept
}
