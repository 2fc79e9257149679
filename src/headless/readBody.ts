/** A request's body, whole, if it is small enough. */
import type { IncomingMessage } from 'node:http'

/** @returns null as soon as there are more than `limitBytes`; the rest is not read. Throws if the sender goes away. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let sizeBytes = 0
    request.on('data', (part: Buffer) => {
      sizeBytes += part.length
      if (sizeBytes <= limitBytes) return void parts.push(part)
      request.pause()
      resolve(null)
    })
    request.once('end', () => resolve(Buffer.concat(parts)))
    request.once('error', reject)
  })
}
