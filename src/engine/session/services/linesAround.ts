/** Lines of a text around a place, read in small pieces: neighbours may be hundreds of megabytes long. */

/** As much as there is, from a byte on. */
export type ReadBytes = (byte: number, sizeBytes: number) => Promise<Uint8Array>

export type ShownLine = { line: number; byte: number; text: string; cut: boolean; bad: boolean }

const newline = 0x0a
const pieceBytes = 64 * 1024
/** A neighbour that goes on for longer is shown without its beginning. */
const farthestBytes = 8 * 1024 * 1024

export async function linesAround(read: ReadBytes, { byte, line, lines, lineLength }: { byte: number; line: number; lines: number; lineLength: number }): Promise<ShownLine[]> {
  const starts = [{ byte, line, isStart: true }]
  for (let i = 0; i < lines; i++) {
    const first = starts[0]
    if (first === undefined || first.byte === 0 || !first.isStart) break
    starts.unshift({ ...(await startOfLineBefore(read, first.byte)), line: first.line - 1 })
  }
  for (let i = 0; i < lines; i++) {
    const last = starts.at(-1)
    const next = last && (await startOfNext(read, last.byte))
    if (last === undefined || next === null || next === undefined) break
    starts.push({ byte: next, line: last.line + 1, isStart: true })
  }
  const shown = await Promise.all(starts.map((start) => show(read, start, lineLength)))
  return shown.map((one) => ({ ...one, bad: one.line === line }))
}

/** @param byte the first byte of a line */
async function startOfLineBefore(read: ReadBytes, byte: number): Promise<{ byte: number; isStart: boolean }> {
  let end = byte - 1
  while (end > 0 && byte - end < farthestBytes) {
    const from = Math.max(0, end - pieceBytes)
    const found = Buffer.from(await read(from, end - from)).lastIndexOf(newline)
    if (found >= 0) return { byte: from + found + 1, isStart: true }
    end = from
  }
  return { byte: end, isStart: end === 0 }
}

/** Null if the text ends before another line begins, or that is too far away. */
async function startOfNext(read: ReadBytes, byte: number): Promise<number | null> {
  for (let from = byte; from - byte < farthestBytes; from += pieceBytes) {
    const piece = Buffer.from(await read(from, pieceBytes))
    const found = piece.indexOf(newline)
    if (found >= 0) return (found + 1 < piece.length || (await read(from + found + 1, 1)).length > 0) ? from + found + 1 : null
    if (piece.length < pieceBytes) return null
  }
  return null
}

async function show(read: ReadBytes, { byte, line, isStart }: { byte: number; line: number; isStart: boolean }, lineLength: number): Promise<Omit<ShownLine, 'bad'>> {
  // No character takes more than four bytes; one byte more shows whether the line ends there.
  const bytes = Buffer.from(await read(byte, lineLength * 4 + 4))
  const end = bytes.indexOf(newline)
  const whole = (end < 0 ? bytes : bytes.subarray(0, end)).toString().replace(/\r$/, '')
  const isWhole = whole.length <= lineLength && (end >= 0 || bytes.length < lineLength * 4 + 4)
  return { line, byte, text: isWhole ? whole : wellFormed(whole.slice(0, lineLength)), cut: !isWhole || !isStart }
}

/** Without the half of a character that the cut left at the end. */
function wellFormed(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}
