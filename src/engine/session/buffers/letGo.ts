/** Deletes a file that is still the one that was read, and nothing that has been written to it since. */
import { link, lstat, rename, unlink } from 'node:fs/promises'
import { leavingEnding } from './bufferFiles.ts'
import { type FileMark, isSameFile } from './bufferLines.ts'

/**
 * It is put aside first: what a writer begins from then on is a new file, and what it finished before is seen.
 * @returns null if it is gone, else why it was left, as a sentence
 */
export async function letGo(path: string, read: FileMark, beforeStep: (step: 'delete' | 'unlink') => void = () => undefined): Promise<string | null> {
  if (!(await isStill(path, read))) return 'It was changed since it was read: do it again once nothing writes to it.'
  beforeStep('delete')
  const aside = path.endsWith(leavingEnding) ? path : `${path}${leavingEnding}`
  try {
    if (aside !== path) {
      if (await lstat(aside).then(() => true, () => false)) return `${aside} is in the way: do it again, which joins that first.`
      await rename(path, aside)
    }
    if (await isStill(aside, read)) {
      beforeStep('unlink')
      await unlink(aside)
      return null
    }
    return await backAgain(aside, path)
  } catch (error) {
    return `It could not be deleted: ${error instanceof Error ? error.message : String(error)}.`
  }
}

/** Never over another file that has taken the name meanwhile. */
async function backAgain(aside: string, path: string): Promise<string> {
  if (aside === path) return 'It was changed since it was read: do it again once nothing writes to it.'
  try {
    await link(aside, path)
    await unlink(aside)
    return 'It was written to at this very moment, and is left: do it again once nothing writes to it.'
  } catch {
    return `It was written to at this very moment, and is left as ${aside}: do it again, which joins that too.`
  }
}

async function isStill(path: string, read: FileMark): Promise<boolean> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  return found !== null && found.isFile() && isSameFile(found, read)
}
