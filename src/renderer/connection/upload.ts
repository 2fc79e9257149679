/** Sends a dropped file to the server that holds the engine, with progress; served mode only. */
import { token } from './token.ts'

export type Upload = { handle: string } | { message: string }

/** XMLHttpRequest, because fetch tells nothing of bytes sent. */
export function upload(file: File, { onProgress, signal }: { onProgress: (sentBytes: number) => void; signal: AbortSignal }): Promise<Upload> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('authorization', `Bearer ${token()}`)
    request.responseType = 'json'
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded))
    request.addEventListener('load', () => resolve(read(request)))
    request.addEventListener('error', () => resolve({ message: `${file.name} could not be sent: the connection broke.` }))
    request.addEventListener('abort', () => resolve({ message: `Sending ${file.name} was stopped.` }))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function read(request: XMLHttpRequest): Upload {
  const body = request.response as { ok?: boolean; value?: { handle?: unknown }; handle?: unknown; error?: { message?: unknown } } | null
  const handle = body?.value?.handle ?? body?.handle
  if (request.status < 300 && typeof handle === 'string') return { handle }
  return { message: typeof body?.error?.message === 'string' ? body.error.message : `The server refused the file (HTTP ${request.status}).` }
}
