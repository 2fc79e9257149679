/** Views that came from outside (a file that was opened, a link that was followed), until a page takes them up. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { Refusal } from '#contract/reply'
import type { BroughtView } from '#contract/savedViews'
import { largestViewBytes, type ReadView, readViewLink, readViewText } from '#contract/viewFile'

/** Nobody looks at more of them; a page that never comes must not fill the memory. */
const mostWaiting = 20

export class BroughtViews {
  #waiting: BroughtView[] = []
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  async bring(what: { path: string } | { link: string }): Promise<void> {
    const from = 'path' in what ? basename(what.path) : 'a link'
    const read = await ('path' in what ? fileText(what.path).then(readViewText) : linked(what.link)).catch(toMistake)
    this.#waiting = [...this.#waiting, 'message' in read ? { kind: 'mistake' as const, from, message: read.message } : { kind: 'view' as const, from, ...read }].slice(-mostWaiting)
    this.#onChange()
  }

  /** Each is taken once. */
  take(): BroughtView[] {
    return this.#waiting.splice(0)
  }
}

async function linked(link: string): Promise<ReadView> {
  const read = readViewLink(link)
  if (read === null) throw new Refusal('bad-request', 'This link holds no view.')
  return read
}

/** Never more than a view may have, whatever the file turns out to be. */
async function fileText(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    if (!(await file.stat()).isFile()) throw new Refusal('bad-request', `${basename(path)} is no file.`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(largestViewBytes + 1), 0, largestViewBytes + 1, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

function toMistake(error: unknown): { message: string } {
  if (error instanceof Refusal) return { message: error.message }
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) throw error
  return { message: code === 'ENOENT' ? 'The file is not there.' : `The file cannot be read (${code}).` }
}
