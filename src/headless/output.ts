/** Results on stdout: as fast as the reader takes them, and quietly over when it goes away. */
import type { Writable } from 'node:stream'

export type Output = {
  write: (text: string) => Promise<void>
  /** Aborted when nobody reads any more (`… | head`). */
  closed: AbortSignal
}

export function outputTo(stream: Writable): Output {
  const closed = new AbortController()
  let fault: Error | null = null
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') fault = error
    closed.abort(error)
  })
  return {
    closed: closed.signal,
    write: async (text) => {
      if (fault) throw fault
      if (closed.signal.aborted || stream.write(text)) return
      await new Promise<void>((resolve) => {
        const go = (): void => {
          stream.off('drain', go)
          closed.signal.removeEventListener('abort', go)
          resolve()
        }
        stream.on('drain', go)
        closed.signal.addEventListener('abort', go, { once: true })
      })
    }
  }
}
