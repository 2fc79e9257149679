/** One line on a terminal that stays at the bottom and is written over, with whatever else is said above it. */
import type { WriteStream } from 'node:tty'
import { fit } from './terminalText.ts'

export type StandingLine = {
  /** Null where nobody looks. */
  show: ((line: string) => void) | null
  above: (note: (text: string) => void) => (text: string) => void
  end: () => void
}

export function standingLine(stream: Pick<WriteStream, 'isTTY' | 'columns' | 'write'>): StandingLine {
  if (!stream.isTTY) return { show: null, above: (note) => note, end: () => undefined }
  let shown = ''
  const draw = (): void => void stream.write(`\r\u001b[K${fit(shown, Math.max(1, (stream.columns || 80) - 1))}`)
  return {
    show: (line) => {
      if (line === shown) return
      shown = line
      draw()
    },
    above: (note) => (text) => {
      if (shown !== '') stream.write('\r\u001b[K')
      note(text)
      if (shown !== '') draw()
    },
    end: () => {
      if (shown !== '') stream.write('\n')
      shown = ''
    }
  }
}
