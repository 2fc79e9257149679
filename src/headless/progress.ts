/** How far a long task is, on stderr: one line that is written over, and nothing at all where nobody looks. */
import type { WriteStream } from 'node:tty'

const quietMs = 500
const everyMs = 100

export type Progress = { show: (line: string) => void; end: () => void }

/** Silent for the first half second, and for good unless stderr is a terminal. */
export function progressLine(stderr: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>, now: () => number = Date.now): Progress {
  const startedAt = now()
  let shownAt = 0
  let shown = false
  return {
    show: (line) => {
      const at = now()
      if (!stderr.isTTY || at - startedAt < quietMs || at - shownAt < everyMs) return
      shownAt = at
      shown = true
      stderr.write(`\r\u001b[K${line.slice(0, Math.max(0, (stderr.columns || 80) - 1))}`)
    },
    end: () => {
      if (shown) stderr.write('\r\u001b[K')
      shown = false
    }
  }
}
