/** Folders made on the way to a place that a person named. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Refusal } from '#contract/reply'

/**
 * As `mkdirSync` with `recursive`, which never returns where a file system answers "no such file" to a new name in a folder that is
 * there (/proc does, and so do places that are mounted as they are asked for). @throws Refusal `unavailable`
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent, mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new Refusal('unavailable', `The folder ${path} cannot be made: ${(error as Error).message}.`)
  }
}
